"""The head of a family page: who they are, where they are registered, what must not be missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTransform

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.japanese.dates import format_wareki
from tsunagari.base.japanese.text import format_phone
from tsunagari.base.prepared import prepared
from tsunagari.families.models import Household, HouseholdJoin, Person, Registration, SecondHome
from tsunagari.families.queries.hits import flags_of, masked_text
from tsunagari.families.queries.names import called, display_order, named_at, person_name, unnamed
from tsunagari.families.queries.people import PersonLine, lines


@dataclass(frozen=True, slots=True)
class RegistrationLine:
    """One registration; `state` is open, coming or ended; `agency` is MASK in a protected family.

    `reopens`: its end was somebody's deed, which may have been a mistake.
    """

    id: int
    agency: str
    is_home: bool
    source: str
    starts_on: str
    ends_on: str
    end_reason: str
    state: str
    reopens: bool = False


@dataclass(frozen=True, slots=True)
class HomeLine:
    """Today's home agency of a family that is not protected."""

    agency_id: int
    name: str


@dataclass(frozen=True, slots=True)
class JoinLine:
    """A family that was joined into this one and can be taken out again."""

    id: int
    nickname: str
    joined_on: str


class JoinRow(NamedTuple):
    """A family that was taken in: the nickname it had, and the ids of the people who came with it."""

    pk: int
    nickname: str
    people: list[int] | None
    joined_at: datetime
    parted_at: datetime | None


@dataclass(frozen=True, slots=True)
class SecondHomeLine:
    """A person of this family who also lives elsewhere, or the other way round."""

    id: int
    name: str
    household_id: int
    note: str


@dataclass(frozen=True)
class FamilyHead:
    """Everything above the time line. `masked`: address, phones and agencies are hidden (支援措置)."""

    household_id: int
    name: str
    kana: str
    suffix: str
    kind: str
    nickname: str
    status: str
    version: int
    flags: tuple[str, ...]
    protected: bool
    masked: bool
    caution: str
    postal_code: str
    address: str
    area: str
    home: HomeLine | None
    home_text: str
    people: list[PersonLine]
    registrations: list[RegistrationLine]
    joins: list[JoinLine]
    second_homes: list[SecondHomeLine]
    joined_into: int | None

    @property
    def called(self) -> str:
        """ "髙橋さん家庭"; a nickname stands as it is."""
        return f"{self.name}{self.suffix}"

    @property
    def guardians(self) -> list[PersonLine]:
        return [person for person in self.people if person.kind == Person.Kind.GUARDIAN]

    @property
    def children(self) -> list[PersonLine]:
        return [person for person in self.people if person.kind == Person.Kind.CHILD]

    @property
    def expected(self) -> list[PersonLine]:
        return [person for person in self.people if person.life == Person.Life.EXPECTED]


@dataclass(frozen=True, slots=True)
class RevealedPerson:
    """A person's name and how to reach them."""

    name: str
    phone: str
    phone_other: str
    email: str


@dataclass(frozen=True, slots=True)
class Revealed:
    """What protection hides: address, phones, agencies. Shown once, stored nowhere."""

    postal_code: str
    address: str
    area: str
    people: list[RevealedPerson]
    registrations: list[RegistrationLine]


def family(actor: Actor, household_id: int) -> Household | None:
    """A household the actor may open, with its area; else None."""
    return _visible.first(actor, household_id)


@prepared
def _visible(actor: Actor, household: int) -> QuerySet[Household, Household]:
    return Household.objects.visible_to(actor).filter(pk=household).select_related("area")


class FamilyRows:
    """Rows of one family that several parts of its page are made of; each kind is read when it is first asked for."""

    def __init__(self, household: Household) -> None:
        self._household = household

    @cached_property
    def people(self) -> list[Person]:
        """The living and the expected, as displayed, also those who left."""
        return sorted(_people(self._household.pk), key=display_order)

    @cached_property
    def registrations(self) -> list[Registration]:
        """All of them with their agencies, the latest first."""
        return _registrations(self._household.pk)

    @cached_property
    def joins(self) -> list[JoinRow]:
        """Families taken in, also those taken out again."""
        return [JoinRow(*row) for row in _joined(self._household.pk)]


def head(actor: Actor, household: Household, rows_of: FamilyRows | None = None) -> FamilyHead:
    """The head of a family the actor may see; four queries, none a person. Leaves no trail: the page does."""
    shared = rows_of or FamilyRows(household)
    people = [person for person in shared.people if person.left_on is None]
    stays = _stays(household, people)
    rows = shared.registrations
    masked = household.protected
    home = next((row for row in rows if row.is_home and _state(row) == "open"), None)
    name = called(household, people)
    return FamilyHead(
        household_id=household.pk,
        name=name.name,
        kana=name.kana,
        suffix=name.suffix,
        kind=household.kind,
        nickname=household.nickname,
        status=household.status,
        version=household.version,
        flags=flags_of(household, people),
        protected=household.protected,
        masked=masked,
        caution=household.caution,
        postal_code="" if masked else _postal(household.postal_code),
        address=masked_text(_address(household) or household.postal_code, True)
        if masked
        else _address(household),
        area=masked_text(household.area.name if household.area else "", masked),
        home=HomeLine(home.agency_id, home.agency.name) if home and not masked else None,
        home_text=masked_text(home.agency.name if home else "", masked),
        people=lines(household, people, stays, masked=masked),
        registrations=[_registration(row, masked=masked) for row in rows],
        joins=_joins(household, shared.joins),
        second_homes=[_second_home(stay, household, masked=masked) for stay in stays],
        joined_into=household.joined_into_id,
    )


