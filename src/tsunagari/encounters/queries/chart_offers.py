"""What was recorded before at the agency and may belong into a chart: the family's, and what nobody's name is on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import ChartEntry, Consultation, Visit
from tsunagari.encounters.queries.chart_page import moment_key
from tsunagari.encounters.rules import CATEGORY, CHANNELS
from tsunagari.encounters.rules.charts import SHORTEST_WORD, same_words, telling_words
from tsunagari.families.models import Household, Person

PAGE = 50
EXCERPT = 120
#: How far back records about nobody known are looked through, and how many at most.
NAMELESS_WITHIN = timedelta(days=731)
MOST_NAMELESS = 2_000
MOST_LIKELY = 20


@dataclass(frozen=True, slots=True)
class Offer:
    """A record that may go into the chart. `why` says why one about nobody known is offered."""

    id: int
    at: datetime
    author_name: str
    channel: str
    category: str
    content: str
    who_hint: str = ""
    why: str = ""

    @property
    def key(self) -> str:
        return f"{self.at.isoformat()}_{self.id}"


@dataclass(frozen=True, slots=True)
class Offers:
    """`known` are the family's own records, `likely` may be about it; `more` is the key of the next page of `known`."""

    known: list[Offer]
    likely: list[Offer]
    total: int = 0
    more: str = ""


def offers(actor: Actor, household: Household, *, chart_id: int = 0, before: str = "") -> Offers:
    """Records of the actor's agency that are not in the chart yet, newest first. At most six queries."""
    inside = ChartEntry.objects.filter(
        consultation=OuterRef("pk"), chart_id=chart_id, taken_out_at__isnull=True
    )
    mine = Consultation.objects.kept_by(actor).filter(~Exists(inside))
    known = mine.filter(household=household)
    total = known.count()
    if (cursor := moment_key(before)) is not None:
        at, pk = cursor
        known = known.filter(Q(occurred_at__lt=at) | Q(occurred_at=at, pk__lt=pk))
    rows = [_offer(row) for row in known.order_by("-occurred_at", "-pk")[: PAGE + 1]]
    likely = [] if before else _likely(actor, household)
    return Offers(rows[:PAGE], likely, total, rows[PAGE - 1].key if len(rows) > PAGE else "")


def chosen(actor: Actor, ids: list[int]) -> list[Consultation]:
    """The records of these ids, of those the actor may read."""
    return list(Consultation.objects.visible_to(actor).filter(pk__in=ids))


def _likely(actor: Actor, household: Household) -> list[Offer]:
    """Records about nobody known whose 「どんな人」 has a word the family is called by, or that were written on a day it
    came. The telling ones first."""
    names = _called_by(household)
    days = _days_of_visits(actor, household)
    since = clock.now() - NAMELESS_WITHIN
    rows = Consultation.objects.own_of(actor).filter(household__isnull=True, occurred_at__gte=since)
    why: dict[int, str] = {}
    later: dict[int, str] = {}
    light = rows.order_by("-occurred_at", "-pk").values_list("pk", "who_hint", "occurred_on")
    for pk, hint, day in light[:MOST_NAMELESS]:
        if words := same_words(hint, names):
            why[pk] = f"「{'」「'.join(sorted(words))}」が同じ"
        elif day in days:
            later[pk] = "この家庭が来た日"
    chosen = dict([*why.items(), *later.items()][:MOST_LIKELY])
    found = Consultation.objects.in_bulk(chosen)
    return [_offer(found[pk], reason) for pk, reason in chosen.items()]


def _called_by(household: Household) -> list[str]:
    fields = ("family_name", "given_name", "family_kana", "given_kana", "nickname")
    people = Person.objects.filter(household=household).values_list(*fields)
    words = [word for person in people for word in person if len(word) >= SHORTEST_WORD]
    nicknames = Household.objects.filter(Q(pk=household.pk) | Q(joined_into=household))
    told = nicknames.exclude(nickname="").values_list("nickname", flat=True)
    return [*words, *(word for nickname in told for word in telling_words(nickname))]


def _days_of_visits(actor: Actor, household: Household) -> set[date]:
    visits = Visit.objects.filter(
        household=household,
        agency_id=actor.agency_id or 0,
        undone_at__isnull=True,
        arrived_at__gte=clock.now() - NAMELESS_WITHIN,
    )
    return set(visits.values_list("visited_on", flat=True))


def _offer(row: Consultation, why: str = "") -> Offer:
    return Offer(
        row.pk,
        row.occurred_at.astimezone(clock.TOKYO),
        row.author_name,
        CHANNELS.get(row.channel, ""),
        CATEGORY[row.main_category].short if row.main_category in CATEGORY else "",
        row.content if len(row.content) <= EXCERPT else f"{row.content[:EXCERPT]}…",
        row.who_hint,
        why,
    )
