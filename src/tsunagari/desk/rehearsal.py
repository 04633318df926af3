"""The busy pages once through, in a town that does not exist and in a transaction that is taken back."""

from __future__ import annotations

from dataclasses import replace
from inspect import unwrap
from typing import Any
from uuid import uuid4

from django.contrib.messages.storage import default_storage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import resolve, reverse
from django_htmx.middleware import HtmxDetails

from tsunagari.accounts import devices, sessions
from tsunagari.accounts.models import Device
from tsunagari.accounts.signed_in import SessionStore as SignedIn
from tsunagari.base import clock, tenancy
from tsunagari.base.access import LABELS, SCOPES, Role, actions_of
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Draft
from tsunagari.encounters.operations import kiosk
from tsunagari.encounters.rules.kiosk import CARD, Reading
from tsunagari.families.models import Card, Household
from tsunagari.places.models import Agency, Municipality

NOWHERE = -1  # no row has this id
GUARDIAN = {"family_name": "試験", "family_kana": "シケン", "given_name": "花", "given_kana": "ハナ"}
CHILD = {"child0-given_name": "空", "child0-given_kana": "ソラ", "child0-birth_date": "2024-04-02"}
RECORD = {"content": "試験", "categories": "5", "main_category": "5", "channel": "visit", "consent": "given"}


class _Over(Exception):
    """The end of a rehearsal: takes everything back."""


def rehearse() -> None:
    """A counselor's morning: the day, a new family, its visit, a record of it, the search."""
    try:
        with tenancy.planned_once(), tenancy.municipality(NOWHERE, user_id=NOWHERE) as scope:
            _play(_counselor())
            scope.before_commit.append(_take_back)  # the last of them: the trail is rehearsed too
    except _Over:
        return


def _take_back() -> None:
    raise _Over


def _play(actor: Actor) -> None:
    SignedIn("nobody's").load()
    sessions.find_actor(NOWHERE, NOWHERE)
    devices.passage(devices.Key(NOWHERE, NOWHERE, ""))
    Municipality.objects.create(pk=NOWHERE, code="000000", name="どこにもない町")
    Agency.objects.create(pk=NOWHERE, municipality_id=NOWHERE, name="どこにもない機関")
    _visit(actor, reverse("today"))
    typed = {"key": str(uuid4()), "agency": str(NOWHERE), "is_home": "on", "different": "1", "count": "1"}
    _visit(actor, reverse("family_new"), typed | GUARDIAN | CHILD | {"phone": "09000000000"})
    household = Household.objects.get(municipality_id=NOWHERE)
    child = household.people.get(kind="child")
    came = {"key": str(uuid4()), "people": str(child.pk), "adults": "1"}
    _visit(actor, reverse("check_in", args=[household.pk]))
    _visit(actor, reverse("check_in", args=[household.pk]), came)
    _visit(actor, reverse("record_new"), {"household": str(household.pk)})
    draft = Draft.objects.get(municipality_id=NOWHERE)
    written = {"key": str(draft.key), "draft_version": str(draft.version), "people": str(child.pk)}
    _visit(actor, reverse("draft", args=[draft.pk]))
    _visit(actor, reverse("draft", args=[draft.pk]), written | RECORD | {"occurred_on": f"{clock.today()}"})
    _visit(actor, reverse("search"), {"q": "しけん"})
    _visit(actor, reverse("family", args=[household.pk]))
    _visit(actor, reverse("today"))
    _read_card(actor, Card.objects.get(municipality_id=NOWHERE))


def _read_card(actor: Actor, card: Card) -> None:
    """At a tablet of the agency."""
    device = Device(pk=NOWHERE, municipality_id=NOWHERE, agency_id=NOWHERE)
    reading = Reading(uuid4(), CARD, text=card.token)
    kiosk.read(reading, actor=replace(actor, role=Role.KIOSK, user_id=None, via="kiosk"), device=device)


def _counselor() -> Actor:
    role = Role.COUNSELOR
    return Actor(
        user_id=NOWHERE,
        name="",
        municipality_id=NOWHERE,
        role=role,
        role_label=LABELS[role],
        membership_id=NOWHERE,
        agency_id=NOWHERE,
        scope=SCOPES[role],
        actions=actions_of(role),
    )


def _visit(actor: Actor, path: str, sent: dict[str, str] | None = None) -> HttpResponse:
    """The page behind its door and whatever else is before it, as the keeper would call it."""
    request: Any = HttpRequest()
    request.path = request.path_info = path
    request.method, request.actor = "POST" if sent else "GET", actor
    request.session = SessionStore()  # of the kind without a row
    request.META |= {"SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    if sent:
        request.POST = QueryDict(mutable=True)
        request.POST.update(sent)
    request.htmx, request._messages = HtmxDetails(request), default_storage(request)
    request.resolver_match = resolve(path)
    page = request.resolver_match
    answer: HttpResponse = unwrap(page.func)(request, *page.args, **page.kwargs)
    if answer.status_code >= 400:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return answer
