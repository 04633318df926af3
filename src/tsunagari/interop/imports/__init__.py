"""Reading the city's lists: columns are declared, plans are pure comparisons, applying is one transaction."""
