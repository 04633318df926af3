"""Pages about sign-in and staff."""
