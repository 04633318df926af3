"""What somebody who leaves is in charge of. Accounts do not know: settings.LEAVING names the module that does."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from django.conf import settings

from tsunagari.accounts.models import Membership
from tsunagari.base.actor import Actor


class Keeper(Protocol):
    """`still_owned`: what the holder of a membership is in charge of, in words. `settle`: the membership got its end;
    whoever stands in is in charge from its last day on. DomainError when nobody can."""

    def still_owned(self, membership: Membership) -> list[str]: ...
    def settle(self, membership: Membership, *, actor: Actor) -> None: ...


def keeper() -> Keeper:
    """The module that settings name."""
    return cast(Keeper, import_module(settings.LEAVING))
