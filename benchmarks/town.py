"""A large town in bulk: rows for COPY, made from a seed. Everybody in it is a random combination, nobody is real."""

from __future__ import annotations

import hashlib
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from benchmarks.words import text_of
from tsunagari.families.rules import CODE_SIGNS, TOKEN_LENGTH, Words, card_number, grams, sort_keys

EPOCH = datetime(2024, 11, 1, tzinfo=UTC)
DAYS = 730
FAMILY = [
    ("佐藤", "サトウ"), ("鈴木", "スズキ"), ("高橋", "タカハシ"), ("田中", "タナカ"), ("伊藤", "イトウ"), ("渡辺", "ワタナベ"),
    ("山本", "ヤマモト"), ("中村", "ナカムラ"), ("小林", "コバヤシ"), ("加藤", "カトウ"), ("吉田", "ヨシダ"), ("山田", "ヤマダ"),
    ("佐々木", "ササキ"), ("山口", "ヤマグチ"), ("松本", "マツモト"), ("井上", "イノウエ"), ("木村", "キムラ"), ("林", "ハヤシ"),
    ("斎藤", "サイトウ"), ("清水", "シミズ"), ("山崎", "ヤマザキ"), ("森", "モリ"), ("池田", "イケダ"), ("橋本", "ハシモト"),
    ("阿部", "アベ"), ("石川", "イシカワ"), ("前田", "マエダ"), ("藤田", "フジタ"), ("小川", "オガワ"), ("後藤", "ゴトウ"),
    ("岡田", "オカダ"), ("長谷川", "ハセガワ"), ("村上", "ムラカミ"), ("近藤", "コンドウ"), ("石井", "イシイ"), ("坂本", "サカモト"),
    ("遠藤", "エンドウ"), ("青木", "アオキ"), ("藤井", "フジイ"), ("西村", "ニシムラ"), ("福田", "フクダ"), ("太田", "オオタ"),
    ("三浦", "ミウラ"), ("岡本", "オカモト"), ("藤原", "フジワラ"), ("松田", "マツダ"), ("中川", "ナカガワ"), ("中野", "ナカノ"),
    ("原田", "ハラダ"), ("小野", "オノ"), ("田村", "タムラ"), ("竹内", "タケウチ"), ("金子", "カネコ"), ("和田", "ワダ"),
]  # fmt: skip
SYLLABLES = [
    ("悠", "ユウ"), ("陽", "ハル"), ("結", "ユイ"), ("葵", "アオイ"), ("蓮", "レン"), ("湊", "ミナト"), ("颯", "ソウ"), ("凛", "リン"),
    ("咲", "サキ"), ("桜", "サクラ"), ("莉", "リ"), ("芽", "メ"), ("心", "コ"), ("花", "ハナ"), ("乃", "ノ"), ("香", "カ"),
    ("真", "マ"), ("美", "ミ"), ("太", "タ"), ("斗", "ト"), ("翔", "ショウ"), ("樹", "キ"), ("朝", "アサ"), ("光", "ヒカル"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ids:
    """Where a town's rows start, and its fixed parts."""

    municipality: int
    agencies: list[int]
    user: int
    user_name: str
    household0: int
    person0: int
    visit0: int
    record0: int


@dataclass(frozen=True, slots=True)
class Family:
    """One household of the bulk town: its ids, people and the agencies that know it."""

    household: int
    people: list[tuple[int, str, Words, str]]  # id, kind, words, sex
    agencies: list[int]
    card: str


def families(ids: Ids, households: int, seed: int) -> Iterator[Family]:
    """Two guardians or one, one to three children; known to one to three agencies."""
    chance = random.Random(seed)
    person = ids.person0
    for number in range(households):
        family = chance.choices(FAMILY, weights=range(len(FAMILY), 0, -1))[0]
        people = []
        guardians = 1 if chance.random() < 0.12 else 2
        for position in range(guardians + chance.choices((1, 2, 3), (5, 4, 1))[0]):
            guardian = position < guardians
            people.append(
                (person, "guardian" if guardian else "child", _words(chance, family, guardian), "1")
            )
            person += 1
        known = chance.sample(ids.agencies, chance.choices((1, 2, 3), (7, 2, 1))[0])
        yield Family(ids.household0 + number, people, known, card_number(number))


def _words(chance: random.Random, family: tuple[str, str], guardian: bool) -> Words:
    first, second = chance.choice(SYLLABLES), chance.choice(SYLLABLES)
    days = chance.randrange(22 * 365, 45 * 365) if guardian else chance.randrange(0, 7 * 365)
    return Words(
        family_name=family[0],
        given_name=first[0] + second[0],
        family_kana=family[1],
        given_kana=first[1] + second[1],
        birth_date=date(2026, 11, 1) - timedelta(days=days),
        phones=(f"0900{chance.randrange(10**7):07d}",) if guardian else (),
    )


def household_row(ids: Ids, family: Family) -> tuple[object, ...]:
    return (
        family.household, ids.municipality, "household", "", None, True, "", "架空市あおば町1-2-3", "",
        "active", False, "", EPOCH, 1,
    )  # fmt: skip


def card_row(ids: Ids, family: Family) -> tuple[object, ...]:
    return (
        ids.municipality, family.household, family.card, token_of(family.household), "active", True, EPOCH, EPOCH, "",
    )  # fmt: skip


def token_of(household: int) -> str:
    """The token of a family's card, so that clients can show it without asking the database."""
    digest = hashlib.sha256(f"card {household}".encode()).digest()
    return "".join(CODE_SIGNS[byte % 16] for byte in digest[:TOKEN_LENGTH])


def person_rows(ids: Ids, family: Family) -> Iterator[tuple[object, ...]]:
    for person, kind, words, sex in family.people:
        yield (
            person, ids.municipality, family.household, kind, "living", words.family_name, words.given_name,
            words.family_kana, words.given_kana, "", sex, words.birth_date, 1, "", "",
            words.phones[0] if words.phones else "", "", "", "", 1,
        )  # fmt: skip


def search_row(ids: Ids, family: Family) -> tuple[object, ...]:
    words = [entry[2] for entry in family.people]
    kana, name = sort_keys(words)
    return (
        family.household, ids.municipality, kana, name,
        [word.kana_key for word in words], [word.name_key for word in words],
        grams(words, cards=[family.card], agency_ids=family.agencies), True,
    )  # fmt: skip


def link_rows(ids: Ids, family: Family) -> Iterator[tuple[object, ...]]:
    kana, name = sort_keys([entry[2] for entry in family.people])
    for agency in family.agencies:
        yield (
            ids.municipality,
            family.household,
            agency,
            "check_in",
            EPOCH,
            date(2026, 10, 30),
            kana,
            name,
            True,
        )


def registration_row(ids: Ids, family: Family) -> tuple[object, ...]:
    return (
        ids.municipality,
        family.household,
        family.agencies[0],
        True,
        "counter",
        EPOCH.date(),
        EPOCH,
        "",
        "",
    )


def visit_rows(
    ids: Ids, known: list[tuple[int, list[int], list[int]]], visits: int, seed: int
) -> Iterator[tuple[int, int, list[int], tuple[object, ...]]]:
    """(visit id, household, children, row): spread over two years, more for some families than for others."""
    chance = random.Random(seed + 1)
    for number in range(visits):
        household, children, agencies = known[int(chance.betavariate(1, 1.6) * len(known))]
        at = EPOCH + timedelta(days=chance.randrange(DAYS), minutes=chance.randrange(420))
        row = (
            ids.visit0 + number, ids.municipality, agencies[0], household, at.date(), at, 1, len(children), False,
            False, "", uuid.UUID(int=chance.getrandbits(128)), ids.user, at,
        )  # fmt: skip
        yield ids.visit0 + number, household, children, row


def record_rows(
    ids: Ids, known: list[tuple[int, list[int], list[int]]], records: int, seed: int
) -> Iterator[tuple[int, int, list[int], tuple[object, ...]]]:
    """(record id, household, children, row)."""
    chance = random.Random(seed + 2)
    for number in range(records):
        household, children, agencies = known[int(chance.betavariate(1, 1.6) * len(known))]
        at = EPOCH + timedelta(days=chance.randrange(DAYS), minutes=chance.randrange(420))
        category = chance.randrange(1, 14)
        due = (at + timedelta(days=14)).date() if chance.random() < 0.1 else None
        closed = at + timedelta(days=15) if due and chance.random() < 0.995 else None
        row = (
            ids.record0 + number, ids.municipality, agencies[0], household, "", at.date(), at, "visit", "", category,
            [category], text_of(ids.record0 + number), "", ["listened"], "", "",
            "その後をきく" if due else "", due, closed, "", chance.choice(("not_asked", "given", "refused")),
            ids.user, ids.user_name, uuid.UUID(int=chance.getrandbits(128)), at, at, 1,
        )  # fmt: skip
        yield ids.record0 + number, household, children, row
