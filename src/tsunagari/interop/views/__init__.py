"""Pages of imports: the city's lists, and old rosters."""
