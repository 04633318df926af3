"""個別記録: begin to follow a family, change what stands at the head, end with a summary, open again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.access import Action
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters import access
from tsunagari.encounters.models import Chart, ChartHandover, ChartRevision, Consultation, PlanAction
from tsunagari.encounters.operations import chart_entries
from tsunagari.encounters.queries.workers import workers
from tsunagari.encounters.rules.charts import (
    CLOSINGS,
    LONGEST_REASON,
    ChartInput,
    chart_problems,
    next_number,
    too_long,
)
from tsunagari.families.models import Household, Person
from tsunagari.places.models import Agency

HEAD = ("why", "concern", "review_on", "shared", "owner_id", "owner_name", "person_id")
CLOSING = ("closed_on", "closed_reason", "closing_summary", "closed_by", "closed_by_name")


class StaleChart(Conflict):
    """Somebody changed the chart since this person opened the page. `current` is the chart as it stands."""

    def __init__(self, current: Chart) -> None:
        super().__init__("ほかの人が先に変えました。いまの内容をたしかめて、もう一度保存してください。")
        self.current = current


class AlreadyOpen(Conflict):
    """The family, or the person, has an open chart here: `chart`."""

    def __init__(self, chart: Chart) -> None:
        super().__init__("この家庭の個別記録は、もう開いています。")
        self.chart = chart


@transaction.atomic
def open_chart(
    household: Household,
    *,
    actor: Actor,
    head: ChartInput,
    person: Person | None = None,
    owner_id: int | None = None,
    draw_in: Sequence[Consultation] = (),
) -> Chart:
    """Begin to follow a family, or one person of it; the opener is in charge unless another worker is named.

    Records in `draw_in` go in at once. AlreadyOpen when the agency follows them already (also for the second of
    two clicks).
    """
    agency_id = own_agency(actor, access.OPEN_CHART)
    _require_sound(head)
    household = _locked_household(household)
    if person is not None and not _belongs(person, household):
        raise DomainError("この家庭の人をえらんでください。", field="person")
    _require_none_open(agency_id, household.pk, person.pk if person else None)
    owner = owner_id or actor.user_id or 0
    values = _values(head) | {"owner_id": owner, "owner_name": require_worker(owner, agency_id)}
    chart = Chart.objects.create(
        municipality_id=actor.municipality_id,
        agency_id=agency_id,
        household=household,
        person=person,
        number=new_number(agency_id),
        opened_on=clock.today(),
        opened_by=actor.user_id,
        opened_by_name=actor.name,
        created_at=clock.now(),
        updated_at=clock.now(),
        **values,
    )
    audit.record(access.OPEN_CHART, actor=actor, household_id=household.pk, obj=chart)
    chart_entries.draw_in(chart, draw_in, actor=actor)
    return chart


@transaction.atomic
def change_chart(
    chart: Chart,
    *,
    actor: Actor,
    head: ChartInput,
    expected_version: int,
    owner_id: int | None = None,
    reason: str = "",
) -> Chart:
    """Change why, concern, review, who is in charge; the former head stays with who and when.

    Naming another colleague in charge here is a change by agreement; hand_over asks. What was due for the former
    owner goes along. StaleChart when the chart is no longer at `expected_version`. Nothing changed makes no version.
    """
    locked = locked_chart(chart, actor, access.WRITE_CHART, expected_version)
    if head.review_on != locked.review_on or head.review_on is None:
        _require_sound(head)
    else:  # a review that is overdue may stand while something else is changed
        _require_sound(ChartInput(head.why, head.concern, None, head.shared))
    owner = owner_id or locked.owner_id or actor.user_id or 0
    former = locked.owner_id
    values = _values(head) | {
        "owner_id": owner,
        "owner_name": locked.owner_name if owner == former else require_worker(owner, locked.agency_id),
    }
    if all(getattr(locked, name) == value for name, value in values.items()):
        return locked
    if owner != former and waiting(locked) is not None:
        raise Conflict("ひきつぎの返事を待っています。担当を変える前に、ひきつぎを取り下げてください。")
    keep_revision(locked, actor, reason)
    save(locked, **values)
    if owner != former:
        chart_entries.pass_due(locked, former)
    audit.record(access.WRITE_CHART, actor=actor, household_id=locked.household_id, obj=locked)
    return locked


@transaction.atomic
def close_chart(chart: Chart, *, actor: Actor, reason: str, summary: str, expected_version: int) -> Chart:
    """End a chart with why and a summary. Plan actions nobody was named for stay with who was in charge."""
    locked = locked_chart(chart, actor, access.CLOSE_CHART, expected_version)
    if reason not in CLOSINGS:
        raise DomainError("終える理由をえらんでください。", field="reason")
    if not summary.strip():
        raise DomainError("終わりのまとめを書いてください。", field="summary")
    for problem in too_long("summary", summary):
        raise DomainError(problem.message, field=problem.field)
    if waiting(locked) is not None:
        raise Conflict("ひきつぎの返事を待っています。終える前に、ひきつぎを取り下げてください。")
    keep_revision(locked, actor, "終えた")
    PlanAction.objects.filter(
        plan__chart=locked, owner_id__isnull=True, done_on__isnull=True, dropped_at__isnull=True
    ).update(owner_id=locked.owner_id, owner_name=locked.owner_name)
    closed = {
        "closed_on": clock.today(),
        "closed_reason": reason,
        "closing_summary": summary.strip(),
        "closed_by": actor.user_id,
        "closed_by_name": actor.name,
    }
    save(locked, **closed)
    audit.record(
        access.CLOSE_CHART,
        actor=actor,
        household_id=locked.household_id,
        obj=locked,
        detail={"reason": reason},
    )
    return locked


@transaction.atomic
def reopen_chart(chart: Chart, *, actor: Actor, reason: str) -> Chart:
    """Go on with a chart that was ended; the closing summary stays among the former heads.

    Who was in charge is again, if they still work there; else the actor.
    """
    _locked_household(chart.household)
    locked = Chart.objects.select_for_update().get(pk=chart.pk)
    _require_own(locked, actor, access.CLOSE_CHART)
    if locked.closed_on is None:
        raise Conflict("この個別記録は、もう開いています。")
    if not reason.strip():
        raise DomainError("ふたたび開く理由を書いてください。", field="reason")
    _require_none_open(locked.agency_id, locked.household_id, locked.person_id)
    keep_revision(locked, actor, reason)
    here = workers(locked.agency_id, clock.today())
    owner = locked.owner_id if locked.owner_id in here else actor.user_id
    emptied = {"closed_on": None, "closed_reason": "", "closing_summary": "", "closed_by": None}
    save(
        locked,
        owner_id=owner,
        owner_name=require_worker(owner or 0, locked.agency_id),
        review_on=None if locked.review_on and locked.review_on < clock.today() else locked.review_on,
        closed_by_name="",
        **emptied,
    )
    chart_entries.cover_due(locked)
    audit.record(
        access.CLOSE_CHART,
        actor=actor,
        household_id=locked.household_id,
        obj=locked,
        detail={"reopened": True},
    )
    return locked


def locked_chart(chart: Chart, actor: Actor, action: Action, expected_version: int | None = None) -> Chart:
    """The open chart of the own agency, locked. Forbidden, Conflict or StaleChart otherwise."""
    locked = Chart.objects.select_for_update().get(pk=chart.pk)
    _require_own(locked, actor, action)
    if locked.closed_on is not None:
        raise Conflict("この個別記録は終わっています。", what_to_do="続けるときは、ふたたび開いてください。")
    if expected_version is not None and locked.version != expected_version:
        raise StaleChart(locked)
    return locked


def own_agency(actor: Actor, action: Action) -> int:
    """The agency of the actor; Forbidden for those who work at none."""
    if actor.agency_id is None:
        raise Forbidden("機関に所属する人だけができます。", action=action.name)
    return actor.agency_id


def require_worker(user_id: int, agency_id: int) -> str:
    """The name of somebody who may be in charge at the agency today; DomainError for anybody else."""
    name = workers(agency_id, clock.today()).get(user_id)
    if name is None:
        raise DomainError("担当は、いまこの機関で働いている人からえらんでください。", field="owner")
    return name


def new_number(agency_id: int) -> str:
    """The next number of the agency in this fiscal year, also after those that went to another agency with a chart."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency_id)
    given = set(Chart.objects.filter(agency_id=agency_id).values_list("number", flat=True))
    away = ChartHandover.objects.filter(from_agency_id=agency_id).exclude(to_agency_id=agency_id)
    given |= set(away.values_list("moved__number", flat=True)) - {None}
    return next_number(given, clock.today())


