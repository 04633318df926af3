"""Tsunagari: community child-rearing consultation agencies of Japan."""
