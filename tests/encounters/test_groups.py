"""E1, E2: several families at once, and what was written on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests import makers
from tests.encounters.cast import NOON, kimura, mother, said, trail
from tests.encounters.test_books import words_of
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError, Forbidden
from tsunagari.encounters.models import Consultation, Draft, GroupTalk, RecordSheet
from tsunagari.encounters.operations import groups, sheets
from tsunagari.families.rules.paper import shown_code

ClientOf = Callable[[Actor], Client]
TALK = groups.TalkInput("夜泣きのこと", NOON, (4, 5), "みんなで話した。", unnamed=2)

TYPED = {
    "occurred_on": "2026-11-12",
    "categories": ["4"],
    "content": "話した",
    "draft_version": "1",
    "client_id": "tab",
}


def test_each_family_gets_its_own_entry_and_a_second_click_none(in_town: Town) -> None:
    one, other = kimura(in_town.counselor), kimura(in_town.counselor)
    entries = [
        groups.TalkEntry(one.pk, "うちは2時ごろ。", (mother(one),), (mother(one),)),
        groups.TalkEntry(other.pk),
    ]
    key = uuid4()
    for _ in range(2):
        talk = groups.write_group(TALK, entries, actor=in_town.counselor, key=key)
    rows = Consultation.objects.filter(group=talk).order_by("pk")
    assert [(row.kind, row.content) for row in rows] == [
        ("group", "うちは2時ごろ。"),
        ("group", "グループで話した：夜泣きのこと"),
    ]
    assert (Consultation.objects.count(), GroupTalk.objects.get().unnamed) == (2, 2)


def test_one_family_that_is_refused_keeps_all_from_being_saved(in_town: Town) -> None:
    entries = [groups.TalkEntry(kimura(in_town.counselor).pk), groups.TalkEntry(999_999)]
    with pytest.raises(DomainError, match="家庭が見つかりません"):
        groups.write_group(TALK, entries, actor=in_town.counselor, key=uuid4())
    assert not Consultation.objects.exists()
    assert not GroupTalk.objects.exists()


def test_a_talk_with_nobody_is_none(in_town: Town) -> None:
    talk = groups.TalkInput("夜泣き", NOON, (4,))
    with pytest.raises(DomainError, match="いた家庭をえらぶ"):
        groups.write_group(talk, [], actor=in_town.counselor, key=uuid4())


def test_a_talk_is_written_on_one_page(town: Town, client_of: ClientOf) -> None:
    with makers.scope(town):
        family = kimura(town.counselor)
    client = client_of(town.counselor)
    url = client.post("/records/groups/new/")["Location"]
    sent: dict[str, Any] = TYPED | {"topic": "夜泣き"}
    found = client.post(url, sent | {"find": "1", "words": "きむら"}).content.decode()
    assert f'name="families" value="{family.pk}"' in found
    assert client.post(url, sent).status_code == 422
    chosen = {"families": [str(family.pk)], f"text_{family.pk}": "うちだけ"}
    sent["key"] = key(town)
    autosaved = client.post(url.replace("records/groups", "drafts") + "save/", sent | chosen)
    assert autosaved.json()["conflict"] is False
    assert "うちだけ" in client.get(url).content.decode()
    saved = client.post(url, sent | chosen)
    assert client.post(url, sent | chosen)["Location"] == saved["Location"]
    page = client.get(saved["Location"]).content.decode()
    assert "うちだけ" in page
    assert client_of(town.stranger).get(saved["Location"]).status_code == 404


def key(town: Town) -> str:
    with makers.scope(town):
        return str(Draft.objects.get().key)


def test_a_line_of_paper_keeps_its_day_and_writer_and_the_trail_says_who_typed(in_town: Town) -> None:
    [sheet] = sheets.print_sheets(1, actor=in_town.counselor, form="day")
    key = uuid4()
    for _ in range(2):
        written = sheets.typed_in(
            sheet, said(), actor=in_town.counselor, key=key, writer_id=in_town.colleague.user_id
        )
    sheet.refresh_from_db()
    assert (written.author_name, written.occurred_on, sheet.entries) == ("原 架空", date(2026, 11, 12), 1)
    assert trail("record.sheet")[-1].user_id == in_town.counselor.user_id
    with pytest.raises(Forbidden):
        sheets.typed_in(sheet, said(), actor=in_town.stranger, key=uuid4(), writer_id=None)
    with pytest.raises(DomainError, match="書いた人"):
        sheets.typed_in(
            sheet, said(), actor=in_town.counselor, key=uuid4(), writer_id=in_town.stranger.user_id
        )


def test_blank_sheets_are_printed_found_by_number_and_typed_in(town: Town, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    answer = client.post("/sheets/", {"form": "day", "count": "2"})
    assert answer["Content-Type"] == "application/pdf"
    with makers.scope(town):
        sheet = RecordSheet.objects.first()
    assert sheet is not None
    assert shown_code(sheet.code) in words_of(answer.content)
    opened = client.post("/sheets/", {"code": shown_code(sheet.code).lower()})
    url = opened["Location"]
    assert client_of(town.stranger).get(url).status_code == 404
    sent: dict[str, Any] = TYPED | {"channel": "phone"}
    client.get(url)
    for text in ("", "1件目", "2件目"):
        line = sent | {"content": text, "key": key(town), "writer": str(town.colleague.user_id)}
        assert client.post(url, line).status_code == (303 if text else 422)
    page = client.get(url).content.decode()
    assert "2件まで入力しました" in page
    assert f'value="{town.colleague.user_id}" selected' in page
    with makers.scope(town):
        rows = Consultation.objects.order_by("pk").values_list("content", "author_name", "occurred_on")
        assert list(rows) == [(text, "原 架空", date(2026, 11, 12)) for text in ("1件目", "2件目")]
    assert client.post(f"{url}done/").status_code == 303


def test_half_a_line_of_paper_is_there_again(town: Town, client_of: ClientOf) -> None:
    with makers.scope(town):
        [sheet] = sheets.print_sheets(1, actor=town.counselor, form="chart")
    client = client_of(town.counselor)
    client.get(f"/s/{sheet.code}/")
    with makers.scope(town):
        draft = Draft.objects.get()
    sent = {
        "content": "とちゅうま",
        "draft_version": "1",
        "client_id": "tab",
        "occurred_on": str(clock.today()),
    }
    assert client.post(f"/drafts/{draft.pk}/save/", sent).status_code == 200
    assert "とちゅうま" in client.get(f"/s/{sheet.code}/").content.decode()
    assert client.get(f"/drafts/{draft.pk}/")["Location"] == f"/s/{sheet.code}/"
