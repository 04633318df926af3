"""One family with words that stand nowhere else, and an id for every kind of route parameter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import uuid4

from tests.doors.charting import make_chart
from tests.doors.circulating import make_circulation
from tests.doors.counter import make_counter
from tests.doors.guide import make_guide
from tests.doors.keeping import make_keeping
from tests.doors.planning import make_planning
from tests.doors.reporting import make_reports
from tests.doors.skills import make_skills
from tests.interop import rosters
from tests.makers import Town, scope

from tsunagari.accounts.operations import devices
from tsunagari.base import clock
from tsunagari.encounters.models import Consultation, Draft, KioskScan, Visit
from tsunagari.encounters.operations import tallies
from tsunagari.families.models import CandidatePair, Household, Person, SecondHome
from tsunagari.families.operations import households, joins, people, registrations
from tsunagari.families.rules import AddressInput, PersonInput
from tsunagari.interop.models import Import
from tsunagari.places.models import AgencyPeriod, Designation, OpeningException
from tsunagari.places.operations import sites
from tsunagari.places.rules import SiteInput, SiteTimeInput

SECRET_TEXT = "ねむれない夜のこと"
WORDS = (
    "碓氷",
    "ウスイ",
    "うすい",
    "瑠璃子",
    "ルリコ",
    "るりこ",
    "雪割町",
    "0900009876",
    "090-0000-9876",
    SECRET_TEXT,
)


@dataclass(frozen=True)
class Secret:
    """What must not be shown, and where it stands: `ids` by route parameter."""

    words: tuple[str, ...]
    ids: dict[str, int]


def make_secret(town: Town) -> Secret:
    """A registered family with a visit, a record, a draft, a second home, a joined nickname family and an import."""
    with scope(town, town.counselor.user_id):
        actor = town.counselor
        household = _household(town)
        registration = registrations.register(
            household, town.aoba, actor=actor, is_home=True, source="counter"
        )
        expected = people.expect_child(household, actor=actor, due_date=clock.today(), count=1)[0]
        nickname = households.create_nickname_family(
            actor=actor, nickname="瑠璃子さんと2か月の子", age_hint_months=2
        )
        join = joins.join(nickname, household, actor=actor, same={})
        guardian = Person.objects.get(household=household, given_name="瑠璃子")
        second = SecondHome.objects.create(
            municipality=town.municipality, person=guardian, household=household, valid_from=clock.today()
        )
        card = household.cards.get(main=True)
        ids = {
            "household_id": household.pk,
            "person_id": guardian.pk,
            "expected_id": expected.pk,
            "registration_id": registration.pk,
            "card_id": card.pk,
            "join_id": join.pk,
            "second_home_id": second.pk,
            "import_id": _import(town).pk,
            "membership_id": actor.membership_id or 0,
            "user_id": actor.user_id or 0,
        }
        ids["pair_id"] = _pair(town, household).pk
        ids |= make_skills(town, SECRET_TEXT)
        ids |= make_guide(town, SECRET_TEXT)
        ids |= make_reports(town, SECRET_TEXT)
        ids |= make_counter(town, household, registration)
        ids |= rosters.standing(town, household)
        return Secret(
            (*WORDS, card.token, card.number, card.spoken),
            ids | _encounters(town, household) | _places(town) | _kiosk(town),
        )


def _household(town: Town) -> Household:
    return households.create_household(
        actor=town.counselor,
        people=[
            PersonInput(
                kind="guardian",
                family_name="碓氷",
                given_name="瑠璃子",
                family_kana="うすい",
                given_kana="るりこ",
                phone="090-0000-9876",
            ),
            PersonInput(kind="child", family_name="碓氷", given_name="一", birth_date=date(2025, 5, 5)),
        ],
        address=AddressInput(address="架空県雪割町1-1"),
    )


def _pair(town: Town, household: Household) -> CandidatePair:
    other = _household(town)
    return CandidatePair.objects.create(
        municipality=town.municipality, left=household, right=other, weight=9.0, found_at=clock.now()
    )


def _encounters(town: Town, household: Household) -> dict[str, int]:
    now, actor = clock.now(), town.counselor
    own: dict[str, Any] = {"municipality": town.municipality, "agency": town.aoba, "household": household}
    visit = Visit.objects.create(
        **own, visited_on=now.date(), arrived_at=now, key=uuid4(), created_at=now, note=SECRET_TEXT
    )
    stamps = {"key": uuid4(), "created_at": now, "updated_at": now}
    record = Consultation.objects.create(
        **own,
        **stamps,
        occurred_on=now.date(),
        occurred_at=now,
        main_category=5,
        categories=[5],
        content=SECRET_TEXT,
        author_id=actor.user_id,
        author_name=actor.name,
    )
    draft = Draft.objects.create(
        **own, **stamps, user_id=actor.user_id, user_name=actor.name, fields={"content": SECRET_TEXT}
    )
    tally = tallies.add_tally(
        actor=actor, families=1, adults=1, children=[1, *[0] * 7], key=uuid4(), note=SECRET_TEXT
    )
    found = {"visit_id": visit.pk, "record_id": record.pk, "tally_id": tally.pk}
    found |= make_chart(town, household, record, SECRET_TEXT)
    found |= make_keeping(town, record.pk, SECRET_TEXT)
    found |= make_circulation(town, record.pk, SECRET_TEXT)
    found |= make_planning(town, household, found["chart_id"], SECRET_TEXT)
    return found | {"draft_id": draft.pk, "other_id": draft.pk}


def _import(town: Town) -> Import:
    return Import.objects.create(
        municipality=town.municipality,
        kind="residents",
        status="preview",
        filename="residents.csv",
        digest="0" * 64,
        rejected=[{"row": 2, "column": "氏名", "value": "碓氷　瑠璃子", "reason": "試験"}],
        created_at=clock.now(),
    )


def _places(town: Town) -> dict[str, int]:
    designation = Designation.objects.create(
        municipality=town.municipality, agency=town.aoba, valid_from=date(2024, 4, 1), basis="試験"
    )
    exception = OpeningException.objects.create(
        municipality=town.municipality,
        agency=town.aoba,
        first_day=date(2026, 8, 13),
        last_day=date(2026, 8, 15),
    )
    site = sites.add_site(
        town.aoba,
        SiteInput("試験の公園", times=(SiteTimeInput(time(10), time(12), day=clock.today()),)),
        actor=town.officer,
    )
    return {
        "site_id": site.pk,
        "time_id": site.times.get().pk,
        "agency_id": town.aoba.pk,
        "period_id": AgencyPeriod.objects.get(agency=town.aoba).pk,
        "area_id": town.area.pk,
        "designation_id": designation.pk,
        "exception_id": exception.pk,
    }


def _kiosk(town: Town) -> dict[str, int]:
    """A tablet, and a reading that waits."""
    device = devices.unlock(actor=town.counselor, name="入口")[0]
    scan = KioskScan.objects.create(
        municipality=town.municipality,
        agency=town.aoba,
        device=device,
        key=uuid4(),
        scanned_at=clock.now(),
        received_at=clock.now(),
    )
    return {"device_id": device.pk, "scan_id": scan.pk}
