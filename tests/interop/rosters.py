"""Old rosters in tests: small workbooks, and the way from the file to the database as people and the worker go it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from openpyxl import Workbook

from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.families.models import Household
from tsunagari.families.operations.rosters import NewFamily, make_families
from tsunagari.families.rules import PersonInput
from tsunagari.interop import operations
from tsunagari.interop.imports.roster.opened import open_first
from tsunagari.interop.imports.roster.remembered import proposed
from tsunagari.interop.jobs import rosters as jobs
from tsunagari.interop.models import Import, RosterRow

TODAY = date(2026, 11, 23)
VISITS = ("来所日", "保護者氏名", "お子さん", "生年月日", "電話", "大人", "子ども", "備考")


def book(
    rows: Sequence[Sequence[object]], headers: Sequence[str] = VISITS, *, title: str = "", sheet: str = "名簿"
) -> bytes:
    """An XLSX with an optional title line, one line of headings, and the rows."""
    made = Workbook()
    page = made.active
    page.title = sheet
    for line in ([[title]] if title else []) + [list(headers)] + [list(row) for row in rows]:
        page.append(["" if cell is None else cell for cell in line])
    return saved(made)


def saved(made: Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def family(
    town: Town,
    guardian: tuple[str, str],
    child: tuple[str, str] = ("", ""),
    *,
    at: int | None = None,
    phone: str = "",
    address: str = "",
    protected: bool = False,
    number: int = 1,
) -> Household:
    """A household with a guardian and a child (given name, birth date); known to あおば unless `at` is another."""
    people = [PersonInput(family_name=guardian[0], given_name=guardian[1], phone=phone)]
    if child[0]:
        birth = date.fromisoformat(child[1]) if child[1] else None
        people.append(
            PersonInput(kind="child", family_name=guardian[0], given_name=child[0], birth_date=birth)
        )
    with scope(town, town.officer.user_id):
        given = NewFamily(UUID(int=number), tuple(people), address=address)
        home = make_families([given], actor=town.officer, agency_id=at or town.aoba.pk)[given.key]
        if protected:
            Household.objects.filter(pk=home.pk).update(protected=True)
        return home


def sent(town: Town, content: bytes, name: str = "来所簿.xlsx", *, actor: Actor | None = None) -> Import:
    """A roster uploaded for あおば and its proposed columns taken: matched by the worker."""
    actor = actor or town.manager
    with scope(town, actor.user_id):
        row = operations.upload_roster(actor=actor, agency=town.aoba, filename=name, content=content)
        opened = open_first(content, name)
        operations.choose_columns(row, opened, proposed(opened, town.aoba.pk, today=TODAY), actor=actor)
    jobs.match(row.pk, town.municipality.pk, actor.membership_id or 0, actor.user_id or 0)
    return reread(town, row.pk)


def brought_in(town: Town, row: Import, *, actor: Actor | None = None, rest_new: bool = True) -> Import:
    """The roster decided (all that is open new) and brought in by the worker."""
    actor = actor or town.manager
    with scope(town, actor.user_id):
        if rest_new:
            operations.decide_rest_new(row, actor=actor)
        operations.apply_roster(row, actor=actor)
    jobs.apply(row.pk, town.municipality.pk, actor.membership_id or 0, actor.user_id or 0)
    return reread(town, row.pk)


def taken_out(town: Town, row: Import, *, actor: Actor | None = None) -> Import:
    """The roster taken out again by the worker."""
    actor = actor or town.manager
    with scope(town, actor.user_id):
        operations.undo_roster(row, actor=actor)
    jobs.take_out(row.pk, town.municipality.pk, actor.membership_id or 0, actor.user_id or 0)
    return reread(town, row.pk)


def reread(town: Town, pk: int) -> Import:
    with scope(town):
        return Import.objects.get(pk=pk)


def standing(town: Town, home: Household) -> dict[str, int]:
    """A matched roster of あおば that speaks of a household, as route parameters: for pages and for the crawl."""
    lead = home.people.order_by("pk").first()
    assert lead is not None
    row = _kept(town, Import.Status.PREVIEW)
    RosterRow.objects.create(
        municipality=town.municipality, source=row, number=2, group=2, match="maybe",
        values={"on": "2026-10-01", "guardian": {"family": lead.family_name, "given": lead.given_name},
                "phones": [lead.phone]},
        candidates=[{"household": home.pk, "score": 3.0, "agrees": ["guardian"], "differs": []}],
    )  # fmt: skip
    return {"roster_id": row.pk, "roster_family": 2}


def unmapped(town: Town) -> dict[str, int]:
    """A roster of あおば whose columns are not chosen yet, as route parameters."""
    return {"roster_id": _kept(town, Import.Status.MAPPING).pk, "roster_family": 2}


def _kept(town: Town, status: str) -> Import:
    content = book([("2026/10/1", "架空 花子", "はる", "R6.4.1", "090-0000-1111", 1, 1, "")])
    return Import.objects.create(
        municipality=town.municipality, agency=town.aoba, kind="roster", status=status, filename="来所簿.xlsx",
        digest="0" * 64, content=content, rows=1, rejected_file=content, created_at=clock.now(),
    )  # fmt: skip
