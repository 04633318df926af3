"""The same work as bare SQL through psycopg, as the web role, in the same run: the yardstick of the ratios."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg

Connection = psycopg.Connection[Any]
OPEN = "SELECT set_config('tsunagari.municipality', %s, true)"


class Plain:
    """Bare statements on one connection; each call is one transaction with the municipality set."""

    def __init__(
        self, login: dict[str, Any], town: int, agency: int, households: list[int], seed: int
    ) -> None:
        self.connection = psycopg.connect(**login)
        self.town, self.agency, self.households = town, agency, households
        self.chance = random.Random(seed)

    def timed(self, work: Callable[[Connection], object]) -> float:
        started = time.perf_counter()
        with self.connection.transaction():
            self.connection.execute(OPEN, [str(self.town)])
            work(self.connection)
        return time.perf_counter() - started

    def today(self, c: Connection) -> None:
        c.execute(
            "SELECT * FROM encounters_visit WHERE agency_id = %s AND visited_on = current_date", [self.agency]
        ).fetchall()
        c.execute(
            "SELECT * FROM encounters_consultation WHERE agency_id = %s AND next_on <= current_date "
            "AND next_done_at IS NULL ORDER BY next_on LIMIT 51",
            [self.agency],
        ).fetchall()
        c.execute(
            "SELECT * FROM encounters_consultation WHERE agency_id = %s AND occurred_at > now() - interval '14 days' "
            "ORDER BY occurred_at DESC LIMIT 31",
            [self.agency],
        ).fetchall()

    def search(self, c: Connection) -> None:
        start = self.chance.choice(("サト", "タナ", "コハヤ", "イト", "ミウラ"))
        c.execute(
            "SELECT household_id FROM families_agencylink WHERE agency_id = %s AND sort_kana >= %s AND sort_kana < %s "
            "ORDER BY sort_kana LIMIT 20",
            [self.agency, start, start[:-1] + chr(ord(start[-1]) + 1)],
        ).fetchall()
        c.execute("SELECT * FROM families_find(%s, 200)", [[f"k:{start[:2]}", f"a:{self.agency}"]]).fetchall()

    def family(self, c: Connection) -> None:
        household = self.chance.choice(self.households)
        for statement in (
            "SELECT * FROM families_household WHERE id = %s",
            "SELECT * FROM families_person WHERE household_id = %s",
            "SELECT * FROM families_registration WHERE household_id = %s",
            "SELECT * FROM encounters_visit WHERE household_id = %s ORDER BY arrived_at DESC LIMIT 31",
            "SELECT * FROM encounters_consultation WHERE household_id = %s ORDER BY occurred_at DESC LIMIT 31",
        ):
            c.execute(statement, [household]).fetchall()

    def save(self, c: Connection) -> None:
        now = datetime.now(UTC)
        c.execute(
            "INSERT INTO encounters_consultation (municipality_id, agency_id, household_id, who_hint, occurred_on, "
            "occurred_at, channel, place, main_category, categories, content, assessment, responses, response_note, "
            "progress, next_step, next_result, consent, author_name, key, created_at, updated_at, version) VALUES "
            "(%s, %s, %s, '', %s, %s, 'visit', '', 5, '{5}', '内容', '', '{listened}', '', '', '', '', 'given', '', %s, "
            "%s, %s, 1)",
            [self.town, self.agency, self.chance.choice(self.households), now.date(), now, uuid4(), now, now],
        )

    def check_in(self, c: Connection) -> None:
        now = datetime.now(UTC)
        c.execute(
            "INSERT INTO encounters_visit (municipality_id, agency_id, household_id, visited_on, arrived_at, adults, "
            "children, first_time, other_town, note, key, created_at) VALUES (%s, %s, %s, %s, %s, 1, 1, false, false, "
            "'', %s, %s)",
            [self.town, self.agency, self.chance.choice(self.households), now.date(), now, uuid4(), now],
        )

    def kiosk(self, c: Connection) -> None:
        """Find the card, lock the household, write the visit: what cannot be left out."""
        household = self.chance.choice(self.households)
        c.execute(
            "SELECT household.id FROM families_card card JOIN families_household household "
            "ON household.id = card.household_id WHERE card.household_id = %s FOR NO KEY UPDATE OF household",
            [household],
        ).fetchall()
        self.check_in(c)

    def register(self, c: Connection) -> None:
        row = c.execute(
            "INSERT INTO families_household (municipality_id, kind, nickname, registered_resident, postal_code, "
            "address, address_detail, status, protected, caution, created_at, version) VALUES "
            "(%s, 'household', '', false, '', '', '', 'active', false, '', now(), 1) RETURNING id",
            [self.town],
        ).fetchone()
        for kind in ("guardian", "child"):
            c.execute(
                "INSERT INTO families_person (municipality_id, household_id, kind, life, family_name, given_name, "
                "family_kana, given_kana, nickname, sex, birth_order, relation, relation_code, phone, phone_other, "
                "email, language, version) VALUES "
                "(%s, %s, %s, 'living', '試験', '花', 'シケン', 'ハナ', '', '2', 1, '', '', '', '', '', '', 1)",
                [self.town, row[0], kind],
            )
