"""D2: a card at the door counts one family once, and tells nobody more than it must."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import makers
from tests.encounters.cast import at_once, children, kimura, trail, visit
from tests.encounters.kiosk import device_of, make_card, scan, tablet
from tests.makers import Town
from tsunagari.accounts import devices as doors
from tsunagari.base import clock, tenancy
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.encounters.models import KioskScan, Visit
from tsunagari.encounters.operations import door, kiosk, visits
from tsunagari.encounters.rules.kiosk import Reading
from tsunagari.families.models import AgencyLink, Card, Household, Person
from tsunagari.families.operations import households, people
from tsunagari.families.rules import PersonInput


def came(seen: Visit) -> set[int]:
    return set(seen.people.values_list("person_id", flat=True))


def test_a_card_counts_the_family_with_its_small_children(in_town: Town) -> None:
    family, device = kimura(in_town.counselor), device_of(in_town)
    receipt = scan(device, make_card(family))
    assert (receipt.state, receipt.first, receipt.children) == ("counted", True, 2)
    assert [one.name for one in receipt.names] == ["そうた", "りん"]
    seen = Visit.objects.get()
    assert (seen.household_id, seen.agency_id, seen.adults, seen.children) == (
        family.pk,
        in_town.aoba.pk,
        1,
        2,
    )
    assert (came(seen), seen.first_time, seen.created_by) == (set(children(family)), True, None)


def test_those_come_who_came_last_time(in_town: Town) -> None:
    family, device = kimura(in_town.counselor), device_of(in_town)
    elder = children(family)[0]
    visit(in_town.counselor, family, person_ids=[elder], at=clock.now() - timedelta(days=3))
    receipt = scan(device, make_card(family))
    assert (receipt.first, receipt.children, came(Visit.objects.latest("arrived_at"))) == (False, 1, {elder})
    assert [(one.name, one.came) for one in receipt.names] == [("そうた", True), ("りん", False)]


def test_schoolchildren_are_shown_and_not_counted_unless_they_came_before(in_town: Town) -> None:
    family, device = kimura(in_town.counselor), device_of(in_town)
    Person.objects.filter(pk=children(family)[0]).update(birth_date=clock.today() - timedelta(days=9 * 365))
    receipt = scan(device, make_card(family))
    assert [(one.name, one.came) for one in receipt.names] == [("そうた", False), ("りん", True)]
    assert receipt.children == 1


def test_a_second_reading_within_the_hour_is_already_in(in_town: Town) -> None:
    card, device = make_card(kimura(in_town.counselor)), device_of(in_town)
    scan(device, card)
    again = scan(device, card)
    assert (again.state, [one.came for one in again.names], Visit.objects.count()) == (
        "already",
        [True] * 2,
        1,
    )
    with clock.stopped_at(clock.now() + timedelta(minutes=61)):
        assert scan(device, card).state == "counted"
    assert Visit.objects.count() == 2


def test_the_same_reading_sent_again_is_one_visit_even_after_it_was_taken_back(in_town: Town) -> None:
    card, device, key = make_card(kimura(in_town.counselor)), device_of(in_town), uuid4()
    assert scan(device, card, key=key).state == scan(device, card, key=key).state == "counted"
    visits.undo_visit(Visit.objects.get(), actor=in_town.counselor)
    assert scan(device, card, key=key).state == "counted"
    assert Visit.objects.filter(undone_at__isnull=True).count() == 0


def test_a_key_of_another_familys_reading_counts_nothing(in_town: Town) -> None:
    device, key = device_of(in_town), uuid4()
    scan(device, make_card(kimura(in_town.counselor)), key=key)
    assert scan(device, make_card(kimura(in_town.counselor)), key=key).state == "refused"
    assert Visit.objects.count() == 1


def test_a_number_does_as_well_as_a_qr_code(in_town: Town) -> None:
    family, device = kimura(in_town.counselor), device_of(in_town)
    assert scan(device, number=make_card(family).number).state == "counted"


def test_the_card_opens_the_family_to_the_agency_with_trail(in_town: Town) -> None:
    family = kimura(in_town.stranger)
    scan(device_of(in_town), make_card(family))
    link = AgencyLink.objects.get(household=family, agency=in_town.aoba)
    assert (link.reason, link.last_met_on) == ("check_in", clock.today())
    done = [line for name in ("family.open", "kiosk.check_in") for line in trail(name)][-2:]
    assert [(line.role, line.user_id, line.household_id) for line in done] == [("kiosk", None, family.pk)] * 2


def test_of_a_protected_family_no_name_is_told(in_town: Town) -> None:
    family, device = kimura(in_town.counselor), device_of(in_town)
    Household.objects.filter(pk=family.pk).update(protected=True)
    key = uuid4()
    receipt = scan(device, make_card(family), key=key)
    assert (receipt.state, receipt.names, Visit.objects.get().children) == ("counted", (), 2)
    assert (receipt.children, receipt.first) == (0, False)
    with pytest.raises(DomainError):
        kiosk.choose_children(
            key, actor=doors.actor_of(device), device=device, person_ids=children(family)[:1], adults=1
        )


def test_a_child_whose_own_home_is_protected_is_not_named_where_it_also_stays(in_town: Town) -> None:
    mother, father = kimura(in_town.counselor), kimura(in_town.counselor)
    guest = Person.objects.get(pk=children(mother)[0])
    people.add_second_home(guest, father, actor=in_town.counselor)
    device, card = device_of(in_town), make_card(father)
    assert guest.pk in [one.id for one in scan(device, card).names]
    Household.objects.filter(pk=mother.pk).update(protected=True)
    assert guest.pk not in [one.id for one in scan(device, card).names]
    assert guest.pk not in [one.id for one in door.children_of(father.pk, clock.today())]


def test_children_are_left_out_for_a_moment_and_no_longer(in_town: Town) -> None:
    family, device, key = kimura(in_town.counselor), device_of(in_town), uuid4()
    scan(device, make_card(family), key=key)
    given = {"actor": doors.actor_of(device), "device": device, "person_ids": children(family)[1:]}
    receipt = kiosk.choose_children(key, adults=2, **given)
    seen = Visit.objects.get()
    assert (receipt.children, seen.adults, seen.children, came(seen)) == (1, 2, 1, set(children(family)[1:]))
    with clock.stopped_at(clock.now() + timedelta(minutes=3)), pytest.raises(Conflict):
        kiosk.choose_children(key, adults=1, **given)


def test_children_of_another_family_cannot_be_added(in_town: Town) -> None:
    family, device, key = kimura(in_town.counselor), device_of(in_town), uuid4()
    scan(device, make_card(family), key=key)
    others = children(kimura(in_town.counselor))
    with pytest.raises(DomainError):
        kiosk.choose_children(key, actor=doors.actor_of(device), device=device, person_ids=others, adults=1)


def test_unknown_and_stopped_cards_count_nobody(in_town: Town) -> None:
    family, device = kimura(in_town.counselor), device_of(in_town)
    card = make_card(family, state=Card.State.REVOKED)
    assert scan(device, card).state == "stopped"
    assert scan(device, token="X" * 26).state == scan(device).state == "unknown"
    assert (Visit.objects.count(), KioskScan.objects.count()) == (0, 0)


def test_a_family_that_moved_is_counted_and_staff_are_told_once(in_town: Town) -> None:
    family, device = kimura(in_town.counselor), device_of(in_town)
    Household.objects.filter(pk=family.pk).update(status=Household.Status.MOVED)
    assert scan(device, make_card(family)).state == "counted"
    told = KioskScan.objects.get()
    assert (told.reason, told.visit_id, told.settled_at) == ("moved", Visit.objects.get().pk, None)


def test_the_card_of_a_joined_family_counts_the_family_it_became(in_town: Town) -> None:
    family, was = kimura(in_town.counselor), kimura(in_town.counselor)
    card = make_card(was)
    Household.objects.filter(pk=was.pk).update(joined_into=family)
    scan(device_of(in_town), card)
    assert Visit.objects.get().household_id == family.pk


def test_guessing_numbers_stops_the_number_pad_and_not_the_codes(in_town: Town) -> None:
    family, (device, _) = kimura(in_town.counselor), tablet(in_town.counselor)
    card = make_card(family)
    for _ in range(10):
        assert scan(device, number="000000000").state == "unknown"
    paused = scan(device, number=card.number)
    assert (paused.state, paused.until is not None, Visit.objects.count()) == ("paused", True, 0)
    assert scan(device, card).state == "counted"
    with clock.stopped_at(clock.now() + timedelta(minutes=11)):
        assert scan(device, number=card.number).state == "already"


def test_somebody_new_is_counted_and_announced(in_town: Town) -> None:
    device = device_of(in_town)
    reading = Reading(uuid4(), "newcomer", adults=2, children=1)
    given = {"actor": doors.actor_of(device), "device": device}
    assert kiosk.newcomer(reading, **given).state == kiosk.newcomer(reading, **given).state == "counted"
    seen, told = Visit.objects.get(), KioskScan.objects.get()
    assert (seen.household, seen.first_time, seen.adults, seen.children) == (None, True, 2, 1)
    assert (told.reason, told.visit_id) == ("newcomer", seen.pk)


def test_a_visit_says_the_same_as_one_from_the_counter(in_town: Town) -> None:
    """The hand-written statements and visits.check_in agree field by field."""
    device, now = device_of(in_town), clock.now()
    rows = []
    with clock.stopped_at(now):
        for work in ("counter", "door"):
            family = kimura(in_town.counselor)
            if work == "counter":
                visit(in_town.counselor, family)
            else:
                scan(device, make_card(family))
            row = Visit.objects.get(household=family)
            people = sorted(row.people.values_list("person__given_kana", flat=True))
            left = {"id", "household_id", "key", "created_by", "municipality_id"}
            fields = {f.attname: getattr(row, f.attname) for f in Visit._meta.fields}
            rows.append(({k: v for k, v in fields.items() if k not in left}, people))
    assert rows[0] == rows[1]


def test_a_known_family_at_the_door_costs_two_statements(in_town: Town) -> None:
    card, device = make_card(kimura(in_town.counselor)), device_of(in_town)
    with CaptureQueriesContext(connection) as asked:
        scan(device, card)
    assert len(asked) == 2


def test_children_without_a_known_reading_are_children(in_town: Town) -> None:
    family = households.create_household(
        actor=in_town.counselor,
        people=[
            PersonInput(kind="guardian", family_name="森", given_name="綾"),
            *(PersonInput(kind="child", family_name="森", given_name=name) for name in ("凛", "蓮", "ひな")),
        ],
    )
    names = [one.name for one in scan(device_of(in_town), make_card(family)).names]
    assert sorted(names) == ["おこさん 1", "おこさん 2", "ひな"]


@pytest.mark.django_db(transaction=True)
def test_two_tablets_at_once_count_one_family_once() -> None:
    town = makers.make_town("999997", "つながり市")
    with makers.scope(town, town.counselor.user_id):
        card = make_card(kimura(town.counselor))
        tablets = [tablet(town.counselor)[0] for _ in range(4)]

    def read(device: object) -> str:
        with tenancy.municipality(town.municipality.pk):
            return scan(device, card).state  # type: ignore[arg-type]

    assert sorted(at_once(read, tablets)) == ["already", "already", "already", "counted"]
    with makers.scope(town):
        assert Visit.objects.count() == 1
        assert Visit.objects.get().people.count() == 2
