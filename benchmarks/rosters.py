"""`python -m benchmarks.rosters [--households 20000] [--rows 2500,10000,40000]`: bringing an old roster in.

Makes a messy workbook of the town's own families and of others, and times each step as the worker does it, in a process
of its own for each size. Prints a Markdown table: seconds, in parentheses
those the processor worked for it (here and in the database), and the peak of memory (MiB) above the idle process's.

Mess in the workbook (share of rows): name without a space 30 %, with 様 5 %; day as 和暦, as 10/1, as an Excel date or as
text, merged over the rows of a day; 〃 in the rows of brothers and sisters; all children in one cell 20 %; phone
missing 30 %, without its leading zero 5 %, without hyphens 30 %; birth date missing 25 %, in 和暦 else; a slip in a given
name 2 %; a day that is none 0.5 %; a total below every day; families nobody knows yet 40 %.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from tsunagari.config import database, preparing, running

HEADERS = (
    "来所日",
    "保護者氏名",
    "フリガナ",
    "お子さん",
    "児の生年月日",
    "電話番号",
    "大人",
    "子ども",
    "備考",
)
VISITS_A_DAY = 45
FIRST_DAY = date(2024, 4, 1)


@dataclass(frozen=True, slots=True)
class Family:
    """A family as the book of visits knows it."""

    family: str
    given: str
    kana: str
    children: tuple[tuple[str, date | None], ...]
    phone: str


def workbook(families: list[Family], rows: int, seed: int = 1) -> bytes:
    """The messy workbook of so many rows of visits."""
    from openpyxl import Workbook

    chance, book = random.Random(seed), Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["令和6年度　来所簿"])
    sheet.append(list(HEADERS))
    merges, number, day, written = [], 3, FIRST_DAY, 0
    while written < rows:
        top, shown = number, _day(chance, day)
        while number - top < VISITS_A_DAY and written < rows:
            for line in _lines(chance, chance.choice(families)):
                sheet.append([shown if number == top else None, *line])
                number, written = number + 1, written + 1
        if number - top > 1:
            merges.append((top, number - 1))
        sheet.append(["計", f"{number - top}組"])
        number, day = number + 1, day + timedelta(days=1)
    for top, bottom in merges:
        sheet.merge_cells(start_row=top, start_column=1, end_row=bottom, end_column=1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _day(chance: random.Random, day: date) -> object:
    if chance.random() < 0.005:
        return "13/45"
    wareki = f"R{day.year - 2018}.{day.month}.{day.day}"
    return chance.choice([day, wareki, f"{day.year}/{day.month}/{day.day}", day.isoformat()])


def _lines(chance: random.Random, family: Family) -> Iterator[list[object]]:
    """The rows of one visit, from the second column on."""
    space = "" if chance.random() < 0.3 else chance.choice(["　", " "])
    name = family.family + space + _slip(chance, family.given) + ("様" if chance.random() < 0.05 else "")
    phone = _phone(chance, family.phone)
    together = chance.random() < 0.2
    groups = [family.children] if together else [(child,) for child in family.children]
    for index, children in enumerate(groups or [()]):
        birth = children[0][1] if len(children) == 1 and chance.random() > 0.25 else None
        said = f"R{birth.year - 2018}.{birth.month}.{birth.day}" if birth and birth.year > 2019 else birth
        names = "・".join(child for child, _ in children)
        if index:
            yield ["〃", "〃", names, said, "〃", None, len(children), None]
        else:
            yield [name, family.kana, names, said, phone, 1, len(children), None]


def _slip(chance: random.Random, given: str) -> str:
    return given + "子" if chance.random() < 0.02 else given


def _phone(chance: random.Random, phone: str) -> object:
    draw = chance.random()
    if not phone or draw < 0.3:
        return None
    if draw < 0.35:
        return int(phone)
    return phone if draw < 0.65 else f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"


def known_families(agency_id: int, most: int) -> list[Family]:
    """Families of the town that the agency has met."""
    from tsunagari.families.models import AgencyLink, Person

    ids = list(
        AgencyLink.objects.filter(agency_id=agency_id)
        .order_by("pk")
        .values_list("household", flat=True)[:most]
    )
    people: dict[int, list[Any]] = {}
    for person in Person.objects.filter(household__in=ids, left_on__isnull=True).order_by("pk"):
        people.setdefault(person.household_id, []).append(person)
    return [_known(living) for living in people.values() if any(one.kind == "guardian" for one in living)]


def _known(living: list[Any]) -> Family:
    lead = next(one for one in living if one.kind == "guardian")
    children = tuple((one.given_name, one.birth_date) for one in living if one.kind == "child")
    return Family(
        lead.family_name, lead.given_name, f"{lead.family_kana} {lead.given_kana}", children, lead.phone
    )


def unknown_families(count: int) -> list[Family]:
    """Families nobody knows; their names stand in no town."""
    return [
        Family(
            f"架{chr(0x4E00 + n)}", f"花{chr(0x3042 + n % 60)}", "",
            (("はる", date(2024, 1 + n % 12, 3)),), f"0900{n:07}",
        )
        for n in range(count)
    ]  # fmt: skip


def _desk(rows: int) -> tuple[int, Any, Any, bytes]:
    """The town, an agency of it, its manager, and the workbook they bring in."""
    from tsunagari.accounts.models import Membership
    from tsunagari.accounts.sessions import actor_of
    from tsunagari.base import tenancy
    from tsunagari.places.models import Municipality

    town = Municipality.objects.get(code="999990").pk
    with tenancy.municipality(town):
        agency = _agency(town)
        member = Membership.objects.select_related("user", "municipality", "agency").get(pk=_manager(agency))
        actor = actor_of(member, ip="127.0.0.1", via="test")
        known = known_families(agency.pk, max(rows // 12, 30))
    return town, agency, actor, workbook([*known, *unknown_families(len(known) * 2 // 3)], rows)


def measure(rows: int) -> None:
    """One size, in this process: prints its line of the table."""
    from tsunagari.base import tenancy
    from tsunagari.interop import operations
    from tsunagari.interop.jobs import rosters as jobs

    town, agency, actor, content = _desk(rows)
    before = _peak()
    seconds: list[tuple[float, float]] = []

    def timed(step: Callable[[], Any]) -> Any:
        started, worked = time.perf_counter(), _cpu()
        result = step()
        seconds.append((time.perf_counter() - started, _cpu() - worked))
        return result

    row = timed(lambda: _upload(town, agency, actor, content))
    who = (row.pk, town, actor.membership_id or 0, actor.user_id or 0)
    timed(lambda: jobs.match(*who))
    with tenancy.municipality(town, user_id=actor.user_id):
        row.refresh_from_db()
        counts = row.roster_rows.count(), operations.decide_rest_new(row, actor=actor)
        operations.apply_roster(row, actor=actor)
    timed(lambda: jobs.apply(*who))
    with tenancy.municipality(town, user_id=actor.user_id):
        row.refresh_from_db()
        assert row.status == "done", row.message
        operations.undo_roster(row, actor=actor)
    timed(lambda: jobs.take_out(*who))
    _show(counts, row, seconds, _peak() - before)


def _upload(town: int, agency: Any, actor: Any, content: bytes) -> Any:
    from tsunagari.base import clock, tenancy
    from tsunagari.interop import operations
    from tsunagari.interop.imports.roster.opened import open_first
    from tsunagari.interop.imports.roster.remembered import proposed

    with tenancy.municipality(town, user_id=actor.user_id):
        row = operations.upload_roster(actor=actor, agency=agency, filename="roster.xlsx", content=content)
        opened = open_first(content, "roster.xlsx")
        mapping = proposed(opened, agency.pk, today=clock.today())
        return operations.choose_columns(row, opened, mapping, actor=actor)


def _show(counts: tuple[int, int], row: Any, seconds: list[tuple[float, float]], peak: float) -> None:
    total = (sum(wall for wall, _ in seconds[:3]), sum(cpu for _, cpu in seconds[:3]))
    steps = [f"{wall:.1f} ({cpu:.1f})" for wall, cpu in [*seconds[:3], total, seconds[3]]]
    cells = [f"{counts[0]:,}", f"{counts[1]:,}", f"{row.changed:,}", *steps]
    print(f"| {' | '.join(cells)} | {peak:.0f} |", flush=True)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _agency(town: int) -> Any:
    from tsunagari.places.models import Agency

    agency = Agency.objects.filter(municipality_id=town).order_by("pk").first()
    assert agency is not None
    return agency


def _manager(agency: Any) -> int:
    from tests import makers

    from tsunagari.accounts.models import User
    from tsunagari.base.access import Role

    user = User(username=f"bench-{uuid4().hex}", name="架空 施設長")
    user.set_unusable_password()
    user.save()
    return (
        makers.make_actor(agency.municipality, Role.MANAGER, agency, user.name, user=user).membership_id or 0
    )


def _cpu() -> float:
    """Processor seconds of this process and of its backend at the database, whoever else is at work."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = int(cursor.fetchone()[0])
    fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rosters")
    parser.add_argument("--households", type=int, default=20_000)
    parser.add_argument(
        "--rows", type=lambda text: [int(n) for n in text.split(",")], default=[2500, 10_000, 40_000]
    )
    parser.add_argument("--one", type=int, help="measure this size in this process")
    options = parser.parse_args()
    name = f"tsunagari_bench_rosters_{options.households}"
    os.environ.update(TSUNAGARI_DB_NAME=name, TSUNAGARI_TESTING="1")
    with database.in_use():
        if options.one:
            with running.django_ready("web"):
                measure(options.one)
            return
        if not preparing.database_exists(database.owner_login(name)):
            command = [sys.executable, "-m", "benchmarks.seed", name, str(options.households)]
            subprocess.run(command, check=True)
        print("| rows | decided | families made | open | match | bring in | total | take out | peak MiB |")
        print("|---|---|---|---|---|---|---|---|---|", flush=True)
        for rows in options.rows:
            subprocess.run([sys.executable, "-m", "benchmarks.rosters", "--households", str(options.households),
                            "--one", str(rows)], check=True)  # fmt: skip


if __name__ == "__main__":
    main()
