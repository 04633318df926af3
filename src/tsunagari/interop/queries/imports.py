"""Reads of imports for the screens: lists never load the file itself."""

from __future__ import annotations

from django.db.models import QuerySet

from tsunagari.base.actor import Actor
from tsunagari.interop.models import Import

_HEAVY = ("content", "rejected_file")


def imports(actor: Actor) -> QuerySet[Import]:
    """Imports of the town, newest first."""
    rows = Import.objects.visible_to(actor).select_related("agency").defer(*_HEAVY, "samples")
    return rows.order_by("-created_at", "-pk")


def light(actor: Actor) -> QuerySet[Import]:
    """One import for its page, without the bytes."""
    return Import.objects.visible_to(actor).defer(*_HEAVY)
