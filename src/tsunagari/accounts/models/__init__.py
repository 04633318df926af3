"""People who work with the system, where they work, what they can, and the tablets at the doors."""

from tsunagari.accounts.models.people import (
    Accounts,
    Device,
    Membership,
    MembershipQuerySet,
    User,
)
from tsunagari.accounts.models.skills import Course, Qualification, Supervision, Training

__all__ = [
    "Accounts",
    "Course",
    "Device",
    "Membership",
    "MembershipQuerySet",
    "Qualification",
    "Supervision",
    "Training",
    "User",
]
