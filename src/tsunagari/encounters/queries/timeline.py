"""One line of everything that happened with a family, over agencies, within what the actor may see."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import JSONObject

from tsunagari.base import clock
from tsunagari.base.access import Role
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.encounters import access
from tsunagari.encounters.models import (
    ChartEntry,
    Consent,
    Consultation,
    ConsultationPerson,
    Sight,
    Visit,
    VisitPerson,
)
from tsunagari.encounters.queries.names import agency_names, person_name
from tsunagari.encounters.queries.roster import first_marked
from tsunagari.encounters.queries.timeline_items import KINDS, Timeline, TimelineItem, parse_key
from tsunagari.encounters.rules import CATEGORY, CHANNELS, CONSENTS, MASK, masks_agency, sees_other_agencies
from tsunagari.families.models import AgencyLink, Household, Person, Registration
from tsunagari.families.queries import FamilyRows
from tsunagari.places.models import Municipality

EXCERPT = 240


@dataclass(frozen=True, slots=True)
class _Window:
    """Which rows a page needs: those after `cursor`, at most `limit` of each kind and one more."""

    actor: Actor
    household: Household
    family: FamilyRows
    others: bool
    cursor: tuple[datetime, int, int] | None
    limit: int

    def rows(self, source: Any) -> list[Any]:
        """Rows of `source`, which cuts with _cut."""
        moment, rank, pk = self.cursor or (None, None, None)
        if rank is not None:  # each rank is a statement of its own: not as many as one can type
            rank = min(max(rank, 0), 9)
        return source(  # type: ignore[no-any-return]
            self.actor, self.household.pk, moment, pk, rank=rank, others=self.others, limit=self.limit
        )


def _cut(
    rows: QuerySet[Any],
    at: str,
    own_rank: int,
    actor: Actor,
    cursor: tuple[datetime | None, int | None, int | None],
    others: bool,
    limit: int,
) -> QuerySet[Any]:
    moment, rank, pk = cursor
    if moment is not None and rank is not None:
        same = Q(**{at: moment})
        tie = same if own_rank < rank else same & Q(pk__lt=pk) if own_rank == rank else Q(pk__in=[])
        rows = rows.filter(Q(**{f"{at}__lt": moment}) | tie)
    if not others:
        rows = rows.filter(agency_id=actor.agency_id)
    return rows.order_by(f"-{at}", "-pk")[: limit + 1]


def timeline(
    actor: Actor,
    household: Household,
    *,
    before: str | None = None,
    limit: int = 30,
    kinds: Collection[str] | None = None,
    rows_of: FamilyRows | None = None,
) -> Timeline:
    """What happened with the family, newest first. At most seven queries, however long the history.

    `before` is TimelineItem.key; a text that is none starts at the top. `kinds` narrows to some of KINDS. `rows_of`
    shares rows with the head. The caller has made sure that the actor may see the household.
    """
    family = rows_of or FamilyRows(household)
    chosen = frozenset(kinds or KINDS) & frozenset(KINDS)
    window = _Window(actor, household, family, sees_others(actor, household), parse_key(before), limit)
    items = [item for source in _sources(chosen) for item in source(window)]
    if window.cursor is not None:
        items = [item for item in items if item.sort_key < window.cursor]
    items.sort(key=lambda item: item.sort_key, reverse=True)
    more = items[limit - 1].key if len(items) > limit else ""
    page = _with_agencies(_day_by_day(items[:limit]), actor, household)
    return Timeline(page, more, chosen, others_hidden=not window.others)


def _day_by_day(items: list[TimelineItem]) -> list[TimelineItem]:
    """Within a day what has a time to show comes first, the newest first; what shows the day alone stands below it."""
    return sorted(items, key=lambda item: (item.day, item.has_time), reverse=True)


def _sources(kinds: frozenset[str]) -> list[Any]:
    sources = {
        "visit": [_visits],
        "record": [_records],
        "registration": [_registrations],
        "family": [_joins, _people, _moves],
    }
    return [source for kind, found in sources.items() if kind in kinds for source in found]


def sees_others(actor: Actor, household: Household) -> bool:
    """Whether other agencies' use of the family is shown to the actor, by the municipality's rule. One query.

    An agency that only typed the family in, or has it from an old register, sees the family and not where it goes.
    """
    [(scope, known)] = _history_scope(actor, household.pk, clock.today())
    return sees_other_agencies(actor, scope, known)


@prepared
def _history_scope(actor: Actor, household: int, day: date) -> QuerySet[Municipality, tuple[str, bool]]:
    ours = Registration.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day),
        household=household,
        agency_id=actor.agency_id or 0,
        starts_on__lte=day,
    )
    linked = AgencyLink.objects.filter(
        household=household, agency_id=actor.agency_id or 0, last_met_on__isnull=False
    )
    town = Municipality.objects.filter(pk=actor.municipality_id)
    return town.annotate(known=Exists(ours) | Exists(linked)).values_list("history_scope", "known")


@prepared
def _visit_rows(
    actor: Actor,
    household: int,
    moment: datetime | None,
    pk: int | None,
    *,
    rank: int | None,
    others: bool,
    limit: int,
) -> QuerySet[Visit, Visit]:
    people = VisitPerson.objects.filter(visit=OuterRef("pk")).order_by("pk")
    rows = first_marked(Visit.objects.filter(household=household, undone_at__isnull=True)).annotate(
        came=ArraySubquery(people.values(json=_name("visit__household"))), site_name=F("site__name")
    )
    return _cut(rows, "arrived_at", 2, actor, (moment, rank, pk), others, limit)


@prepared
def _record_rows(
    actor: Actor,
    household: int,
    moment: datetime | None,
    pk: int | None,
    *,
    rank: int | None,
    others: bool,
    limit: int,
) -> QuerySet[Consultation, Consultation]:
    people = ConsultationPerson.objects.filter(consultation=OuterRef("pk")).order_by("pk")
    charts = ChartEntry.objects.filter(
        consultation=OuterRef("pk"), chart__agency=actor.agency_id or 0, taken_out_at__isnull=True
    )
    rows = Consultation.objects.filter(household=household).annotate(
        came=ArraySubquery(people.values(json=_name("consultation__household"))), in_chart=Exists(charts)
    )
    return _cut(rows, "occurred_at", 3, actor, (moment, rank, pk), others, limit)


def _visits(window: _Window) -> Iterator[TimelineItem]:
    for row in window.rows(_visit_rows):
        at = row.arrived_at.astimezone(clock.TOKYO)
        bare = TimelineItem("visit", at, 2, row.pk, KINDS["visit"], agency_id=row.agency_id, readable=False)
        if row.agency_id != window.actor.agency_id:
            yield bare
            continue
        yield replace(
            bare,
            readable=True,
            has_time=True,
            site=row.site_name or "",
            people="、".join(_called(person) for person in row.came),
            first=row.first,
            text=row.note,
        )


def _records(window: _Window) -> Iterator[TimelineItem]:
    for row in window.rows(_record_rows):
        at = row.occurred_at.astimezone(clock.TOKYO)
        bare = TimelineItem("record", at, 3, row.pk, KINDS["record"], agency_id=row.agency_id, readable=False)
        yield _record(bare, row) if may_read(window.actor, row) else bare


def may_read(actor: Actor, row: Consultation) -> bool:
    """The rule of ConsultationQuerySet.visible_to for one row that was loaded for the time line."""
    if actor.agency_id is None or not actor.may(access.READ_RECORD):
        return False
    own = actor.agency_id in (row.agency_id, row.held_by_id)
    if actor.scope == "municipality":
        return own or row.consent == Consent.GIVEN
    narrow = row.sight != Sight.USUAL and actor.role != Role.MANAGER and row.author_id != actor.user_id
    return own and not narrow


def _record(bare: TimelineItem, row: Any) -> TimelineItem:
    return replace(
        bare,
        readable=True,
        has_time=True,
        title=f"相談：{CATEGORY[row.main_category].short}" if row.main_category in CATEGORY else "相談",
        who=row.author_name,
        people="、".join(_called(person) for person in row.came),
        text=row.content if len(row.content) <= EXCERPT else f"{row.content[:EXCERPT]}…",
        chips=(
            CHANNELS.get(row.channel, ""),
            *(CATEGORY[c].short for c in row.categories[1:] if c in CATEGORY),
        ),
        consent=row.consent,
        consent_label=CONSENTS.get(row.consent, ""),
        next_step=row.next_step,
        next_on=row.next_on,
        next_result=row.next_result,
        next_done=row.next_done_at is not None,
        corrected=row.version > 1,
        in_chart=row.in_chart,
    )


def _registrations(window: _Window) -> Iterator[TimelineItem]:
    for row in window.family.registrations:
        if not window.others and row.agency_id != window.actor.agency_id:
            continue
        title = "かかりつけの登録" if row.is_home else "登録"
        source = Registration.Source(row.source).label
        yield TimelineItem(
            "registration",
            clock.at(row.starts_on),
            1,
            row.pk,
            title,
            agency_id=row.agency_id,
            text=f"きっかけ：{source}",
        )
        if row.ends_on:
            yield TimelineItem(
                "registration",
                clock.at(row.ends_on),
                0,
                row.pk,
                f"{title}の終わり",
                agency_id=row.agency_id,
                text=row.end_reason,
            )


def _joins(window: _Window) -> Iterator[TimelineItem]:
    for row in window.family.joins:
        joined = row.joined_at.astimezone(clock.TOKYO)
        name = f"「{row.nickname}」の家庭" if row.nickname else "べつに登録されていた家庭"
        yield TimelineItem("family", joined, 4, row.pk, f"{name}をまとめた", has_time=True)
        if row.parted_at is not None:
            at = row.parted_at.astimezone(clock.TOKYO)
            yield TimelineItem("family", at, 5, row.pk, f"{name}を分けた", has_time=True)


def _people(window: _Window) -> Iterator[TimelineItem]:
    """Births; nothing is said of a pregnancy that ended or of the dead."""
    for person in window.family.people:
        if (person.kind, person.life) != (Person.Kind.CHILD, Person.Life.LIVING) or person.birth_date is None:
            continue
        yield TimelineItem("family", clock.at(person.birth_date), 6, person.pk, f"{person_name(person)} 誕生")


def _moves(window: _Window) -> Iterator[TimelineItem]:
    for day, title, rank in (
        (window.household.moved_in_on, "転入", 7),
        (window.household.moved_out_on, "転出", 8),
    ):
        if day is not None:
            yield TimelineItem("family", clock.at(day), rank, window.household.pk, title)


def _with_agencies(items: list[TimelineItem], actor: Actor, household: Household) -> list[TimelineItem]:
    """The agency's name of that day on each item, hidden where a protected family used another agency."""
    names = agency_names((item.agency_id, item.day) for item in items if item.agency_id is not None)
    return [
        item
        if item.agency_id is None
        else replace(
            item,
            agency=MASK
            if masks_agency(actor, item.agency_id, protected=household.protected)
            else names[item.agency_id, item.day],
        )
        for item in items
    ]


def _name(family: str) -> JSONObject:
    """What a person is called by; nothing but who they are when their own home is not `family` and is protected."""
    guarded = Q(person__household__protected=True) & ~Q(person__household=F(family))
    named = {
        name: Case(When(guarded, then=Value("")), default=F(f"person__{field}"))
        for name, field in (
            ("family", "family_name"),
            ("given", "given_name"),
            ("nickname", "nickname"),
        )
    }
    return JSONObject(kind="person__kind", relation="person__relation", **named)


def _called(person: dict[str, str]) -> str:
    if person["kind"] == Person.Kind.CHILD:
        return person["given"] or person["nickname"] or "お子さん"
    return person["relation"] or f"{person['family']} {person['given']}".strip() or "保護者"
