"""Lays the ground of a town: municipality, staff, areas, agencies, designations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from tsunagari.accounts.models import Membership, User
from tsunagari.accounts.operations import staff
from tsunagari.accounts.rules import MembershipInput, StaffInput
from tsunagari.accounts.sessions import actor_of
from tsunagari.base import clock
from tsunagari.base.access import Role
from tsunagari.base.japanese.ages import fiscal_year
from tsunagari.demo import agreed, circulating, decided
from tsunagari.demo.days import closings
from tsunagari.demo.ground import Ground
from tsunagari.demo.people import start_of
from tsunagari.demo.plan import AgencyPlan, StaffPlan, TownPlan
from tsunagari.places.models import Agency, Area, Municipality
from tsunagari.places.operations import agencies, areas, designations
from tsunagari.places.rules import AreaInput, ChannelInput, HourInput, PeriodInput

#: the same for every account of the demo
PASSWORD = "tsunagari-demo"
_LISTS = ("ages", "programmes", "languages")
_BASIS = "児童福祉法第10条の3"


def found(plan: TownPlan, municipality: Municipality, seed: int, today: date) -> Ground:
    """Everything but families, as of the day before the two years begin. Needs the town's scope."""
    ground = Ground(plan, seed, today, municipality.pk)
    with clock.stopped_at(clock.at(start_of(today) - timedelta(days=20), 10)):
        _first_officer(ground)
        _areas(ground)
        for agency in plan.agencies:
            _agency(ground, agency)
        password = make_password(PASSWORD)
        for person in plan.staff:
            _person(ground, person, password)
        decided.decide(ground)
        agreed.agree(ground)
        circulating.agree(ground)
    return ground


def load_actors(ground: Ground) -> None:
    """Everybody of the town as an Actor, by role and agency."""
    keys = {agency.pk: key for key, agency in ground.agencies.items()}
    rows = Membership.objects.filter(municipality_id=ground.municipality_id).order_by("pk")
    ground.actors.clear()
    for row in rows.select_related("user", "municipality", "agency"):
        place = (row.role, keys.get(row.agency_id or 0, ""))
        ground.actors.setdefault(place, []).append(actor_of(row, via="demo"))


def _first_officer(ground: Ground) -> None:
    """Whoever installs makes the first officer; from then on the officer takes people on."""
    person = next(person for person in ground.plan.staff if person.posts[0][0] == Role.OFFICER)
    user = User.objects.create(
        username=person.username, name=person.name, kana=person.kana, password=make_password(PASSWORD)
    )
    Membership.objects.create(
        user=user,
        municipality_id=ground.municipality_id,
        role=Role.OFFICER,
        valid_from=_long_ago(ground.today),
    )
    load_actors(ground)


def _person(ground: Ground, person: StaffPlan, password: str) -> None:
    if person.name == ground.officer.name:
        return
    posts = [
        MembershipInput(role, ground.agencies[key].pk if key else None, _long_ago(ground.today))
        for role, key in person.posts
    ]
    user, _ = staff.add_staff(
        StaffInput(person.username, person.name, person.kana, posts[0]), actor=ground.officer
    )
    for post in posts[1:]:
        staff.add_membership(user, post, actor=ground.officer)
    User.objects.filter(pk=user.pk).update(password=password, must_change_password=False)
    load_actors(ground)


def _areas(ground: Ground) -> None:
    given = [
        AreaInput(
            area.code, area.name, {"type": "Polygon", "coordinates": [[list(corner) for corner in area.ring]]}
        )
        for area in ground.plan.areas
    ]
    areas.save_areas(given, actor=ground.officer, effective_on=_long_ago(ground.today))
    rows = Area.objects.filter(municipality_id=ground.municipality_id)
    ground.areas.update(rows.values_list("code", "pk"))


def _agency(ground: Ground, plan: AgencyPlan) -> None:
    opened = _long_ago(ground.today)
    first = plan.spans[0].changes if plan.spans else {}
    agency = agencies.open_agency(
        _period(ground, plan, first),
        actor=ground.officer,
        identifier=plan.identifier,
        kind=Agency.Kind.CENTRE if plan.centre else Agency.Kind.AGENCY,
        opened_on=opened,
    )
    for span in plan.spans[1:]:
        changed_on = date(fiscal_year(ground.today) + 1 - (span.years_ago or 0), 4, 1)
        agencies.change_agency(
            agency, _period(ground, plan, span.changes), actor=ground.officer, effective_on=changed_on
        )
    for closing in closings(plan, start_of(ground.today), ground.today + timedelta(days=240)):
        agencies.add_exception(
            agency, actor=ground.officer, first_day=closing.first, last_day=closing.last,
            opens=closing.opens, closes=closing.closes, reason=closing.reason,
        )  # fmt: skip
    if plan.designated:
        designations.designate(
            agency, actor=ground.officer, valid_from=_designated_on(ground.today), basis=_BASIS
        )
    ground.agencies[plan.key] = agency


def _period(ground: Ground, plan: AgencyPlan, changes: dict[str, object]) -> PeriodInput:
    facts = {**plan.facts, **changes}
    for name in _LISTS:
        facts[name] = tuple(facts.get(name, ()))  # type: ignore[arg-type]
    channels: Iterable[tuple[str, str, str]] = facts.pop("channels", ())  # type: ignore[assignment]
    return PeriodInput(
        name=plan.name,
        kana=plan.kana,
        longitude=plan.point[0],
        latitude=plan.point[1],
        area_id=ground.areas[plan.area],
        channels=tuple(ChannelInput(*channel) for channel in channels),
        hours=tuple(HourInput(day, opens, closes) for days, opens, closes in plan.hours for day in days),
        **facts,  # type: ignore[arg-type]
    )


def _long_ago(today: date) -> date:
    """The first day of the fiscal year four years back: places and people were there before the two years."""
    return date(fiscal_year(today) - 4, 4, 1)


def _designated_on(today: date) -> date:
    return date(fiscal_year(today) - 1, 4, 1)
