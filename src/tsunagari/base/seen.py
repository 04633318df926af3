"""One row of the town for a page: the row the actor may see, or 404."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model
from django.shortcuts import get_object_or_404

from tsunagari.base.actor import Actor

M = TypeVar("M", bound=Model)


def seen(model: type[M], actor: Actor, *related: str, **being: Any) -> M:
    """The row that is so (`pk=…`) among those of the model's `visible_to`; 404 otherwise. `related` comes with it."""
    rows = model._default_manager.visible_to(actor)  # type: ignore[attr-defined]
    found: M = get_object_or_404(rows.select_related(*related) if related else rows, **being)
    return found
