"""Doors are guarded or they do not open: every view carries @allow(action) or @public("why").

The keeper itself (who is this, where do they work now) lives in `accounts`; settings.DOORKEEPER names it, so
that every app from `places` upward can guard its own views.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any, Concatenate, Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from tsunagari.base import tenancy
from tsunagari.base.access import Action
from tsunagari.base.actor import Actor


class StaffRequest(HttpRequest):
    """A request behind a guarded door: the actor is known and the transaction is theirs."""

    actor: Actor


class Keeper(Protocol):
    def __call__(
        self, request: HttpRequest, action: Action, view: Callable[[], HttpResponse], *, quiet: bool = False
    ) -> HttpResponse: ...


type_view = Callable[Concatenate[StaffRequest, ...], HttpResponse]


def allow(
    action: Action, *, quiet: bool = False, busy: bool = False
) -> Callable[[type_view], Callable[..., HttpResponse]]:
    """Open the view to actors who have `action`, in a transaction of their municipality.

    Inside, `request.actor` is the Actor. A refusal is a 403 and is kept on the trail. A `quiet` door is knocked on by
    pages themselves, with nobody at the keys: it does not keep the session alive. At a `busy` one statements are
    planned once (`tenancy.planned_once`).
    """

    def guard(view: type_view) -> Callable[..., HttpResponse]:
        @wraps(view)
        def door(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            keeper: Keeper = import_string(settings.DOORKEEPER)
            with tenancy.planned_once() if busy else nullcontext():
                return keeper(request, action, lambda: view(request, *args, **kwargs), quiet=quiet)

        door.door, door.busy = action, busy  # type: ignore[attr-defined]
        return door

    return guard


def public(why: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Open the view to everybody, for the reason given."""

    def mark(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        view.door = why  # type: ignore[attr-defined]
        return view

    return mark
