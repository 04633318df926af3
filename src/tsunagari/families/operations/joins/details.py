"""What a joined family says of itself: gaps of one are filled from the other, and emptied again when parted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tsunagari.families.models import Card, Household, HouseholdJoin, Person
from tsunagari.families.queries import protection

#: Filled in from the source where the target has no address at all.
OF_ADDRESS = ("postal_code", "address", "address_detail", "latitude", "longitude", "area_id")
#: Filled in from the source where the target says nothing.
OF_PERSON = (
    "family_name",
    "given_name",
    "family_kana",
    "given_kana",
    "sex",
    "birth_date",
    "due_date",
    "relation",
    "phone",
    "phone_other",
    "email",
    "language",
)
_NOTHING = ("", None, "0")


def stand_back(source: Household, target: Household) -> list[int]:
    """The source's main card goes on working beside the target's, when that has one; ids of cards that stood back."""
    active = Card.objects.filter(main=True, state=Card.State.ACTIVE)
    if not active.filter(household=target).exists():
        return []
    ids = list(active.filter(household=source).values_list("pk", flat=True))
    Card.objects.filter(pk__in=ids).update(main=False)
    return ids


def stand_forth(ids: list[int]) -> None:
    """Cards that stood back are main cards again, unless they were stopped since."""
    Card.objects.filter(pk__in=ids, state=Card.State.ACTIVE).update(main=True)


def fill(source: Household, target: Household, same: Mapping[int, int]) -> dict[str, Any]:
    """Fill the target's gaps; {"household": {field: [before, after]}, "people": {id: {field: [before, after]}},
    "numbers": [[model, from, to, number of the register]]}."""
    people = {row.pk: row for row in Person.objects.filter(pk__in=[*same.keys(), *same.values()])}
    numbers = [_hand_over(people[mine], people[theirs]) for mine, theirs in same.items()]
    filled = {str(theirs): _fill(people[mine], people[theirs], OF_PERSON) for mine, theirs in same.items()}
    return {
        "numbers": [taken for taken in (_hand_over(source, target), *numbers) if taken],
        "household": _fill_household(source, target),
        "people": {pk: values for pk, values in filled.items() if values},
    }


def empty(filled: Mapping[str, Any], join: HouseholdJoin, target: Household) -> None:
    """Take out what was filled in, where it still stands as it was filled."""
    for name, mine, theirs, number in filled["numbers"]:
        _hand_back(Household if name == "household" else Person, mine, theirs, number)
    household = dict(filled["household"])
    if "protected" in household and (_decided_since(join) or _protected_by_another(join)):
        del household["protected"]
    if "status" in household and target.status != household["status"][1]:
        del household["status"]
    _empty(Household, target.pk, household)
    for pk, values in filled["people"].items():
        _empty(Person, int(pk), values)


def _hand_over(source: Household | Person, target: Household | Person) -> list[Any]:
    """The number of the residents' register goes to the one that stands: the city's next extract must find it."""
    if source.resident_no is None or target.resident_no is not None:
        return []
    target.resident_no, source.resident_no = source.resident_no, None
    source.save(update_fields=["resident_no"])
    target.save(update_fields=["resident_no"])
    return [source._meta.model_name, source.pk, target.pk, target.resident_no]


def _hand_back(model: type[Household] | type[Person], mine: int, theirs: int, number: str) -> None:
    if model._default_manager.filter(pk=theirs, resident_no=number).update(resident_no=None):
        model._default_manager.filter(pk=mine, resident_no__isnull=True).update(resident_no=number)


def _fill_household(source: Household, target: Household) -> dict[str, list[Any]]:
    names = ("caution",) if target.address or target.postal_code else ("caution", *OF_ADDRESS)
    changes: dict[str, Any] = {}
    if source.protected and not target.protected:
        changes["protected"] = True
    if source.status == Household.Status.ACTIVE and target.status != Household.Status.ACTIVE:
        changes["status"] = Household.Status.ACTIVE.value
    return _fill(source, target, names, changes)


def _fill(
    source: Household | Person,
    target: Household | Person,
    names: tuple[str, ...],
    changes: Mapping[str, Any] | None = None,
) -> dict[str, list[Any]]:
    wanted = {
        name: getattr(source, name)
        for name in names
        if getattr(target, name) in _NOTHING and getattr(source, name) not in _NOTHING
    } | dict(changes or {})
    done = {name: [_plain(getattr(target, name)), _plain(value)] for name, value in wanted.items()}
    for name, value in wanted.items():
        setattr(target, name, value)
    if wanted:
        target.save(update_fields=list(wanted))
    return done


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _empty(model: type[Household] | type[Person], pk: int, filled: Mapping[str, list[Any]]) -> None:
    row = model._default_manager.filter(pk=pk).first()
    if row is None:
        return
    back = {name: before for name, (before, after) in filled.items() if _plain(getattr(row, name)) == after}
    if back:
        model._default_manager.filter(pk=pk).update(**back)


def protected_since(moved: Mapping[str, Any], join: HouseholdJoin, target: Household) -> bool:
    """Whether 支援措置 came to the joined family after the join, and not with another family it took in."""
    if _decided_since(join):
        return target.protected
    before = moved["protected"] or "protected" in moved["filled"]["household"]
    return target.protected and not before and not _protected_by_another(join)


def _decided_since(join: HouseholdJoin) -> bool:
    """Whether somebody decided on 支援措置 of the joined family: what they said stands, wherever it first came from."""
    return protection.decided_since(join.target_id, join.joined_at)


def _protected_by_another(join: HouseholdJoin) -> bool:
    """Whether a family that stays joined here is under 支援措置 itself."""
    others = HouseholdJoin.objects.filter(target=join.target_id, parted_at__isnull=True).exclude(pk=join.pk)
    return others.filter(source__protected=True).exists()
