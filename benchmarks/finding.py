"""What finding records by their words and the number of the menu cost, in the benchmark's large town."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import psycopg

from tsunagari.base.access import SCOPES, Role, actions_of
from tsunagari.base.actor import Actor
from tsunagari.config import database

SAMPLES = 120
READERS = 2_000  # people who have seals; user ids that nobody has
OPEN = 40  # of each
SEALS = """
INSERT INTO encounters_seal (municipality_id, consultation_id, agency_id, user_id, user_name, kind, asked_at,
                             asked_by_name, note, sealed_at, sealed_version)
SELECT municipality_id, id, agency_id, 1000000 + id %% %(readers)s, '架空', 'read', created_at, '', '',
       CASE WHEN (id / %(readers)s) %% %(every)s = 0 THEN NULL ELSE created_at END,
       CASE WHEN (id / %(readers)s) %% %(every)s = 0 THEN NULL ELSE 1 END
FROM encounters_consultation WHERE municipality_id = %(town)s
"""


def search(town: int) -> None:
    """Two to six characters out of texts there are (as often as they stand there), a rare name, and what nobody wrote;
    for the centre, which looks through the town, and for one agency."""
    from tsunagari.base import tenancy
    from tsunagari.encounters.models import Consultation
    from tsunagari.encounters.queries.searching import Wanted
    from tsunagari.encounters.queries.searching import search as find

    chance = random.Random(7)
    with tenancy.municipality(town):
        agency = Consultation.objects.values_list("agency_id", flat=True)[0]
        texts = _texts(chance)
        for role in (Role.NURSE, Role.COUNSELOR):
            actor = _actor(role, town, agency)
            for label, words in _queries(texts, chance).items():
                found = [_timed(lambda actor=actor, word=word: find(actor, Wanted(word))) for word in words]
                hits = [len(page.hits) for _, page in found]
                _row(
                    f"search {role}", label, [seconds for seconds, _ in found], f"{statistics.mean(hits):.1f}"
                )


def unread(town: int, name: str) -> None:
    """The number in the menu for somebody with OPEN of half a million seals, and for one with a hundred and more."""
    from django.db import connection

    from tsunagari.base import tenancy
    from tsunagari.encounters.queries.circulation import open_count

    _seals(town, name)
    with tenancy.municipality(town):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT user_id, agency_id, count(*) FROM encounters_seal WHERE municipality_id = %s "
                "AND sealed_at IS NULL AND withdrawn_at IS NULL GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 50",
                [town],
            )
            people = cursor.fetchall()
        taken = []
        for user, agency, number in people:
            actor = _actor(Role.MANAGER, town, agency, user)
            assert open_count(actor) == min(number, 100)
            taken += [_timed(lambda actor=actor: open_count(actor))[0] for _ in range(10)]
    _row("unread", "the number in the menu", taken, f"{people[0][2]}")


def _seals(town: int, name: str) -> None:
    """Once: a seal on every record of the town, most of them made."""
    with psycopg.connect(database.owner_url(name), autocommit=True) as connection:
        known = connection.execute(
            "SELECT 1 FROM encounters_seal WHERE user_id >= 1000000 LIMIT 1"
        ).fetchone()
        if known is None:
            connection.execute(SEALS, {"readers": READERS, "every": 6, "town": town})
            connection.execute("VACUUM ANALYZE encounters_seal")


def _texts(chance: random.Random) -> list[str]:
    from tsunagari.encounters.models import Consultation

    ids = list(Consultation.objects.order_by("-pk").values_list("pk", flat=True)[:400_000])
    rows = Consultation.objects.filter(pk__in=chance.sample(ids, 400))
    return list(rows.values_list("content", flat=True))


def _queries(texts: list[str], chance: random.Random) -> dict[str, list[str]]:
    found = {
        f"{size} characters": [_piece(texts, size, chance) for _ in range(SAMPLES)] for size in range(2, 7)
    }
    found["a rare name"] = ["".join(chance.choices("架空青緑雪割里浜原沢峰瀬", k=3)) for _ in range(SAMPLES)]
    found["two words"] = [f"{_piece(texts, 3, chance)} {_piece(texts, 2, chance)}" for _ in range(SAMPLES)]
    found["nowhere"] = ["鯨捕鯨", "どこにもない", "ｚｚ"] * (SAMPLES // 3)
    return found


def _piece(texts: list[str], size: int, chance: random.Random) -> str:
    while True:
        text = chance.choice(texts)
        at = chance.randrange(max(len(text) - size, 1))
        piece = text[at : at + size]
        if "。" not in piece and len(piece) == size:
            return piece


def _actor(role: Role, town: int, agency: int, user: int = 1) -> Actor:
    return Actor(user, "架空", town, role, agency_id=agency, scope=SCOPES[role], actions=actions_of(role))


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    found = work()
    return (time.perf_counter() - started) * 1000, found


def _row(section: str, label: str, taken: list[float], more: str) -> None:
    """p50, p95 and the longest, in milliseconds."""
    ordered = sorted(taken)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(
        f"| {section} | {label} | {statistics.median(ordered):.1f} | {p95:.1f} | {ordered[-1]:.1f} | {more} |"
    )
