"""Reads about people who work here, by topic."""

from tsunagari.accounts.queries.people import (
    DeviceLine,
    StaffFilters,
    StaffLine,
    Workplace,
    devices,
    has_second_factor,
    holds,
    kept_on_devices,
    leaving,
    missing_step,
    staff,
    staff_lines,
    staff_member,
    workplaces,
)

__all__ = [
    "DeviceLine",
    "StaffFilters",
    "StaffLine",
    "Workplace",
    "devices",
    "has_second_factor",
    "holds",
    "kept_on_devices",
    "leaving",
    "missing_step",
    "staff",
    "staff_lines",
    "staff_member",
    "workplaces",
]
