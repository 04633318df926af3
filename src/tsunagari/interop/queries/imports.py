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


def import_of(actor: Actor, import_id: int, *, roster: bool, whole: bool = False) -> Import | None:
    """One import the actor may see: a roster with its agency, or one of the city's lists. Without its bytes, unless
    `whole`."""
    rows = Import.objects.visible_to(actor).filter(pk=import_id)
    if not whole:
        rows = rows.defer(*_HEAVY)
    if roster:
        return rows.filter(kind=Import.Kind.ROSTER, agency__isnull=False).select_related("agency").first()
    return rows.exclude(kind=Import.Kind.ROSTER).first()
