"""The pages of the guide, partners, finer categories and official tables, as people use them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from tests import makers
from tests.encounters.cast import kimura
from tests.encounters.test_guide import CENTRE, WORDS, publish
from tests.makers import Town
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Draft, GuideBook, GuideEntry, OfficialTable, Partner, SubCategory
from tsunagari.encounters.operations import drafts, guide, partners
from tsunagari.encounters.rules.guide import EntryInput

ClientOf = Callable[[Actor], Client]


@pytest.fixture
def book(town: Town) -> GuideBook:
    """A guide in force: one entry for babies, one to be done at once, one for a high concern."""
    with makers.scope(town, town.officer.user_id):
        whom = partners.add_partner(CENTRE, actor=town.officer)
        draft = guide.begin(actor=town.officer)
        for entry in (
            EntryInput(4, "ミルクの量", "体重をみる", partner_id=whom.pk, age_to=11),
            EntryInput(4, "あざがある", "すぐ電話する", partner_id=whom.pk, urgent=True, concern_from=3),
            EntryInput(4, "手が出てしまう", "責めない", concern_from=2),
        ):
            guide.add_entry(draft, entry, actor=town.officer, key=uuid4())
        return publish(town)


def text(client: Client, url: str, **headers: str) -> str:
    return client.get(url, headers=headers).content.decode()


def test_from_nothing_to_a_guide_in_force(town: Town, client_of: ClientOf) -> None:
    lead, counselor = client_of(town.lead), client_of(town.counselor)
    assert "手引きはまだ出ていません" in text(counselor, "/guide/")
    assert "はじめの手引きを入れる" in text(lead, "/guide/")
    assert lead.post("/guide/edit/", {"default": "1"}).status_code == 303
    assert "手引きはまだ出ていません" in text(counselor, "/guide/")
    page = lead.get("/guide/edit/publish/")
    seen = page.context["stamp"]
    assert "電話の入っていない連携先" in page.content.decode()
    refused = lead.post("/guide/edit/publish/", {"seen": seen, "note": ""})
    assert (refused.status_code, "かわったところを書いて" in refused.content.decode()) == (422, True)
    stale = lead.post("/guide/edit/publish/", {"seen": "other", "note": "はじめの版"})
    assert (stale.status_code, 'value="はじめの版"' in stale.content.decode()) == (409, True)
    assert lead.post("/guide/edit/publish/", {"seen": seen, "note": "はじめの版"}).status_code == 303
    page_read = text(counselor, "/guide/")
    assert 'href="tel:189"' in page_read
    assert "はじめの版" in page_read


def test_narrowed_by_category_concern_and_age(town: Town, client_of: ClientOf, book: GuideBook) -> None:
    client = client_of(town.counselor)
    titles = ("ミルクの量", "あざがある", "手が出てしまう")
    for query, expected in (
        ("", (True, True, True)),
        ("?category=4&concern=0&age=6", (True, True, False)),
        ("?category=4&concern=2&age=24", (False, True, True)),
        ("?category=5", (False, False, False)),
        ("?category=x&concern=9&age=-1", (True, True, True)),
    ):
        page = text(client, f"/guide/{query}")
        assert tuple(title in page for title in titles) == expected
    page = text(client, "/guide/")
    assert page.index("あざがある") < page.index("ミルクの量")


def test_beside_the_record_it_follows_the_form(town: Town, client_of: ClientOf, book: GuideBook) -> None:
    with makers.scope(town, town.counselor.user_id):
        family = kimura(town.counselor)
        draft = drafts.open_draft(actor=town.counselor, household=family)
        baby = family.people.get(given_name="凛").pk
        older = family.people.get(given_name="颯太").pk
    client, url = client_of(town.counselor), f"/drafts/{draft.pk}/guide/"
    htmx = {"HX-Request": "true"}
    got = text(client, f"{url}?categories=4&concern=2&people={baby}", **htmx)
    assert "<html" not in got
    assert all(title in got for title in ("ミルクの量", "あざがある", "手が出てしまう"))
    assert "ミルクの量" not in text(client, f"{url}?categories=4&people={older}", **htmx)
    assert "手が出てしまう" not in text(client, f"{url}?categories=4&concern=1", **htmx)
    assert "「なんの相談」を押すと" in text(client, f"{url}?concern=1", **htmx)
    assert client_of(town.colleague).get(url).status_code == 404


def test_without_script_it_is_a_page_of_what_was_saved(
    town: Town, client_of: ClientOf, book: GuideBook
) -> None:
    with makers.scope(town, town.counselor.user_id):
        draft = drafts.open_draft(actor=town.counselor, household=None)
        Draft.objects.filter(pk=draft.pk).update(fields={"categories": ["4"], "concern": "2"})
    page = text(client_of(town.counselor), f"/drafts/{draft.pk}/guide/")
    assert "<html" in page
    assert "手が出てしまう" in page
    assert f'href="/drafts/{draft.pk}/guide/"' in text(client_of(town.counselor), f"/drafts/{draft.pk}/")


def test_a_draft_of_the_guide_is_for_who_writes_it(town: Town, client_of: ClientOf, book: GuideBook) -> None:
    lead, counselor = client_of(town.lead), client_of(town.counselor)
    assert lead.post("/guide/edit/").status_code == 303
    with makers.scope(town):
        draft, entry = GuideBook.objects.get(published_at=None), GuideEntry.objects.filter(book=book)[0]
    assert lead.get(f"/guide/books/{draft.pk}/").status_code == 200
    assert counselor.get(f"/guide/books/{draft.pk}/").status_code == 404
    assert counselor.get(f"/guide/books/{draft.pk}/guide.pdf").status_code == 404
    assert counselor.get(f"/guide/books/{book.pk}/").status_code == 200
    assert counselor.post("/guide/edit/").status_code == 403
    assert lead.get(f"/guide/edit/entries/{entry.pk}/").status_code == 409  # of a book in force


def test_an_entry_is_refused_at_its_field(town: Town, client_of: ClientOf, book: GuideBook) -> None:
    lead = client_of(town.lead)
    lead.post("/guide/edit/")
    typed = {"version": "0", "key": str(uuid4()), "category": "4", "title": "", "how": "書いた文"}
    typed["concern_from"] = "0"
    refused = lead.post("/guide/edit/entries/new/", typed)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "見出しを入れてください" in page
    assert "書いた文" in page
    ages = lead.post(
        "/guide/edit/entries/new/", typed | {"title": "x", "age_from": "20", "age_to": "3"}
    ).content.decode()
    assert "より後の月齢" in ages
    for _ in range(2):
        assert lead.post("/guide/edit/entries/new/", typed | {"title": "一度だけ"}).status_code == 303
    with makers.scope(town):
        assert GuideEntry.objects.filter(title="一度だけ").count() == 1


def test_the_guide_on_paper(town: Town, client_of: ClientOf, book: GuideBook) -> None:
    answer = client_of(town.counselor).get(f"/guide/books/{book.pk}/guide.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = [page.extract_text().replace("\n", "") for page in PdfReader(BytesIO(answer.content)).pages]
    assert "すぐに" in pages[0]
    assert "あざがある" in pages[0]
    whole = "".join(pages)
    for words in ("第1版", "ミルクの量", "11か月まで", "0800-000-0000", "連携先の電話"):
        assert words in whole


def test_partners_are_kept_by_who_writes_the_guide(town: Town, client_of: ClientOf) -> None:
    lead = client_of(town.lead)
    typed = {"version": "0", "name": "架空の窓口", "kind": "3", "phone": "0800-000-0000"}
    assert lead.post("/partners/new/", typed).status_code == 303
    twice = lead.post("/partners/new/", typed)
    assert "同じ名称の連携先" in twice.content.decode()
    bad = lead.post("/partners/new/", typed | {"name": "別", "phone": "でんわ"})
    assert "電話番号を数字で" in bad.content.decode()
    with makers.scope(town):
        whom = Partner.objects.get()
    url = f"/partners/{whom.pk}/"
    assert lead.post(url, typed | {"version": "1", "phone": "0800-111-1111"}).status_code == 303
    stale = lead.post(url, typed | {"version": "1", "note": "書いたメモ"})
    assert (stale.status_code, "書いたメモ" in stale.content.decode()) == (409, True)
    assert 'href="tel:08001111111"' in text(client_of(town.counselor), "/partners/")
    assert client_of(town.manager).get(url).status_code == 403
    assert lead.post(url, {"end": "1", "version": "2"}).status_code == 303
    assert "終わりになった連携先" in text(lead, "/partners/")
    assert lead.post(url, {"back": "1", "version": "3"}).status_code == 303


def test_finer_categories_on_their_page(town: Town, client_of: ClientOf) -> None:
    officer = client_of(town.officer)
    typed = {"category": "5", "label": "ことば", "from_year": "2026"}
    assert officer.post("/categories/", typed).status_code == 303
    assert "同じ名称の分類" in officer.post("/categories/", typed).content.decode()
    with makers.scope(town):
        one = SubCategory.objects.get()
    url = f"/categories/{one.pk}/"
    assert officer.post(url, {"version": "1", "label": "発語", "from_year": "2026"}).status_code == 303
    assert officer.post(url, {"version": "1", "to_year": "2026"}).status_code == 409
    assert officer.post(url, {"version": "2", "to_year": "2026"}).status_code == 303
    assert "2026年度まで" in text(officer, "/categories/")
    assert client_of(town.counselor).get("/categories/").status_code == 403


def test_a_table_from_unchecked_to_the_next_version(town: Town, client_of: ClientOf) -> None:
    officer = client_of(town.officer)
    made = officer.post("/categories/official/", {"key": "fukushi", "fiscal_year": "2026"})
    url = made.headers["Location"]
    page = text(officer, url)
    assert "未確認の表です" in page
    assert page.index("6　家庭の経済") < page.index("1　保育所・幼稚園・こども園")  # unmapped first
    with makers.scope(town):
        table = OfficialTable.objects.get()
        line = table.items.get(code="12")
    assert officer.post(url, {"version": "1", "m_6": str(line.pk)}).status_code == 303
    assert officer.post(url, {"version": "1", "m_7": str(line.pk)}).status_code == 409
    checked = {"version": "2", "source": "記入要領（架空）"}
    assert officer.post(f"{url}check/", checked).status_code == 422  # not said to have compared
    assert officer.post(f"{url}check/", checked | {"compared": "on"}).status_code == 303
    assert "確認ずみ" in text(officer, url)
    assert officer.get(f"{url}items/new/").status_code == 200
    assert officer.post(f"{url}reopen/", {"version": "2", "reason": ""}).status_code == 422
    assert officer.post(f"{url}reopen/", {"version": "2", "reason": "行がふえた"}).status_code == 303
    assert "第2版（" in text(officer, url)
    assert officer.post(f"{url}copy/", {"fiscal_year": "2027"}).status_code == 303


def test_what_reading_asks_of_the_database(
    town: Town,
    client_of: ClientOf,
    book: GuideBook,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_of(town.lead)
    client.get("/guide/")
    with django_assert_max_num_queries(12):
        client.get("/guide/")
    client.post("/guide/edit/")
    for number in range(20):
        with makers.scope(town, town.lead.user_id):
            draft = guide.begin(actor=town.lead)
            guide.add_entry(draft, WORDS, actor=town.lead, key=uuid4()) if number else None
    with django_assert_max_num_queries(15):
        assert client.get("/guide/edit/").status_code == 200


def test_partners_are_looked_for_and_paged_with_what_was_looked_for(
    town: Town, client_of: Callable[[Actor], Client]
) -> None:
    with makers.scope(town):
        Partner.objects.bulk_create(
            Partner(municipality=town.municipality, kind=1, name=f"窓口{number:03}") for number in range(130)
        )
        Partner.objects.create(
            municipality=town.municipality, kind=1, name="前の窓口", ended_on=date(2026, 4, 1)
        )
    client = client_of(town.counselor)
    pages = [client.get(f"/partners/?q=窓口&page={number}") for number in (1, 2)]
    names = [[one.name for kind in page.context["kinds"] for one in kind.partners] for page in pages]
    assert [len(part) for part in names] == [100, 30]
    assert names[0] + names[1] == [f"窓口{number:03}" for number in range(130)]
    assert [one.name for one in pages[1].context["ended"]] == ["前の窓口"]
    assert pages[0].context["page"].paginator.count == 131
    assert "?q=%E7%AA%93%E5%8F%A3&amp;page=2" in pages[0].content.decode()
    assert "あてはまる連携先はありません" in client.get("/partners/?q=ない").content.decode()