def waiting(chart: Chart) -> ChartHandover | None:
    """The handover of a chart that nobody has answered yet."""
    open_ones = ChartHandover.objects.filter(chart=chart, taken_at__isnull=True, declined_at__isnull=True)
    return open_ones.first()


def keep_revision(chart: Chart, actor: Actor, reason: str) -> None:
    """Keep the head as it stands, before it changes."""
    names = (*HEAD, *CLOSING, "agency_id", "number")
    snapshot = {name: _plain(getattr(chart, name)) for name in names}
    ChartRevision.objects.create(
        municipality_id=chart.municipality_id,
        chart=chart,
        version=chart.version,
        snapshot=snapshot,
        reason=reason.strip()[:LONGEST_REASON],
        changed_at=clock.now(),
        changed_by=actor.user_id,
        changed_by_name=actor.name,
    )


def save(chart: Chart, **values: Any) -> None:
    """Save a changed head as its next version."""
    for name, value in values.items():
        setattr(chart, name, value)
    chart.version += 1
    chart.updated_at = clock.now()
    chart.save(update_fields=[*values, "version", "updated_at"])


def _values(head: ChartInput) -> dict[str, Any]:
    return {
        "why": head.why.strip(),
        "concern": head.concern,
        "review_on": head.review_on,
        "shared": head.shared,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _require_sound(head: ChartInput) -> None:
    for problem in chart_problems(head, today=clock.today()):
        raise DomainError(problem.message, field=problem.field)


def _require_own(chart: Chart, actor: Actor, action: Action) -> None:
    if chart.agency_id != actor.agency_id:
        raise Forbidden("ほかの機関の個別記録は変えられません。", action=action.name)


def about(person_id: int | None) -> Q:
    """Charts of that person, or without one of the whole family."""
    return Q(person_id__isnull=True) if person_id is None else Q(person_id=person_id)


def _require_none_open(agency_id: int, household_id: int, person_id: int | None) -> None:
    mine = Chart.objects.filter(agency_id=agency_id, household_id=household_id, closed_on__isnull=True)
    if (found := mine.filter(about(person_id)).first()) is not None:
        raise AlreadyOpen(found)


def _locked_household(household: Household) -> Household:
    locked = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    if locked.joined_into_id is not None:
        raise Conflict("この家庭は、別の家庭にまとめられています。まとめた先の家庭でひらいてください。")
    return locked


def _belongs(person: Person, household: Household) -> bool:
    staying = person.second_homes.filter(household=household, valid_to__isnull=True)
    return person.household_id == household.pk or staying.exists()
