"""What a family last said about sharing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.encounters.models import Consent, Consultation
from tsunagari.families.models import Household

WORDS = {
    Consent.GIVEN: ("ok", "共有に同意"),
    Consent.REFUSED: ("bad", "共有しない"),
    Consent.ASKED: ("warn", "共有の返事待ち"),
}


@dataclass(frozen=True, slots=True)
class LastConsent:
    """The answer in words, the day it was noted, and the colour of its chip (ok, warn, bad)."""

    label: str
    on: date
    colour: str


def last_consent(actor: Actor, household: Household) -> LastConsent | None:
    """The newest answer among the records the actor may read; None when nobody asked. One query."""
    row = _answers.first(actor, household.pk)
    if row is None:
        return None
    colour, label = WORDS[Consent(row[0])]
    return LastConsent(label, row[1], colour)


@prepared
def _answers(actor: Actor, household: int) -> QuerySet[Consultation, tuple[str, date]]:
    rows = Consultation.objects.visible_to(actor).filter(household=household, consent__in=list(WORDS))
    return rows.order_by("-occurred_at", "-pk").values_list("consent", "occurred_on")[:1]
