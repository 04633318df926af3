"""Every write about people who work here, one module a topic."""
