"""Partners to choose from where there are many: those an agency turns to most, and those a word is found in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain

from django.db.models import Q, QuerySet

from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Consultation, Partner

OFFERED = 40  # at once on a form, when these are all
USED = 12  # at once, of more than those
FOUND = 20  # at once, by a word
LOOKED_BACK = 500  # records of the agency, the newest


@dataclass(frozen=True, slots=True)
class PartnerChoice:
    """Somebody one can turn to; `kind` is a code of 質問7(3)."""

    id: int
    name: str
    kind: int
    phone: str = ""
    ended: bool = False


def with_words(rows: QuerySet[Partner], text: str) -> QuerySet[Partner]:
    """Those of the rows of which every word of the text is said."""
    for word in text.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(place__icontains=word)
            | Q(phone__contains=word)
            | Q(note__icontains=word)
        )
    return rows


def found_partners(actor: Actor, text: str) -> list[PartnerChoice]:
    """Partners of which every word of the text is said, in the town's order: FOUND and one more where there are more;
    none for no word. One query."""
    if not text.split():
        return []
    rows = with_words(Partner.objects.visible_to(actor).filter(ended_on__isnull=True), text)
    return [_choice(row) for row in rows.order_by("kind", "position", "pk")[: FOUND + 1]]


def most_used(actor: Actor) -> list[PartnerChoice]:
    """Whom the agency's newest records name, the most often named first; nobody who ended. Two queries."""
    newest = Consultation.objects.filter(agency_id=actor.agency_id or 0).order_by("-occurred_at")[
        :LOOKED_BACK
    ]
    times = Counter(
        chain.from_iterable((*told, *linked) for told, linked in newest.values_list("told", "linked"))
    )
    best = [pk for pk, _ in times.most_common(USED)]
    found = Partner.objects.visible_to(actor).filter(ended_on__isnull=True).in_bulk(best)
    return [_choice(found[pk]) for pk in best if pk in found]


def _choice(row: Partner) -> PartnerChoice:
    return PartnerChoice(row.pk, row.name, row.kind, row.phone, row.ended_on is not None)
