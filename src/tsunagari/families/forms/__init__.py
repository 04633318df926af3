"""What is typed about families, as clean values."""
