"""E2: every entry stands once in every view, for those who may read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client
from pypdf import PdfReader

from tests import makers
from tests.encounters.cast import NOON, kimura, trail, write
from tests.encounters.charting import follow, pass_to
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Chart, Consultation, RecordMark
from tsunagari.encounters.operations import keeping
from tsunagari.encounters.queries import RecordFilter, books, records
from tsunagari.encounters.rules import Words

ClientOf = Callable[[Actor], Client]
WORDS = Words()


def mark(town: Town) -> RecordMark:
    return RecordMark.objects.create(municipality=town.municipality, symbol="●", name="気になる")


def walk(actor: Actor, page: Callable[..., Any]) -> Iterator[int]:
    """Ids over all pages of a view."""
    before = ""
    while True:
        found = page(actor, WORDS, before=before)
        yield from (getattr(line, "latest", line).id for line in found.lines)
        before = found.more
        if not before:
            return


def newest_first(actor: Actor, words: Words, *, before: str) -> Any:
    return records(actor, RecordFilter(), before=before)


def fill(town: Town, number: int) -> list[Consultation]:
    """Entries of two families, of nobody, narrow and held ones, some at the same minute."""
    families = [kimura(town.counselor), kimura(town.counselor), None]
    sign = mark(town)
    written = []
    for index in range(number):
        more = {"sight": "manager"} if index % 7 == 0 else {}
        written.append(
            write(
                town.counselor if index % 2 else town.colleague,
                families[index % 3],
                occurred_at=NOON - timedelta(days=index % 5),
                mark_id=sign.pk if index % 4 == 0 else None,
                **more,
            )
        )
    return written


def test_each_view_has_every_entry_the_reader_may_read_once(in_town: Town) -> None:
    fill(in_town, 70)
    for actor in (in_town.counselor, in_town.manager):
        seen = Consultation.objects.visible_to(actor)
        by_day = [
            line.id
            for back in range(5)
            for line in books.day_sheet(actor, (NOON - timedelta(days=back)).date(), WORDS).lines
        ]
        assert sorted(by_day) == sorted(seen.values_list("pk", flat=True))
        marked = list(walk(actor, books.marked))
        assert sorted(marked) == sorted(seen.filter(mark__isnull=False).values_list("pk", flat=True))
        everything = list(walk(actor, newest_first))
        assert sorted(everything) == sorted(by_day)
        latest = list(walk(actor, books.families_by_entry))
        assert len(latest) == len(set(latest)) == 2


def test_the_list_of_families_counts_what_the_family_page_shows(in_town: Town) -> None:
    fill(in_town, 20)
    for line in books.families_by_entry(in_town.counselor, WORDS).lines:
        household = Consultation.objects.get(pk=line.latest.id).household
        assert household is not None
        book = books.family_book(in_town.counselor, household, WORDS)
        assert (len(book.lines), book.lines[0].id) == (line.count, line.latest.id)


def test_an_entry_of_a_chart_taken_over_stands_in_the_books_of_both(in_town: Town) -> None:
    saved = write(in_town.counselor, kimura(in_town.counselor))
    Consultation.objects.update(held_by=in_town.midori)
    for actor, ours in ((in_town.stranger, False), (in_town.counselor, True)):
        [line] = books.day_sheet(actor, NOON.date(), WORDS).lines
        assert (line.id, line.ours) == (saved.pk, ours)
        page = records(actor, RecordFilter())
        assert ([line.id for line in page.lines], page.total) == ([saved.pk], 1)


def test_a_day_knows_the_nearest_days_with_an_entry(in_town: Town) -> None:
    for days in (0, 3, 10):
        write(in_town.counselor, occurred_at=NOON - timedelta(days=days))
    sheet = books.day_sheet(in_town.counselor, (NOON - timedelta(days=3)).date(), WORDS)
    assert (sheet.before, sheet.after) == ((NOON - timedelta(days=10)).date(), NOON.date())


def test_no_view_asks_more_for_more_entries(
    in_town: Town, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    fill(in_town, 40)
    with django_assert_max_num_queries(8):
        books.day_sheet(in_town.counselor, NOON.date(), WORDS)
    for view in (books.marked, books.families_by_entry):
        with django_assert_max_num_queries(4):
            view(in_town.counselor, WORDS)


@pytest.mark.parametrize(
    ("style", "heading"), [("family", "家庭ごとの記録"), ("day", "この日の記録"), ("hybrid", "この日の記録")]
)
def test_the_style_says_what_comes_first(town: Town, client_of: ClientOf, style: str, heading: str) -> None:
    with makers.scope(town):
        keeping.choose_style(town.aoba, actor=town.manager, style=style, version=0)
        write(town.counselor, kimura(town.counselor), occurred_at=clock.now() - timedelta(minutes=1))
    page = client_of(town.counselor).get("/records/").content.decode()
    assert heading in page
    assert "木村" in page


def test_every_view_opens_and_leaves_trail(town: Town, client_of: ClientOf) -> None:
    with makers.scope(town):
        family = kimura(town.counselor)
        saved = write(town.counselor, family, mark_id=mark(town).pk)
    client = client_of(town.counselor)
    day = NOON.date().isoformat()
    for query in (
        f"view=day&day={day}",
        "view=family",
        f"view=family&family={family.pk}",
        "view=marked",
        "view=all",
    ):
        page = client.get(f"/records/?{query}")
        assert page.status_code == 200
        assert f"/records/{saved.pk}/" in page.content.decode() or query == "view=family"
    assert client.get("/records/?view=family&family=99999999").status_code == 404
    assert client_of(town.stranger).get(f"/records/?view=family&family={family.pk}").status_code == 404
    with makers.scope(town):
        assert any(f'"list":[{saved.pk}]' in entry.detail for entry in trail("record.read"))


def test_a_day_on_paper_says_everything_but_a_protected_name(town: Town, client_of: ClientOf) -> None:
    with makers.scope(town):
        family = kimura(town.counselor)
        write(town.counselor, family, content="龍" * 2_000)
        guarded = kimura(town.counselor)
        write(town.counselor, guarded, content="ほかの話。")
        type(guarded).objects.filter(pk=guarded.pk).update(protected=True)
    answer = client_of(town.counselor).get(f"/records/day.pdf?day={NOON.date().isoformat()}")
    text = "".join(words_of(answer.content).split())
    assert text.count("龍") == 2_000
    assert "支援措置：名前は書きません" in text
    assert text.count("木村") == 1


def words_of(pdf: bytes) -> str:
    from io import BytesIO

    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_what_is_ones_own_is_what_is_in_sight_and_of_the_agency(in_town: Town) -> None:
    """Asked for in one condition, for the planner; the same rows as by visible_to and the agency once more."""
    family = kimura(in_town.counselor)
    first = write(in_town.counselor, family, consent="given")
    chart = follow(in_town.counselor, family, first, write(in_town.colleague, family, sight="manager"))
    pass_to(chart, in_town.counselor, in_town.midori, in_town.stranger)
    write(in_town.nurse)
    write(in_town.colleague, sight="manager")
    entries, charts = Consultation.objects, Chart.objects
    for actor in (*in_town.actors.values(), in_town.colleague, in_town.stranger):
        own, held = Q(agency_id=actor.agency_id or 0), Q(held_by_id=actor.agency_id or 0)
        seen = entries.visible_to(actor)
        assert set(entries.own_of(actor)) == set(seen.filter(own))
        assert set(entries.taken_over_by(actor)) == set(seen.filter(held).exclude(own))
        assert set(entries.kept_by(actor)) == set(seen.filter(own | held))
        assert set(charts.own_of(actor)) == set(charts.visible_to(actor).filter(own))
    assert first in entries.kept_by(in_town.stranger)
