"""Trail of sign-in: written before anybody's workplace is known, so it opens its own scope."""

from __future__ import annotations

from django.http import HttpRequest

from tsunagari.accounts.models import User
from tsunagari.accounts.sessions import client_ip
from tsunagari.audit import operations as audit
from tsunagari.audit.models import Entry
from tsunagari.base import tenancy
from tsunagari.base.access import Action
from tsunagari.base.actor import Actor


def keep(
    action: Action,
    request: HttpRequest,
    user: User | None,
    *,
    municipality_id: int = 0,
    outcome: str = Entry.Outcome.DONE,
    **detail: object,
) -> None:
    """One line about `user` (None: nobody we know).

    Municipality 0 is the installation. Detail: codes, no typed text.
    """
    user_id = user.pk if user is not None else None
    actor = Actor(user_id=user_id, name="", municipality_id=municipality_id, role="", ip=client_ip(request))
    with tenancy.municipality(municipality_id, user_id=user_id):
        audit.record(action, actor=actor, outcome=outcome, detail=detail or None)