def revealed(household: Household) -> Revealed:
    """What protection hides of a household. Only `operations.households.unmask` may hand it out."""
    people = [
        RevealedPerson(
            person_name(person), format_phone(person.phone), format_phone(person.phone_other), person.email
        )
        for person in sorted(_people(household.pk), key=display_order)
        if person.left_on is None
        if person.phone or person.phone_other or person.email
    ]
    return Revealed(
        postal_code=_postal(household.postal_code),
        address=_address(household),
        area=household.area.name if household.area else "",
        people=people,
        registrations=[_registration(row, masked=False) for row in _registrations(household.pk)],
    )


@prepared
def _people(household: int) -> QuerySet[Person, Person]:
    return Person.objects.filter(
        household=household, life__in=[Person.Life.LIVING, Person.Life.EXPECTED], same_as__isnull=True
    )


def _stays(household: Household, people: list[Person]) -> list[SecondHome]:
    """Second homes of these people, and of others here. By their ids: an OR over a join would read the whole town."""
    return _second_homes(household.pk, [person.pk for person in people], clock.today())


def second_home_of(household: Household, second_home_id: int) -> SecondHome | None:
    """A stay of the family's people elsewhere, or of somebody with the family; with the person."""
    mine = Q(household=household) | Q(person__household=household)
    return SecondHome.objects.filter(mine, pk=second_home_id).select_related("person__household").first()


@prepared
def _second_homes(household: int, people: list[int], day: date) -> QuerySet[SecondHome, SecondHome]:
    rows = SecondHome.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        Q(household=household) | Q(person__any_of=people),
    )
    return rows.select_related("person__household", "household").order_by("pk")


@prepared
def _registrations(household: int) -> QuerySet[Registration, Registration]:
    rows = Registration.objects.filter(household=household).select_related("agency")
    return rows.order_by("-starts_on", "-pk")


def _joins(household: Household, joins: list[JoinRow]) -> list[JoinLine]:
    """The families taken in; those without a nickname are called by the people who came with them (a query more)."""
    rows = [row for row in joins if row.parted_at is None]
    came = {pk for row in rows if not row.nickname for pk in row.people or ()}
    people = {row.pk: row for row in Person.objects.filter(pk__in=came)} if came else {}
    lines = []
    for row in rows:
        theirs = sorted((people[one] for one in row.people or () if one in people), key=display_order)
        name = row.nickname or str(called(household, theirs))
        lines.append(JoinLine(row.pk, name, format_wareki(row.joined_at.date())))
    return lines


@prepared
def _joined(
    household: int,
) -> QuerySet[HouseholdJoin, tuple[int, str, list[int] | None, datetime, datetime | None]]:
    rows = HouseholdJoin.objects.filter(target=household).order_by("pk")
    people = KeyTransform("families.person.household", KeyTransform("rows", "moved"))
    return rows.values_list("pk", "source__nickname", people, "joined_at", "parted_at")


def _registration(row: Registration, *, masked: bool) -> RegistrationLine:
    return RegistrationLine(
        id=row.pk,
        agency=masked_text(row.agency.name, masked),
        is_home=row.is_home,
        source=row.get_source_display(),
        starts_on=format_wareki(row.starts_on),
        ends_on=format_wareki(row.ends_on) if row.ends_on else "",
        end_reason=row.end_reason,
        state=_state(row),
        reopens=row.end_code != "",
    )


def _state(row: Registration) -> str:
    today = clock.today()
    if row.starts_on > today:
        return "coming"
    return "ended" if row.ends_on is not None and row.ends_on < today else "open"


def _second_home(stay: SecondHome, household: Household, *, masked: bool) -> SecondHomeLine:
    elsewhere = stay.person.household if stay.household_id == household.pk else stay.household
    hidden = masked or elsewhere.protected
    named = named_at(household.pk, stay.person, guarded=stay.person.household.protected)
    name = person_name(stay.person) if named else unnamed(stay.person)
    return SecondHomeLine(stay.pk, name, 0 if hidden else elsewhere.pk, stay.note if named else "")


def _postal(digits: str) -> str:
    return f"{digits[:3]}-{digits[3:]}" if digits else ""


def written_address(household: Household) -> str:
    """Post code and address in one line."""
    return f"{_postal(household.postal_code)} {_address(household)}".strip()


def _address(household: Household) -> str:
    return " ".join(part for part in (household.address, household.address_detail) if part)
