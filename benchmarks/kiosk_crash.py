"""`python -m benchmarks.kiosk_crash [--kills 40] [--families 400]`: eight tablets through a long storm.

In a database of its own that is removed afterwards. Prints what was sent, what broke and what stands in the database;
the last line is the verdict, and the exit code 1 when anything was lost or counted twice.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
from collections import Counter
from typing import Any

from tsunagari.config import database, preparing, running

NAME = "tsunagari_bench_storm"
TABLETS = 8


def main() -> int:
    options = _options()
    with database.in_use():
        preparing.drop_database(NAME)
        preparing.prepare(NAME)
        os.environ.update(TSUNAGARI_DB_NAME=NAME, TSUNAGARI_TESTING="1")
        _migrate()
        try:
            with running.django_ready("web"):
                return _storm(options)
        finally:
            preparing.drop_database(NAME)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kiosk_crash")
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--families", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _migrate() -> None:
    own = {"TSUNAGARI_DB_ROLE": "owner", "DJANGO_SETTINGS_MODULE": "tsunagari.config.settings"}
    command = [sys.executable, "-m", "django", "migrate", "-v0", "--skip-checks"]
    subprocess.run(command, env={**os.environ, **own}, check=True)


def _storm(options: argparse.Namespace) -> int:
    from tests import makers
    from tests.flows import storm

    chance = random.Random(options.seed)
    town = makers.make_town("999996", "嵐の市（架空）")
    cards = _cards(town, options.families)
    tablets = _tablets(town, cards, chance, pause=options.kills * 8 * TABLETS / (2 * options.families))
    started = time.monotonic()
    with storm.serving(NAME) as server:
        storm.storm(server, tablets, kills=options.kills, seconds=3600, chance=chance)
        kills = server.kills
    return _verdict(town, cards, tablets, kills, time.monotonic() - started)


def _cards(town: Any, families: int) -> list[Any]:
    from tests.encounters.cast import kimura
    from tests.encounters.kiosk import make_card
    from tests.makers import scope

    with scope(town, town.stranger.user_id):
        return [make_card(kimura(town.stranger)) for _ in range(families)]


def _tablets(town: Any, cards: list[Any], chance: random.Random, pause: float) -> list[Any]:
    """Each card is held to two tablets; besides, a tenth as many newcomers as cards."""
    from tests.encounters.kiosk import tablet
    from tests.flows.storm import Tablet
    from tests.makers import scope

    items: list[list[dict[str, Any]]] = [[] for _ in range(TABLETS)]
    for number, card in enumerate(cards):
        for one in chance.sample(range(TABLETS), 2):
            items[one].append({"text": card.token})
        if number % 10 == 0:
            items[number % TABLETS].append({"kind": "newcomer", "adults": 1, "children": 1})
    made = []
    with scope(town, town.counselor.user_id):
        for number, own in enumerate(items):
            device, secret = tablet(town.counselor)
            cookie = f"{town.municipality.pk}.{device.pk}.{secret}"
            made.append(Tablet(cookie, own, random.Random(number), pause=pause))
    return made


def _verdict(town: Any, cards: list[Any], tablets: list[Any], kills: int, seconds: float) -> int:
    from tests.makers import scope

    from tsunagari.audit import queries as audit
    from tsunagari.encounters.models import Visit

    sent = sum(len(one.items) for one in tablets)
    newcomers = sum("text" not in item for one in tablets for item in one.items)
    told = Counter(state for one in tablets for state in one.receipts.values())
    broken = sum((one.broken for one in tablets), Counter[str]())
    with scope(town):
        by_family = Counter(Visit.objects.values_list("household_id", flat=True))
        chain = [one.broken for one in audit.verify(town.municipality.pk)]
    unnamed = by_family.pop(None, 0)
    lost = len(cards) - len(by_family) + max(0, newcomers - unnamed) + sent - sum(told.values())
    doubled = sum(count - 1 for count in by_family.values()) + max(0, unnamed - newcomers)
    print(
        f"{sent} readings of {len(cards)} families and {newcomers} newcomers at {TABLETS} tablets, {seconds:.0f} s"
    )
    print(f"{kills} kills, {sum(broken.values())} requests broken: {dict(broken)}")
    print(f"receipts: {dict(told)}; trail {'whole' if chain == [None] else chain}")
    print(f"lost {lost}, counted twice {doubled}")
    return 1 if lost or doubled or chain != [None] else 0


if __name__ == "__main__":
    sys.exit(main())
