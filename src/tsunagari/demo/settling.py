"""Writes what happens to households, through the operations people use, on the day it happens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.demo.chance import stream
from tsunagari.demo.ground import Ground
from tsunagari.demo.life import LifeEvent, children_on
from tsunagari.demo.names import FATHERS
from tsunagari.demo.plan import FamilyPlan, NicknamePlan, PersonPlan
from tsunagari.families.models import Household, Person, Registration
from tsunagari.families.operations import bulk, households, joins, people, registrations
from tsunagari.families.rules import AddressInput, BirthInput, PersonInput, ResidentKeys

_AFTER_REGISTRATION = {"also", "move_out"}
_BY_CITY = {"city", "birth", "handbook"}


class Settling:
    """Applies life events; ids of what was made stand in `ground`."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._handlers: dict[str, Callable[[FamilyPlan, LifeEvent], None]] = {
            "expect": self._expect,
            "birth": self._birth,
            "end": self._end,
            "also": self._also,
            "protect": self._protect,
            "death": self._death,
            "move_out": self._move_out,
        }

    def days(self, families: Mapping[int, FamilyPlan], events: Iterable[LifeEvent]) -> None:
        """What happens in some days, in order; what can be taken together is."""
        new: list[FamilyPlan] = []
        registered: list[FamilyPlan] = []
        single: list[LifeEvent] = []
        for event in events:
            family = families[event.family]
            if event.what == "create":
                new.append(family)
            elif event.what == "expect" and event.pregnancy in _known_at_once(family):
                continue
            elif event.what == "register":
                registered.append(family)
            else:
                single.append(event)
        self.create(new)
        for event in (event for event in single if event.what not in _AFTER_REGISTRATION):
            self.apply(event, families[event.family])
        if registered:
            self.register(registered)
        for event in (event for event in single if event.what in _AFTER_REGISTRATION):
            self.apply(event, families[event.family])

    def apply(self, event: LifeEvent, family: FamilyPlan) -> None:
        """Let the event happen, at an office hour of its day."""
        minute = stream(self.ground.seed, event.what, event.family, event.pregnancy).randrange(20, 420)
        with clock.stopped_at(clock.at(event.day, 9) + timedelta(minutes=minute)):
            self._handlers[event.what](family, event)

    # households --------------------------------------------------------------------------------------------------
    def create(self, families: Sequence[FamilyPlan]) -> None:
        """Households as the city comes to know them: lists and moves by the officer, handbooks by the nurse."""
        for family in families:
            if family.how == "counter":
                self._create_at_counter(family)
        for actor, ways in ((self.ground.officer, ("import", "move_in")), (self.ground.nurse, ("handbook",))):
            own = [family for family in families if family.how in ways]
            if own:
                self._remember(
                    own, bulk.create_households([self._new(family) for family in own], actor=actor)
                )

    def _create_at_counter(self, family: FamilyPlan) -> None:
        """A family its agency writes down: nothing says that the city's list has it."""
        people = [replace(person_input(person), resident_no=None) for person in family.people]
        minute = stream(self.ground.seed, "counter", family.number).randrange(70, 300)
        with clock.stopped_at(clock.at(family.known, 9) + timedelta(minutes=minute)):
            made = households.create_household(
                actor=self.ground.worker(family.home, family.number),
                people=people,
                address=self._address(family) if family.address else None,
            )
        self.ground.households[family.number] = made
        rows = Person.objects.filter(household=made).order_by("pk")
        for person, pk in zip(family.people, rows.values_list("pk", flat=True), strict=True):
            self.ground.people[person.resident_no] = pk

    def _new(self, family: FamilyPlan) -> bulk.NewHousehold:
        moved_in = family.known if family.how == "move_in" else None
        expected = [self._expected(family, position) for position in _known_at_once(family)]
        return bulk.NewHousehold(
            people=(
                *map(person_input, family.people),
                *(child for children in expected for child in children),
            ),
            entered=clock.at(family.known, 9) + timedelta(minutes=family.number % 400),
            address=self._address(family),
            caution=family.caution,
            resident=ResidentKeys(resident_no=f"{family.number:010}", moved_in_on=moved_in),
        )

    def _remember(self, families: Sequence[FamilyPlan], made: Sequence[Household]) -> None:
        self.ground.households.update(zip((family.number for family in families), made, strict=True))
        rows = Person.objects.filter(household__in=made, resident_no__isnull=False)
        self.ground.people.update({str(number): pk for number, pk in rows.values_list("resident_no", "pk")})
        unborn: dict[int, list[int]] = defaultdict(list)
        expected = Person.objects.filter(household__in=made, life=Person.Life.EXPECTED).order_by(
            "birth_order"
        )
        for household_id, pk in expected.values_list("household_id", "pk"):
            unborn[household_id].append(pk)
        for family, household in zip(families, made, strict=True):
            for position in _known_at_once(family):
                self.ground.expected[family.number, position] = unborn[household.pk]

    def _expected(self, family: FamilyPlan, position: int) -> list[PersonInput]:
        pregnancy = family.pregnancies[position]
        count = max(1, len(pregnancy.children))
        return [
            PersonInput(kind="child", due_date=pregnancy.due, birth_order=order + 1) for order in range(count)
        ]

    def _address(self, family: FamilyPlan) -> AddressInput:
        return AddressInput(
            postal_code=family.postal_code, address=family.address, address_detail=family.address_detail,
            longitude=family.point[0], latitude=family.point[1], area_id=self.ground.areas[family.area],
        )  # fmt: skip

    def _expect(self, family: FamilyPlan, event: LifeEvent) -> None:
        pregnancy = family.pregnancies[event.pregnancy]
        made = people.expect_child(
            self.ground.households[family.number],
            actor=self.ground.nurse,
            due_date=pregnancy.due,
            count=max(1, len(pregnancy.children)),
        )
        self.ground.expected[family.number, event.pregnancy] = [person.pk for person in made]

    def _birth(self, family: FamilyPlan, event: LifeEvent) -> None:
        plans = family.pregnancies[event.pregnancy].children
        expected = Person.objects.get(pk=self.ground.expected[family.number, event.pregnancy][0])
        births = [BirthInput(plan.birth, plan.sex, plan.given, plan.given_kana) for plan in plans]
        born = people.record_birth(expected, births, actor=self.ground.nurse)
        for plan, child in zip(plans, born, strict=True):
            self.ground.people[plan.resident_no] = child.pk

    def _end(self, family: FamilyPlan, event: LifeEvent) -> None:
        for pk in self.ground.expected[family.number, event.pregnancy]:
            people.end_pregnancy(Person.objects.get(pk=pk), actor=self.ground.nurse, ended_on=event.day)

    # registration --------------------------------------------------------------------------------------------------
    def register(self, families: Sequence[FamilyPlan]) -> None:
        """First registrations, by who takes them."""
        by_actor: dict[Actor, list[bulk.NewRegistration]] = defaultdict(list)
        for family in families:
            assert family.registered is not None
            minute = stream(self.ground.seed, "register", family.number).randrange(20, 420)
            by_actor[self._registrar(family)].append(
                bulk.NewRegistration(
                    household=self.ground.households[family.number],
                    agency=self.ground.agencies[family.home],
                    is_home=True,
                    source=family.source,
                    starts_on=family.registered,
                    entered=clock.at(family.registered, 9) + timedelta(minutes=minute),
                )
            )
        for actor, new in by_actor.items():
            bulk.register_first(sorted(new, key=lambda given: given.entered or clock.now()), actor=actor)

    def _also(self, family: FamilyPlan, event: LifeEvent) -> None:
        registrations.register(
            self.ground.households[family.number],
            self.ground.agencies[family.also],
            actor=self.ground.worker(family.also, family.number),
            is_home=False,
            source=Registration.Source.COUNTER,
        )

    def _registrar(self, family: FamilyPlan) -> Actor:
        if family.source in _BY_CITY:
            return self.ground.nurse
        return self.ground.worker(family.home, family.number)

    # what else -----------------------------------------------------------------------------------------------------
    def _protect(self, family: FamilyPlan, event: LifeEvent) -> None:
        households.protect(self.ground.households[family.number], actor=self.ground.officer, protected=True)

    def _death(self, family: FamilyPlan, event: LifeEvent) -> None:
        assert family.death is not None
        pk = self.ground.people[family.people[family.death[0]].resident_no]
        people.leave(Person.objects.get(pk=pk), actor=self.ground.officer, left_on=family.death[1], died=True)

    def _move_out(self, family: FamilyPlan, event: LifeEvent) -> None:
        household = self.ground.households[family.number]
        households.move_out(household, actor=self.ground.officer, moved_on=event.day)

    # families without a name, two homes ----------------------------------------------------------------------------
    def meet_nickname(self, plan: NicknamePlan) -> None:
        """The first day of a family known by a nickname."""
        actor = self.ground.worker(plan.agency, -plan.number)
        with clock.stopped_at(clock.at(plan.days[0], 9)):
            household = households.create_nickname_family(
                actor=actor, nickname=plan.nickname, age_hint_months=plan.months, sex=plan.sex
            )
        self.ground.households[plan.number] = household
        self.ground.people[f"nickname{plan.number}"] = Person.objects.get(household=household).pk

    def note_phone(self, plan: NicknamePlan) -> None:
        """The day on which somebody who still gives no name leaves a number."""
        mother = PersonInput(nickname=plan.nickname, relation="母", sex="2", phone=plan.phone)
        with clock.stopped_at(clock.at(plan.days[1], 15, 10)):
            actor = self.ground.worker(plan.agency, -plan.number)
            people.add_person(self.ground.households[plan.number], mother, actor=actor)

    def join_nickname(self, plan: NicknamePlan) -> None:
        """The day on which it turns out who they are."""
        assert plan.turns_out is not None
        assert plan.joined is not None
        same = {self.ground.people[f"nickname{plan.number}"]: self.ground.people[plan.child]}
        with clock.stopped_at(clock.at(plan.joined, 15, 40)):
            joins.join(
                self.ground.households[plan.number],
                self.ground.households[plan.turns_out],
                actor=self.ground.worker(plan.agency, -plan.number),
                same=same,
            )

    def second_home(self, family: FamilyPlan, day: date) -> None:
        """The children of a separated couple also live with their father, in a household of his own."""
        random = stream(self.ground.seed, self.ground.plan.key, "second home", family.number)
        given, child = random.choice(FATHERS), children_on(family, day)[0]
        father = PersonInput(
            family_name=child.family, family_kana=child.family_kana, given_name=given.text,
            given_kana=given.kana, sex="1", relation="父", relation_code="02",
            phone=f"0900{9_000_000 + family.number:07}",
        )  # fmt: skip
        area = random.choice(self.ground.plan.areas)
        city = self.ground.plan.name.replace("（架空）", "")
        with clock.stopped_at(clock.at(day, 11, 5)):
            other = households.create_household(
                actor=self.ground.nurse,
                people=[father],
                address=AddressInput(
                    area.postal_code,
                    f"{city}{area.towns[0]}6-{family.number % 30 + 1}",
                    area_id=self.ground.areas[area.code],
                ),
            )
            for child in children_on(family, day):
                person = Person.objects.get(pk=self.ground.people[child.resident_no])
                people.add_second_home(person, other, actor=self.ground.nurse, note="週末は父の家で過ごす")


def _known_at_once(family: FamilyPlan) -> list[int]:
    """Positions of pregnancies the city learns of on the day it comes to know the household."""
    return [at for at, pregnancy in enumerate(family.pregnancies) if pregnancy.notified == family.known]


def person_input(person: PersonPlan) -> PersonInput:
    """The person as a form would send them."""
    return PersonInput(
        kind=person.kind, family_name=person.family, given_name=person.given, family_kana=person.family_kana,
        given_kana=person.given_kana, sex=person.sex, birth_date=person.birth, relation=person.relation,
        relation_code=person.relation_code, resident_no=person.resident_no, phone=person.phone, email=person.email,
        language=person.language,
    )  # fmt: skip
