"""Every write about places, one module a topic."""
