"""E2: styles, marks and words as people decide them; switching loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests import makers
from tests.encounters.cast import kimura, trail, write
from tests.makers import Town
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters.models import Consultation, RecordKeeping, RecordMark, Snippet
from tsunagari.encounters.operations import keeping
from tsunagari.encounters.queries import keeping as queries
from tsunagari.encounters.rules.keeping import READERS, MarkInput, mark_problems

ClientOf = Callable[[Actor], Client]
BLACK = MarkInput("●", "すぐに読む", "けが・虐待のうたがい", True, ("manager", "lead"), 1)


def test_another_style_changes_no_record(in_town: Town) -> None:
    write(in_town.counselor, kimura(in_town.counselor))
    before = list(Consultation.objects.values())
    for version, style in enumerate(("family", "hybrid", "day")):
        keeping.choose_style(in_town.aoba, actor=in_town.manager, style=style, version=version)
    assert list(Consultation.objects.values()) == before
    assert [line.style for line in queries.keepings(in_town.manager)] == ["day"]
    assert len(trail("keeping.manage")) == 3


def test_who_chose_meanwhile_is_not_overwritten(in_town: Town) -> None:
    keeping.choose_style(in_town.aoba, actor=in_town.manager, style="family", version=0)
    with pytest.raises(Conflict):
        keeping.choose_style(in_town.aoba, actor=in_town.officer, style="hybrid", version=0)
    assert RecordKeeping.objects.get().style == "family"


def test_a_manager_decides_for_the_own_agency_alone(in_town: Town) -> None:
    with pytest.raises(Forbidden):
        keeping.choose_style(in_town.midori, actor=in_town.manager, style="family", version=0)
    keeping.choose_style(in_town.midori, actor=in_town.officer, style="family", version=0)
    styles = {line.agency_id: line.style for line in queries.keepings(in_town.officer)}
    assert (styles[in_town.midori.pk], styles[in_town.aoba.pk]) == ("family", "day")


def test_a_mark_is_asked_for_only_where_there_is_one(in_town: Town) -> None:
    with pytest.raises(DomainError, match="印がまだありません"):
        keeping.choose_style(in_town.aoba, actor=in_town.manager, style="day", mark_required=True, version=0)


def test_a_mark_on_records_keeps_its_sign(in_town: Town) -> None:
    mark = keeping.add_mark(BLACK, actor=in_town.officer)
    keeping.change_mark(mark, replace(BLACK, symbol="◎"), actor=in_town.officer)
    write(in_town.counselor, None, mark_id=mark.pk)
    with pytest.raises(DomainError, match="変えられません"):
        keeping.change_mark(mark, BLACK, actor=in_town.officer)
    changed = keeping.change_mark(mark, replace(BLACK, symbol="◎", within_days=3), actor=in_town.officer)
    assert (changed.symbol, changed.within_days) == ("◎", 3)


def test_an_ended_mark_frees_its_sign(in_town: Town) -> None:
    mark = keeping.add_mark(BLACK, actor=in_town.officer)
    with pytest.raises(DomainError, match="同じ印"):
        keeping.add_mark(BLACK, actor=in_town.officer)
    keeping.end_mark(mark, actor=in_town.officer)
    keeping.add_mark(BLACK, actor=in_town.officer)
    assert RecordMark.objects.count() == 2
    with pytest.raises(Conflict):
        keeping.end_mark(mark, actor=in_town.officer)


@given(st.lists(st.sampled_from(sorted(READERS)), unique=True), st.sampled_from(["usual", "manager"]))
def test_a_mark_never_sends_a_record_to_who_may_not_read_it(readers: list[str], sight: str) -> None:
    mark = replace(BLACK, readers=tuple(readers), sight=sight, within_days=None)
    refused = any(problem.field == "readers" for problem in mark_problems(mark))
    assert refused == (sight == "manager" and bool({"counselor", "rounds"} & set(readers)))


def test_words_of_concern_are_the_citys(in_town: Town) -> None:
    keeping.set_concerns(("なし", "すこし", "ある", "とても"), actor=in_town.officer, version=0)
    assert queries.concerns(in_town.counselor).words == ("なし", "すこし", "ある", "とても")
    with pytest.raises(Conflict):
        keeping.set_concerns(("a", "b", "c", "d"), actor=in_town.officer, version=0)
    with pytest.raises(DomainError, match="同じ言い方"):
        keeping.set_concerns(("a", "a", "c", "d"), actor=in_town.officer, version=1)


def test_the_agencys_texts_are_its_own(in_town: Town) -> None:
    one = keeping.add_snippet(actor=in_town.manager, title="様子", text="笑顔が多い。\r\n")
    with pytest.raises(Forbidden):
        keeping.change_snippet(one, actor=in_town.lead, title="a", text="b", field="content")
    keeping.change_snippet(one, actor=in_town.manager, title="様子", text="よく食べた。", field="progress")
    keeping.remove_snippet(one, actor=in_town.manager)
    assert not Snippet.objects.exists()


def test_the_pages_of_keeping(town: Town, client_of: ClientOf) -> None:
    officer, manager = client_of(town.officer), client_of(town.manager)
    mark = {"symbol": "●", "name": "すぐに読む", "sight": "usual", "position": "1", "readers": ["manager"]}
    assert officer.post("/keeping/marks/new/", mark).status_code == 303
    assert officer.post("/keeping/marks/new/", mark | {"symbol": "●"}).status_code == 422
    words = {f"level_{level}": f"段階{level}" for level in range(4)}
    assert officer.post("/keeping/concerns/", words | {"version": "0"}).status_code == 303
    style = {"style": "hybrid", "mark_required": "on", "version": "0"}
    assert manager.post(f"/keeping/agencies/{town.aoba.pk}/", style).status_code == 303
    assert manager.post(f"/keeping/agencies/{town.aoba.pk}/", style).status_code == 409
    assert manager.post(f"/keeping/agencies/{town.midori.pk}/", style).status_code in (403, 404)
    text = {"title": "様子", "text": "笑顔が多い。", "field": "content"}
    assert manager.post("/keeping/snippets/", text).status_code == 303
    page = client_of(town.counselor).get("/keeping/").content.decode()
    for words_of in ("ハイブリッド", "印を必ずつける", "●", "読む人：施設長", "段階3", "笑顔が多い。"):
        assert words_of in page


def test_a_city_that_asks_for_marks_is_told_at_the_field(town: Town, client_of: ClientOf) -> None:
    from tests.encounters.test_pages import begin, typed

    with makers.scope(town):
        mark = keeping.add_mark(BLACK, actor=town.officer)
        keeping.choose_style(town.aoba, actor=town.manager, style="day", mark_required=True, version=0)
    client = client_of(town.counselor)
    url = begin(client, None)
    refused = client.post(url, typed(town, None))
    assert refused.status_code == 422
    assert "印を必ずつけます" in refused.content.decode()
    assert client.post(url, typed(town, None, mark=str(mark.pk))).status_code == 303
