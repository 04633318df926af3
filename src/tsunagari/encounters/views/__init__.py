"""Pages about visits and records."""
