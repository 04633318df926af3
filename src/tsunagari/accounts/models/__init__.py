"""People who work with the system, where they work, what they can, and the tablets at the doors."""

from tsunagari.accounts.models.people import (
    Accounts,
    Device,
    DeviceQuerySet,
    Membership,
    MembershipQuerySet,
    User,
)
from tsunagari.accounts.models.skills import Course, Qualification, Supervision, Training

__all__ = [
    "Accounts",
    "Course",
    "Device",
    "DeviceQuerySet",
    "Membership",
    "MembershipQuerySet",
    "Qualification",
    "Supervision",
    "Training",
    "User",
]
