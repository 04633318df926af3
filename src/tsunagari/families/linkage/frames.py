"""A town as one row a person, with what the household says about each of them.

Takes entries one by one and keeps folded keys only. The frame is an Arrow table, which DuckDB and Spark both take.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

import pyarrow as pa

from tsunagari.families.linkage import keys, readings, whole

#: A number written down for more households than this is an office's or a placeholder, and says nothing.
SHARED_CONTACT = 4
#: A day on which more of the town than this share is said to be born was typed in for want of a better one.
SHARED_BIRTH = 0.005
_MANY_BIRTHS = 40
#: How many times likelier a name must be the other way round before it is turned.
_NO_DOUBT = 30
_FAMILY, _GIVEN = ("family", "family_kana", "family_sound"), ("given", "given_kana", "given_sound")
_AT_ONCE = 20_000

SCHEMA = pa.schema(
    [
        ("unique_id", pa.int64()),
        ("household", pa.int64()),
        ("who", pa.string()),
        ("child", pa.bool_()),
        ("family", pa.string()),
        ("family_kana", pa.string()),
        ("family_sound", pa.string()),
        ("given", pa.string()),
        ("given_kana", pa.string()),
        ("given_sound", pa.string()),
        ("turned", pa.bool_()),
        ("nick", pa.bool_()),
        ("several", pa.bool_()),
        ("sex", pa.string()),
        ("birth", pa.string()),
        ("about", pa.int32()),
        ("contacts", pa.list_(pa.string())),
        ("address", pa.string()),
        ("town", pa.string()),
        ("post", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One person as recorded. `about_months` is the age somebody guessed on `about_on`; months, not years."""

    person: int
    household: int
    kind: str
    family_name: str = ""
    given_name: str = ""
    family_kana: str = ""
    given_kana: str = ""
    nickname: str = ""
    sex: str = ""
    birth_date: date | None = None
    about_months: int | None = None
    about_on: date | None = None
    relation: str = ""
    phone: str = ""
    phone_other: str = ""
    email: str = ""
    postal_code: str = ""
    address: str = ""
    household_nickname: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """`people` follows SCHEMA; `apart` holds (smaller id, larger id) of households that are known not to be one."""

    people: pa.Table
    apart: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    @property
    def households(self) -> int:
        """How many households have somebody in them."""
        return len(self.people["household"].unique())


def of_entries(entries: Iterable[Entry], apart: frozenset[tuple[int, int]] = frozenset()) -> Frame:
    """A frame of people in the order of their households."""
    batches, rows, known = [], [], Counter[str]()
    for _, members in groupby(entries, key=lambda entry: entry.household):
        found = _household(list(members))
        if found:
            known.update(found[0]["contacts"])
            rows.extend(found)
        if len(rows) >= _AT_ONCE:
            batches.append(pa.RecordBatch.from_pylist(rows, schema=SCHEMA))
            rows = []
    batches.append(pa.RecordBatch.from_pylist(rows, schema=SCHEMA))
    keys.forget()
    people = pa.Table.from_batches(batches, SCHEMA)
    people = whole.split(_without_common_births(_without_shared(people, known)))
    return Frame(readings.fill(_turned_back(people)), apart)


def _household(members: list[Entry]) -> list[dict[str, Any]]:
    """Rows of the people of one household; nobody of whom nothing at all is known."""
    contacts = sorted(
        {key for entry in members for key in keys.contacts(entry.phone, entry.phone_other, entry.email)}
    )
    place = keys.address(members[0].address)
    children = sum(entry.kind == "child" for entry in members)
    rows = []
    for entry in members:
        row = {
            **_person(entry, only_child=entry.kind == "child" and children == 1),
            "contacts": contacts,
            "address": place.address,
            "town": place.town,
            "post": entry.postal_code or None,
        }
        if any(row[key] is not None for key in ("family", "given", "given_kana", "birth", "about")):
            rows.append(row)
    return rows


def _person(entry: Entry, *, only_child: bool) -> dict[str, Any]:
    written = keys.parts(entry.family_name, entry.given_name)
    reading = keys.reading_parts(written, entry.family_kana, entry.given_kana)
    family, given = (keys.name(*pair) for pair in zip(written, reading, strict=True))
    called = None
    if given.text is None and given.kana is None and entry.kind == "child":
        called = keys.nickname(entry.nickname or (entry.household_nickname if only_child else ""))
    known_sex = keys.sex(entry.sex, entry.relation)
    return {
        "unique_id": entry.person,
        "household": entry.household,
        "who": keys.who(entry.kind, entry.relation, known_sex),
        "child": entry.kind == "child",
        "family": family.text,
        "family_kana": family.kana,
        "family_sound": keys.sound(family.kana),
        "given": given.text,
        "given_kana": given.kana or called,
        "given_sound": keys.sound(given.kana or called),
        "turned": False,
        "nick": called is not None,
        "several": keys.several(*(reading if any(reading) else written)),
        "sex": known_sex,
        "birth": entry.birth_date.strftime("%Y%m%d") if entry.birth_date else None,
        "about": _about(entry),
    }


def _about(entry: Entry) -> int | None:
    """The month of birth counted from year 0, known or guessed."""
    if entry.birth_date is not None:
        return entry.birth_date.year * 12 + entry.birth_date.month
    if entry.about_months is None or entry.about_on is None:
        return None
    return entry.about_on.year * 12 + entry.about_on.month - entry.about_months


def _without_shared(people: pa.Table, known: Counter[str]) -> pa.Table:
    shared = {contact for contact, households in known.items() if households > SHARED_CONTACT}
    column = [
        [contact for contact in contacts if contact not in shared] or None
        for contacts in people["contacts"].to_pylist()
    ]
    return people.set_column(
        people.schema.get_field_index("contacts"), "contacts", pa.array(column, pa.list_(pa.string()))
    )


def _without_common_births(people: pa.Table) -> pa.Table:
    """1900-01-01 and its like: the day and the month are nobody's."""
    births = people["birth"].to_pylist()
    most = max(_MANY_BIRTHS, SHARED_BIRTH * len(births))
    common = {birth for birth, count in Counter(births).items() if birth is not None and count > most}
    if not common:
        return people
    for name in ("birth", "about"):
        values = zip(births, people[name].to_pylist(), strict=True)
        kept = pa.array(
            [None if birth in common else value for birth, value in values], people.schema.field(name).type
        )
        people = people.set_column(people.schema.get_field_index(name), name, kept)
    return people


def _turned_back(people: pa.Table) -> pa.Table:
    """Names written the wrong way round, set right where the town's other names leave no doubt (渡辺 as a given name)."""
    columns = {name: people[name].to_pylist() for name in (*_FAMILY, *_GIVEN)}
    family, given = (
        [text or kana for text, kana in zip(columns[part], columns[f"{part}_kana"], strict=True)]
        for part in ("family", "given")
    )
    families, givens = Counter(family), Counter(given)
    turned = [
        bool(one and other)
        and (families[other] + 1) * (givens[one] + 1) > _NO_DOUBT * (families[one] + 1) * (givens[other] + 1)
        for one, other in zip(family, given, strict=True)
    ]
    if not any(turned):
        return people
    for name, twin in zip((*_FAMILY, *_GIVEN), (*_GIVEN, *_FAMILY), strict=True):
        values = [columns[twin][row] if turn else columns[name][row] for row, turn in enumerate(turned)]
        people = people.set_column(people.schema.get_field_index(name), name, pa.array(values, pa.string()))
    return people.set_column(people.schema.get_field_index("turned"), "turned", pa.array(turned, pa.bool_()))
