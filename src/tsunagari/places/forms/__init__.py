"""Input about places, one module a topic."""
