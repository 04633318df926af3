"""D2, X2: the roster on paper, and the sheet to write on."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader

from tests import makers
from tests.encounters.cast import NOON, kimura, trail, visit
from tests.makers import Town
from tsunagari.base.actor import Actor
from tsunagari.encounters.operations import tallies, visits
from tsunagari.families.operations import households
from tsunagari.places.operations import sites
from tsunagari.places.rules import SiteInput


def words(client_of: Any, actor: Actor, path: str = "/visits/roster.pdf?day=2026-11-12") -> str:
    """The text of the PDF without blanks."""
    answer = client_of(actor).get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    pages = PdfReader(BytesIO(answer.content)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


@pytest.fixture
def day(town: Town) -> Town:
    """木村さん, somebody at the park and a tally, on 12 November."""
    with makers.scope(town):
        park = sites.add_site(
            town.aoba, SiteInput("中央公園"), actor=town.manager, valid_from=NOON.date().replace(day=1)
        )
        visit(town.counselor, kimura(town.counselor), at=NOON, note="絵本をかした")
        given = {"actor": town.counselor, "key": uuid4(), "at": NOON}
        visits.check_in_anonymous(adults=1, children=2, site=park, **given)
        tallies.add_tally(families=7, adults=8, children=[9, *[0] * 7], **given)
    return town


def test_names_ages_counts_and_the_mark_of_care(day: Town, client_of: Any) -> None:
    said = words(client_of, day.counselor)
    for word in (
        "木村さん家庭",
        "きむら",
        "颯太2歳3か月",
        "絵本をかした",
        "お名前なし",
        "中央公園",
        "取扱注意",
    ):
        assert word in said, word
    assert "このうち7組・17人は、お名前をきかずに人数だけ数えたものです。" in said
    assert "令和8年11月12日（木）" in said


def test_no_address_and_nothing_of_a_protected_family_but_that_it_came(day: Town, client_of: Any) -> None:
    with makers.scope(day):
        family = visits.Visit.objects.get(household__isnull=False).household
        households.protect(family, actor=day.lead, protected=True)
    said = words(client_of, day.counselor)
    assert "（名前は書きません）" in said
    for word in ("木村", "きむら", "颯太", "絵本をかした"):
        assert word not in said


def test_one_place_alone(day: Town, client_of: Any) -> None:
    with makers.scope(day):
        site_id = visits.Visit.objects.get(household__isnull=True).site_id
    said = words(client_of, day.counselor, f"/visits/roster.pdf?day=2026-11-12&site={site_id}")
    assert "あおば子育て支援センター（中央公園）" in said
    assert "木村" not in said


def test_a_sheet_to_write_on_knows_nobody(day: Town, client_of: Any) -> None:
    said = words(client_of, day.counselor, "/visits/blank.pdf")
    assert "木村" not in said
    assert "25" in said
    assert "1/1ページ" in said  # every line on one sheet
    assert "午前" in said
    assert "令和8年11月12日" in words(client_of, day.counselor, "/visits/blank.pdf?day=2026-11-12")


def test_many_families_take_more_pages(town: Town, client_of: Any) -> None:
    with makers.scope(town):
        for _ in range(60):
            visits.check_in_anonymous(actor=town.counselor, adults=1, children=1, key=uuid4(), at=NOON)
    answer = client_of(town.counselor).get("/visits/roster.pdf?day=2026-11-12")
    pages = PdfReader(BytesIO(answer.content)).pages
    assert len(pages) >= 2
    assert f"2/{len(pages)}ページ" in "".join(pages[1].extract_text().split())


def test_printing_stands_on_the_trail(day: Town, client_of: Any) -> None:
    words(client_of, day.counselor)
    with makers.scope(day):
        assert any('"print":true' in entry.detail for entry in trail("visit.read"))


def test_roles_without_an_agency_print_no_names(day: Town, client_of: Any) -> None:
    assert "木村" not in words(client_of, day.officer)
    assert client_of(day.auditor).get("/visits/roster.pdf").status_code == 403
