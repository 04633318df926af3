"""`python -m benchmarks [--households 200000] [--seconds 10] [--clients 1,4,8]`: the pages over HTTP beside bare SQL.

The database is made once (`benchmarks.seed`) and used again; `--reseed` makes it anew. Prints a Markdown table, and
how pages grow once two sizes were measured.

Two times stand side by side: what the client saw, and what the server took (`benchmarks.served`). Clients ask without
pause, but those of `kiosk_paced`: a card a second each.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.cells import HEAD, WARM_UP, Cell, paced, percentile, prepare, together
from benchmarks.forgetting import forget
from benchmarks.work import Sample, Work
from tsunagari.config import database, preparing, running
from tsunagari.config.folders import data_folder

PACED = "_paced"
OPERATIONS = ("today", "search", "family", "save", "check_in", "register", "kiosk", f"kiosk{PACED}")
USING_UP = ("check_in", "kiosk", f"kiosk{PACED}")  # a family that came within the hour is not counted again
EVERY = 1.0  # seconds between two cards at one tablet, paced
ANSWERS = 100  # a second, of all clients together: no more than two cores give where pages are opened before
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
        forget(connection)


def main() -> None:
    options = _options()
    name = f"tsunagari_bench_{options.households}"
    with database.in_use():
        if options.reseed or not preparing.database_exists(database.owner_login(name)):
            _seed(name, str(options.households))
        else:
            _seed(name)
        os.environ.update(TSUNAGARI_DB_NAME=name, TSUNAGARI_TESTING="1", TSUNAGARI_MFA_REQUIRED="0")
        with running.django_ready("web"):
            _forget_former_runs(name)
            with _server(name):
                cells = _measured(options, name)
        _keep(options.households, cells)


def _measured(options: argparse.Namespace, name: str) -> list[Cell]:
    """Every operation with every number of clients, printed as they come."""
    towns = _towns(max(options.clients))
    print(f"\n{options.households:,} households, {options.seconds} s each, milliseconds\n")
    print(HEAD)
    return [
        _measure(operation, clients, options.seconds, towns, name)
        for operation in options.operations
        for clients in options.clients
    ]


def _seed(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "benchmarks.seed", *arguments], check=True)


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
        "benchmarks.served:application",
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

    for _ in range(600):
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


def _measure(operation: str, clients: int, seconds: float, towns: list[Town], name: str) -> Cell:
    """One cell, printed as a line of the table."""
    if operation in USING_UP:
        _forget_former_runs(name)
    asked = operation.removesuffix(PACED)
    works = [Work(asked, PORT, towns[number], number) for number in range(clients)]
    prepare(works, int(seconds * ANSWERS / clients) + WARM_UP)
    if asked == operation:
        samples = together(works, seconds)
        bare = [_plain(asked, towns[number], name, number) for number in range(clients)]
        plain = [sample.seconds for sample in together(bare, seconds / 3)]
    else:
        samples, plain = paced(works, seconds * 4, EVERY), []
    cell = Cell(operation, clients, samples, plain)
    print(cell.row(), flush=True)
    return cell


def _plain(operation: str, town: Town, name: str, number: int) -> Callable[[], Sample]:
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
    return lambda: Sample(plain.timed(getattr(plain, operation)), 0)


def _keep(households: int, cells: list[Cell]) -> None:
    """Keep the medians and p95 at one client, and print them beside another size's, where one was measured."""
    folder = data_folder() / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    alone = {
        cell.operation: [percentile([one.seconds for one in cell.samples], percent) for percent in (50, 95)]
        for cell in cells
        if cell.clients == 1
    }
    kept = folder / f"{households}.json"
    before = json.loads(kept.read_text()) if kept.exists() else {}
    kept.write_text(json.dumps(before | alone))
    sizes = sorted((int(file.stem) for file in folder.glob("*.json")), reverse=True)
    for smaller in [size for size in sizes if size < max(sizes)][:1]:
        _print_growth(folder, smaller, max(sizes))


def _print_growth(folder: Path, smaller: int, larger: int) -> None:
    few, many = (json.loads((folder / f"{size}.json").read_text()) for size in (smaller, larger))
    print(f"\n| operation, 1 client | {smaller:,}: p50 / p95 | {larger:,}: p50 / p95 | growth p50 |")
    print("|---|---|---|---|")
    for operation in [name for name in OPERATIONS if name in few and name in many]:
        cells = [" / ".join(f"{figure * 1000:.1f}" for figure in of[operation]) for of in (few, many)]
        print(f"| {operation} | {cells[0]} | {cells[1]} | {many[operation][0] / few[operation][0]:.2f} |")


if __name__ == "__main__":
    main()
