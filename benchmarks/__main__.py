"""`python -m benchmarks [--households 200000] [--seconds 10] [--clients 1,4,8]`: the pages over HTTP beside bare SQL.

The database is made once (`benchmarks.seed`) and used again; `--reseed` makes it anew. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tsunagari.config import database, preparing, running

OPERATIONS = ("today", "search", "family", "save", "check_in", "register", "kiosk")
PORT = 8790


@dataclass(frozen=True)
class Town:
    """What the clients need to know of the large municipality."""

    municipality: int
    agency: int
    households: list[int]
    session: str
    tablet: str
    cards: list[str]


def _forget_former_runs(name: str) -> None:
    """What earlier runs wrote today goes, so that a day's roster is no longer than a day."""
    import psycopg

    with psycopg.connect(database.owner_url(name)) as connection:
        connection.execute(
            "DELETE FROM encounters_visitperson WHERE visit_id IN "
            "(SELECT id FROM encounters_visit WHERE created_at > now() - interval '2 days')"
        )
        connection.execute(
            "DELETE FROM encounters_consultationperson WHERE consultation_id IN "
            "(SELECT id FROM encounters_consultation WHERE created_at > now() - interval '2 days')"
        )
        connection.execute("DELETE FROM encounters_draft")
        connection.execute("DELETE FROM encounters_kioskscan")
        connection.execute("DELETE FROM encounters_visit WHERE created_at > now() - interval '2 days'")
        connection.execute("DELETE FROM encounters_consultation WHERE created_at > now() - interval '2 days'")


def main() -> None:
    options = _options()
    name = f"tsunagari_bench_{options.households}"
    with database.in_use():
        if options.reseed or not preparing.database_exists(database.owner_login(name)):
            subprocess.run(
                [sys.executable, "-m", "benchmarks.seed", name, str(options.households)], check=True
            )
        _forget_former_runs(name)
        os.environ.update(TSUNAGARI_DB_NAME=name, TSUNAGARI_TESTING="1", TSUNAGARI_MFA_REQUIRED="0")
        with running.django_ready("web"), _server(name):
            towns = _towns(max(options.clients))
            print(f"\n{options.households:,} households, {options.seconds} s each, milliseconds\n")
            print("| operation | clients | p50 | p95 | bare SQL p50 | bare SQL p95 | ratio p50 |")
            print("|---|---|---|---|---|---|---|")
            for operation in options.operations:
                for clients in options.clients:
                    _measure(operation, clients, options.seconds, towns, name)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--households", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--clients", type=lambda text: [int(n) for n in text.split(",")], default=[1, 4, 8])
    parser.add_argument("--operations", type=lambda text: text.split(","), default=list(OPERATIONS))
    parser.add_argument("--reseed", action="store_true")
    return parser.parse_args()


@contextmanager
def _server(name: str) -> Iterator[None]:
    """The product's own server with two workers, on loopback."""
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--workers",
        "2",
        "--blocking-threads",
        "4",
    ]
    command += [
        "--host",
        "127.0.0.1",
        "--port",
        str(PORT),
        "--no-access-log",
        "tsunagari.config.wsgi:application",
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await_server()
        yield
    finally:
        server.terminate()
        server.wait(20)


def _await_server() -> None:
    import http.client

    for _ in range(150):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=2)
            connection.request("GET", "/accounts/login/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not start")


def _towns(clients: int) -> list[Town]:
    """One desk a client: a counselor at an agency of their own, and up to 3,000 families that it knows."""
    from tests import makers

    from tsunagari.base import tenancy
    from tsunagari.base.access import Role
    from tsunagari.families.models import AgencyLink
    from tsunagari.places.models import Agency, Municipality

    municipality = Municipality.objects.get(code="999990")
    desks = []
    with tenancy.municipality(municipality.pk):
        for agency in Agency.objects.filter(municipality=municipality).order_by("pk")[:clients]:
            actor = makers.make_actor(municipality, Role.COUNSELOR, agency, "相談 架空", user=_user())
            linked = AgencyLink.objects.filter(agency_id=agency.pk).order_by("?")
            households = list(linked.values_list("household_id", flat=True)[:3000])
            desks.append((actor, agency.pk, households, _tablet(actor), _cards(agency.pk)))
    return [
        Town(municipality.pk, agency, households, makers.client_of(actor).cookies["sessionid"].value, *kiosk)
        for actor, agency, households, *kiosk in desks
    ]


def _tablet(actor: Any) -> str:
    """The cookie's value of a tablet at the actor's agency."""
    from tsunagari.accounts.operations import devices

    device, secret = devices.unlock(actor=actor, name="速さを測る端末")
    return f"{device.municipality_id}.{device.pk}.{secret}"


def _cards(agency_id: int) -> list[str]:
    """Tokens of the cards of families the agency knows, in no order."""
    from tsunagari.families.models import AgencyLink, Card

    known = AgencyLink.objects.filter(agency_id=agency_id).values("household_id")
    return list(
        Card.objects.filter(household_id__in=known).order_by("?").values_list("token", flat=True)[:20_000]
    )


def _user() -> Any:
    from tsunagari.accounts.models import User

    user = User(username=f"bench-{uuid4().hex}", name="相談 架空")
    user.set_password(uuid4().hex)
    user.save()
    return user


def _measure(operation: str, clients: int, seconds: float, towns: list[Town], name: str) -> None:
    from benchmarks.work import work_of

    served = _together(clients, seconds, lambda number: work_of(operation, PORT, towns[number], number))
    plain = _together(clients, seconds / 3, lambda number: _plain(operation, towns[number], name, number))
    ratio = statistics.median(served) / statistics.median(plain)
    cells = [_ms(served, 50), _ms(served, 95), _ms(plain, 50), _ms(plain, 95)]
    print(f"| {operation} | {clients} | {' | '.join(cells)} | {ratio:.1f} |", flush=True)


def _ms(samples: list[float], percent: int) -> str:
    ordered = sorted(samples)
    return f"{ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000:.1f}"


def _plain(operation: str, town: Town, name: str, number: int) -> Callable[[], float]:
    from benchmarks.plain import Plain

    login = database.web_login(name)
    parts: dict[str, Any] = {"dbname": name, "user": login.user, "password": login.password}
    plain = Plain(
        parts | {"host": login.host, "port": login.port},
        town.municipality,
        town.agency,
        town.households,
        number,
    )
    return lambda: plain.timed(getattr(plain, operation))


def _together(clients: int, seconds: float, make: Callable[[int], Callable[[], float]]) -> list[float]:
    """Samples (seconds) of `clients` closed loops side by side, after a short warm-up each."""
    works = [make(number) for number in range(clients)]
    for work in works:
        for _ in range(5):
            work()
    samples: list[list[float]] = [[] for _ in range(clients)]
    stop = time.monotonic() + seconds

    def loop(number: int) -> None:
        while time.monotonic() < stop:
            samples[number].append(works[number]())

    threads = [threading.Thread(target=loop, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [sample for each in samples for sample in each]


if __name__ == "__main__":
    main()
