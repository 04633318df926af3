"""`python -m benchmarks.pages [--roles counselor,nurse] [--top 30]`: every page of the large town, the slowest first.

Each address that answers a GET is opened in this process, as each role that may, several times; the opening that cost
least counts, so neighbours on the machine count little. Addresses with parameters are opened once of their kind, with
ids of one family that the agency knows; the number of those of which the town has none stands at the end.
"""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from tsunagari.base.access import EVERYONE, Role
from tsunagari.config import database, running

CITY = "999990"
TIMES, SLOW = 4, 2.0  # openings of a page; seconds after which one is enough
DAILY = 1_000, 60  # milliseconds and statements: more is too much for a page that is opened every day
#: Lists as people narrow them, beside the addresses alone.
NARROWED = (
    "families/?show=home",
    "records/?view=all",
    "records/?view=family",
    "records/?view=marked",
    "records/?view=mine",
    "records/?category=5",
    "records/?unread=on",
    "charts/?show=all",
    "trail/?read=1",
)
#: What is typed and sent, with the page that follows.
SENT = {
    "search/": {"q": "さとう"},
    "records/search/": {"words": "長男の人見知り"},
}
#: Not pages of work: they end the session, or belong to the library for signing in.
LEFT_OUT = ("accounts/", "session/", "workplace/", "health/")


@dataclass(frozen=True, slots=True)
class Opened:
    """One page as one role: milliseconds of this process's CPU, of the clock and in PostgreSQL, and how many
    statements and bytes."""

    role: str
    address: str
    kind: str
    status: int
    cpu: float
    wall: float
    asked: float
    statements: int
    size: int

    @property
    def heavy(self) -> bool:
        return self.wall > DAILY[0] or self.statements > DAILY[1]

    def row(self) -> str:
        name = f"**{self.address}**" if self.heavy else self.address
        return (
            f"| {self.role} | {name} | {self.kind} | {self.cpu:.0f} | {self.wall:.0f} | {self.statements} "
            f"| {self.asked:.0f} | {self.size / 1024:.0f} |"
        )


