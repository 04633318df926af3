"""Rules about people who work here, by topic."""

from tsunagari.accounts.rules.people import (
    LOGIN_NAME,
    MembershipInput,
    StaffInput,
    one_time_password,
)

__all__ = [
    "LOGIN_NAME",
    "MembershipInput",
    "StaffInput",
    "one_time_password",
]
