"""A fictional town, the same every time. Nobody in it exists; nothing imports it but the command line."""