class Watch:
    """Counts statements and the seconds until their answers, while it stands around the connection."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.seconds, self.statements = 0.0, 0

    def __call__(self, execute: Any, *rest: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(*rest)
        finally:
            self.seconds += time.perf_counter() - started
            self.statements += 1


def open_all(roles: Sequence[Role]) -> tuple[list[Opened], int]:
    """What every page cost, and how many addresses nobody could open for want of ids."""
    from django.db import connection

    from tsunagari.places.models import Municipality

    town = Municipality.objects.get(code=CITY)
    found: list[Opened] = []
    without = 0
    with ExitStack() as stack:
        watch = Watch()
        stack.enter_context(connection.execute_wrapper(watch))
        for role in roles:
            client, ids = _at_desk(town, role)
            filled, without = _addresses(ids)
            for address, shown in filled.items():
                if opened := _open(watch, role, shown, partial(client.get, address)):
                    found.append(opened)
            for address, typed in SENT.items():
                send = partial(client.post, f"/{address}", typed, follow=True)
                if opened := _open(watch, role, f"/{address} {', '.join(typed.values())}", send):
                    found.append(opened)
            print(f"{role}: {len(found)} pages so far", file=sys.stderr)
    return found, without


def _open(watch: Watch, role: Role, shown: str, ask: Callable[[], Any]) -> Opened | None:
    """The cheapest of several openings; None when the role may not, or nothing is shown to be read."""
    best: Opened | None = None
    for _ in range(TIMES):
        watch.clear()
        started, worked = time.perf_counter(), time.process_time()
        answer = ask()
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        cpu, wall = time.process_time() - worked, time.perf_counter() - started
        if answer.status_code >= 500:
            raise RuntimeError(f"{role} {shown}: {answer.status_code}")
        if answer.status_code != 200:
            return None
        kind = answer.headers["Content-Type"].partition(";")[0].rpartition("/")[2].rpartition(".")[2]
        opened = Opened(
            role,
            shown,
            kind,
            answer.status_code,
            cpu * 1000,
            wall * 1000,
            watch.seconds * 1000,
            watch.statements,
            len(body),
        )
        best = opened if best is None or opened.cpu + opened.asked < best.cpu + best.asked else best
        if wall > SLOW:
            break
    return best


def _at_desk(town: Any, role: Role) -> tuple[Any, dict[str, int]]:
    """A signed-in client of a new person of that role, and ids of what their agency has."""
    from tests import makers

    from benchmarks.__main__ import _user
    from tsunagari.base import tenancy
    from tsunagari.encounters.models import Chart
    from tsunagari.places.models import Agency

    with tenancy.municipality(town.pk):
        charted = Chart.objects.order_by("pk").values_list("agency_id", flat=True).first()
        agency = Agency.objects.get(pk=charted) if charted else Agency.objects.order_by("pk")[0]
        whole_town = role in (Role.OFFICER, Role.AUDITOR)
        actor = makers.make_actor(town, role, None if whole_town else agency, "架空", user=_user())
        return makers.client_of(actor), _ids(agency.pk, actor.user_id or 0)


def _ids(agency_id: int, user_id: int) -> dict[str, int]:
    """By the name of a route's parameter: of a family that the agency knows, with a visit, a record and a card; the
    newest of anything else."""
    from django.apps import apps
    from django.db.models import Model

    from tsunagari.encounters.models import Chart, Visit

    of_family = {"agency_id": agency_id, "household__isnull": False}
    known = (
        Chart.objects.filter(**of_family).order_by("pk").first()
        or Visit.objects.filter(**of_family).order_by("-arrived_at").first()
    )
    family = known.household_id if known else 0
    found = {"agency_id": agency_id, "user_id": user_id, "household_id": family or 0}
    for name, label in PARAMETERS.items():
        model: type[Model] = apps.get_model(label)
        rows = model._default_manager.order_by("-pk")
        fields = {field.name for field in model._meta.get_fields()}
        if "household" in fields:
            rows = rows.filter(household_id=family)
        elif "agency" in fields:
            rows = rows.filter(agency_id=agency_id)
        pk = rows.values_list("pk", flat=True).first()
        if pk is not None:
            found[name] = pk
    return found


#: Models of the other parameters.
PARAMETERS = {
    "area_id": "places.Area",
    "benefit_id": "families.Benefit",
    "book_id": "encounters.GuideBook",
    "card_id": "families.Card",
    "chart_id": "encounters.Chart",
    "partner_id": "encounters.Partner",
    "person_id": "families.Person",
    "record_id": "encounters.Consultation",
    "registration_id": "families.Registration",
    "report_id": "reports.Report",
    "site_id": "places.Site",
    "tool_id": "encounters.AssessmentTool",
    "visit_id": "encounters.Visit",
}


def _addresses(ids: dict[str, int]) -> tuple[dict[str, str], int]:
    """Addresses to open, each with how it is shown, and how many lack an id."""
    from tests.browser.addresses import routes

    filled, without = {}, 0
    for route in routes():
        if route.text.startswith(LEFT_OUT):
            continue
        if set(route.parameters) <= set(ids):
            filled[route.filled(ids)] = "/" + route.text.replace("<int:", "<")
        else:
            without += 1
    filled |= {f"/{address}": f"/{address}" for address in (*NARROWED, _month())}
    return filled, without


def _month() -> str:
    """The city's page of the newest whole month there are records of."""
    from tsunagari.base import tenancy
    from tsunagari.encounters.models import Consultation
    from tsunagari.places.models import Municipality

    with tenancy.municipality(Municipality.objects.get(code=CITY).pk):
        newest = Consultation.objects.order_by("-occurred_on").values_list("occurred_on", flat=True)[0]
    return f"reports/city/{newest.replace(day=1) - timedelta(days=1):%Y-%m}/"


def table(found: list[Opened], top: int) -> Iterator[str]:
    """The dearest by CPU and PostgreSQL together; pages over DAILY in bold."""
    yield f"{len(found)} pages; {sum(one.heavy for one in found)} over {DAILY[0]} ms or {DAILY[1]} statements"
    yield "| role | page | | CPU ms | wall ms | statements | PostgreSQL ms | KiB |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in sorted(found, key=lambda one: one.cpu + one.asked, reverse=True)[:top]:
        yield one.row()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages")
    parser.add_argument("--households", type=int, default=200_000)
    parser.add_argument(
        "--roles", type=lambda text: [Role(name) for name in text.split(",")], default=sorted(EVERYONE)
    )
    parser.add_argument("--top", type=int, default=30)
    options = parser.parse_args()
    name = f"tsunagari_bench_{options.households}"
    with database.in_use():
        subprocess.run([sys.executable, "-m", "benchmarks.seed", name], check=True)
        os.environ.update(
            TSUNAGARI_DB_NAME=name,
            TSUNAGARI_TESTING="1",
            TSUNAGARI_MFA_REQUIRED="0",
            TSUNAGARI_PREPARED="1",  # as the server has it
        )
        with running.django_ready("web"):
            logging.disable(logging.WARNING)  # of doors that stay closed
            found, without = open_all(options.roles)
    print("\n".join(table(found, options.top)))
    print(f"\n{without} addresses want ids that the town does not have.")


if __name__ == "__main__":
    main()
