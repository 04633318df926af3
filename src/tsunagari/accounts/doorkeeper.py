"""Who keeps which door: tablets theirs, people all others (settings.DOORKEEPER)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tsunagari.accounts import devices, sessions
from tsunagari.base.access import Action


def keeper(
    request: HttpRequest, action: Action, view: Callable[[], HttpResponse], *, quiet: bool = False
) -> HttpResponse:
    """See devices.keeper and sessions.keeper."""
    if devices.is_for_devices(action):
        return devices.keeper(request, action, view)
    return sessions.keeper(request, action, view, quiet=quiet)
