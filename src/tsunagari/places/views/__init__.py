"""Pages about places: agencies, designations, areas."""
