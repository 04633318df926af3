"""Where 支援措置 on a family comes from: a person said so, or a protected family was joined into it."""

from __future__ import annotations

from datetime import datetime

from tsunagari.families.models import HouseholdJoin, HouseholdRevision


def decided_since(household_id: int, moment: datetime) -> bool:
    """Whether somebody put the family under 支援措置, or took it off, at that moment or later."""
    said = HouseholdRevision.objects.filter(household=household_id, changed_at__gte=moment)
    return said.filter(before__has_key="protected").exists()


def by_join_alone(household_id: int) -> bool:
    """Whether only a family that stands joined here brought 支援措置, and nobody has decided on it since."""
    standing = HouseholdJoin.objects.filter(target=household_id, parted_at__isnull=True)
    brought = standing.filter(moved__filled__household__has_key="protected").order_by("-joined_at").first()
    return brought is not None and not decided_since(household_id, brought.joined_at)
