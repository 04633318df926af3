"""What follows for a record from what others decided: its mark, whose its next step is, that its ids are the town's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from tsunagari.accounts.models import Membership, User
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError
from tsunagari.base.prepared import prepared
from tsunagari.encounters.models import Chart, Consultation, Partner, RecordMark, Sight, SubCategory
from tsunagari.encounters.rules import RecordInput
from tsunagari.families.models import Household


class Followed(TypedDict):
    """An open chart: the person it is of (None: the family) and who is in charge."""

    person: int | None
    owner: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A record with what follows, and the name of whom the next step belongs to."""

    record: RecordInput
    owner_name: str = ""


def filled(
    record: RecordInput,
    *,
    actor: Actor,
    former: Consultation | None = None,
    writer: tuple[int | None, str] | None = None,
    household: Household | None = None,
) -> Filled:
    """The record as it is to be kept; `former` is the one that is corrected. An ordinary record asks nothing.

    A mark for few readers narrows the record. A next step without an owner belongs to whoever is in charge of the
    family's open chart at the agency, else to the `writer` (default: the actor); as long as the step stays, so does its
    owner.
    `household` with `with_charts`
    spares asking. Raises DomainError when a mark, partner, finer category or owner is not the town's.
    """
    record = narrowed(record, mark_of(record, former))
    _require_details(record.details, actor)
    _require_partners(record, actor)
    writer = writer or (actor.user_id, actor.name)
    return _owned(record, actor, former, writer, getattr(household, "followed", None))


def mark_of(record: RecordInput, former: Consultation | None = None) -> RecordMark | None:
    """The record's mark. One that is used no more can stay on a record that has it, and go on no other."""
    if record.mark_id is None:
        return None
    mark = _mark.first(record.mark_id)
    kept = former is not None and former.mark_id == record.mark_id
    if mark is None or (mark.ended_on is not None and not kept):
        raise DomainError("この印は、いまは使われていません。えらびなおしてください。", field="mark_id")
    return mark


@prepared
def _mark(mark: int) -> QuerySet[RecordMark, RecordMark]:
    return RecordMark.objects.filter(pk=mark)


def narrowed(record: RecordInput, mark: RecordMark | None) -> RecordInput:
    """The record with no more readers than its mark leaves it."""
    if mark is None or mark.sight == Sight.USUAL:
        return record
    return replace(record, sight=mark.sight)


def _require_details(ids: Iterable[int], actor: Actor) -> None:
    wanted = set(ids)
    rows = SubCategory.objects.filter(pk__in=wanted, municipality_id=actor.municipality_id)
    if wanted and rows.count() != len(wanted):
        raise DomainError("細かい分類をえらびなおしてください。", field="details")


def _require_partners(record: RecordInput, actor: Actor) -> None:
    """Those told and those turned to, asked for together."""
    wanted = {*record.told, *record.linked}
    if not wanted:
        return
    rows = Partner.objects.filter(pk__in=wanted, municipality_id=actor.municipality_id)
    there = set(rows.values_list("pk", flat=True))
    for field, ids, label in (
        ("told", record.told, "情報を伝えた先"),
        ("linked", record.linked, "つないだ先"),
    ):
        if not there.issuperset(ids):
            raise DomainError(f"{label}をえらびなおしてください。", field=field)


def _owned(
    record: RecordInput,
    actor: Actor,
    former: Consultation | None,
    writer: tuple[int | None, str],
    followed: Sequence[Followed] | None,
) -> Filled:
    if not record.next_step.strip():
        return Filled(replace(record, next_owner_id=None))
    if (
        former is not None
        and record.next_owner_id in (former.next_owner_id, None)
        and (record.next_step.strip() == former.next_step)
    ):
        return Filled(replace(record, next_owner_id=former.next_owner_id), former.next_owner_name)
    if record.next_owner_id is None:
        if followed is None:
            followed = _charts.first(record.household_id or 0, actor.agency_id or 0) or ()
        owner_id, name = _in_charge(record, followed) or writer
        return Filled(replace(record, next_owner_id=owner_id), name)
    if record.next_owner_id == actor.user_id:
        return Filled(record, actor.name)
    owner = _colleagues.first(record.next_owner_id, actor.agency_id or 0, clock.today())
    if owner is None:
        raise DomainError("次にする人を、この機関の人からえらんでください。", field="next_owner_id")
    return Filled(record, owner.name)


def _in_charge(record: RecordInput, followed: Sequence[Followed]) -> tuple[int, str] | None:
    """Who follows the family here: the chart of one of the record's people goes before the whole family's."""
    rows = sorted(followed, key=lambda row: row["person"] not in record.person_ids)
    return next(((row["owner"], row["name"]) for row in rows if row["owner"] is not None), None)


def with_charts(households: QuerySet[Household], agency: int) -> QuerySet[Any]:
    """With `followed`: the agency's open charts of each family, for whose its next steps are."""
    charts = Chart.objects.filter(agency_id=agency, household=OuterRef("pk"), closed_on__isnull=True)
    who = JSONObject(person="person_id", owner="owner_id", name="owner_name")
    return households.annotate(followed=ArraySubquery(charts.order_by("person_id", "pk").values(json=who)))


@prepared
def _charts(household: int, agency: int) -> QuerySet[Household, Any]:
    return with_charts(Household.objects.filter(pk=household), agency).values_list("followed", flat=True)


@prepared
def _colleagues(user: int, agency: int, day: object) -> QuerySet[User, User]:
    here = Membership.objects.filter(agency_id=agency).on(day)  # type: ignore[arg-type]
    return User.objects.filter(pk=user, is_active=True, pk__in=here.values("user_id"))[:1]
