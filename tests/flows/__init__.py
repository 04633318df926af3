"""Stories that need more than one process."""
