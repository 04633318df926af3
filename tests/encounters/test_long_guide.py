"""A guide of ten thousand entries: read, written, put in force and printed a part at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from pypdf import PdfReader

from tests import makers
from tests.asked import cost
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import GuideBook, GuideEntry
from tsunagari.encounters.operations import drafts, guide
from tsunagari.encounters.queries import guide as queries
from tsunagari.encounters.views import guide_paper

ClientOf = Callable[[Actor], Client]
MANY = 10_000


def fill(town: Town, book: GuideBook, number: int, start: int = 0) -> None:
    """So many entries more, in the thirteen categories in turn; every hundredth is to be done at once."""
    GuideEntry.objects.bulk_create(
        GuideEntry(
            municipality=town.municipality,
            book=book,
            category=one % 13 + 1,
            title=f"見出し{one}",
            how="体重をみる",
            urgent=one % 100 == 99,
            position=one,
            key=uuid4(),
        )
        for one in range(start, start + number)
    )


@pytest.fixture
def book(town: Town) -> Iterator[GuideBook]:
    with makers.scope(town):
        yield GuideBook.objects.create(
            municipality=town.municipality, number=1, created_at=clock.now(), published_at=clock.now()
        )


@pytest.fixture
def draft(town: Town, book: GuideBook) -> GuideBook:
    with makers.scope(town, town.lead.user_id):
        return guide.begin(actor=town.lead)


@pytest.mark.parametrize("url", ["/guide/", "/guide/?category=4&concern=2&age=12", "/guide/books/{}/"])
def test_a_page_of_the_guide_does_not_grow(
    town: Town, book: GuideBook, client_of: ClientOf, url: str
) -> None:
    client, seen = client_of(town.counselor), []
    for number, start in ((1_400, 0), (MANY - 1_400, 1_400)):
        with makers.scope(town):
            fill(town, book, number, start)
        seen.append(cost(client, url.format(book.pk)))
    assert seen[0].statements == seen[1].statements
    assert seen[1].text.count('class="guide-entry"') == queries.PAGE
    assert seen[1].size < seen[0].size + 15_000 < 90_000
    assert 'rel="next"' in seen[1].text


def test_every_entry_stands_on_one_page(town: Town, book: GuideBook, client_of: ClientOf) -> None:
    with makers.scope(town):
        fill(town, book, 250)
    client, titles = client_of(town.counselor), []
    for page in (1, 2, 3):
        context = client.get(f"/guide/?page={page}").context
        titles += [one.title for one in context["urgent"]]
        titles += [one.title for chapter in context["chapters"] for one in chapter.entries]
    assert sorted(titles) == sorted(f"見出し{one}" for one in range(250))


def test_the_draft_is_written_a_page_at_a_time(town: Town, draft: GuideBook, client_of: ClientOf) -> None:
    client, seen = client_of(town.lead), []
    for number, start in ((1_300, 0), (MANY - 1_300, 1_300)):
        with makers.scope(town):
            fill(town, draft, number, start)
        seen.append(cost(client, "/guide/edit/"))
    assert seen[0].statements == seen[1].statements
    assert seen[1].text.count('class="moves"') == queries.PAGE
    assert seen[1].size < seen[0].size + 5_000 < 150_000
    assert "（769）" in seen[1].text
    one = cost(client, "/guide/edit/?category=13&page=8")
    assert one.text.count('class="moves"') == 769 - 700
    assert one.text.count(' disabled aria-label="「') == 1


def test_an_entry_is_moved_across_pages_and_the_page_is_kept(
    town: Town, draft: GuideBook, client_of: ClientOf
) -> None:
    with makers.scope(town):
        fill(town, draft, 13 * 200)
        row = list(GuideEntry.objects.filter(book=draft, category=5).order_by("position"))
    client, url = client_of(town.lead), f"/guide/edit/entries/{row[100].pk}/move/?category=5&page=2"
    answer = client.post(url, {"up": "1"})
    assert answer["Location"] == f"/guide/edit/?category=5&page=2#e{row[100].pk}"
    with makers.scope(town):
        now = GuideEntry.objects.filter(book=draft, category=5).order_by("position")
        assert [one.pk for one in now[98:102]] == [row[at].pk for at in (98, 100, 99, 101)]
    assert f'id="e{row[99].pk}"' in client.get("/guide/edit/?category=5&page=2").content.decode()


def test_a_long_draft_is_put_in_force_by_one_look(town: Town, draft: GuideBook, client_of: ClientOf) -> None:
    with makers.scope(town):
        fill(town, draft, MANY)
    client = client_of(town.lead)
    page = cost(client, "/guide/edit/publish/")
    assert page.size < 25_000
    assert "ほかに9950項目あります" in page.text
    seen = client.get("/guide/edit/publish/").context["stamp"]
    assert client.post("/guide/edit/publish/", {"seen": seen, "note": "増やしました"}).status_code == 303
    with makers.scope(town):
        assert GuideBook.objects.get(replaced_at=None, published_at__isnull=False).pk == draft.pk


def test_beside_a_record_stand_the_first_that_suit(town: Town, book: GuideBook, client_of: ClientOf) -> None:
    with makers.scope(town, town.counselor.user_id):
        fill(town, book, MANY)
        record = drafts.open_draft(actor=town.counselor)
    url = f"/drafts/{record.pk}/guide/?categories=4"
    page = client_of(town.counselor).get(url, headers={"HX-Request": "true"}).content.decode()
    assert page.count("<h3>") == queries.AT_HAND
    assert f"はじめの{queries.AT_HAND}件です" in page


def test_a_long_guide_is_printed_by_category_and_whole(
    town: Town, book: GuideBook, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guide_paper, "AT_ONCE", 20)
    with makers.scope(town):
        fill(town, book, 13 * 25)
    client, url, words = client_of(town.counselor), f"/guide/books/{book.pk}/guide.pdf", ""
    page = client.get(url)
    assert (page["Content-Type"], "分類ごとに印刷します" in page.content.decode()) == (
        "text/html; charset=utf-8",
        True,
    )
    for category in range(1, 14):
        for part in (1, 2):
            assert f"?category={category}&amp;part={part}" in page.content.decode()
    for part in (1, 2):
        found = client.get(f"{url}?category=4&part={part}")
        words += "".join(
            "".join(one.extract_text() for one in PdfReader(BytesIO(found.content)).pages).split()
        )
    assert "2つのうち1つ目" in words
    assert all(f"見出し{one}体重" in words for one in range(3, 325, 13))
    assert client.get(f"{url}?category=4&part=3").status_code == 404
