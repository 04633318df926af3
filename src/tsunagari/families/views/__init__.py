"""Pages about families; the family page itself is the desk's."""
