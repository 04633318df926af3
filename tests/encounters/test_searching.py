"""Finding records by their words: what LIKE on folded text finds within what may be seen, no more and no less."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import makers
from tests.encounters.cast import NOON, kimura, write
from tests.encounters.charting import follow, pass_to
from tests.encounters.circulating import mark
from tests.makers import Town
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Consultation, RecordWords
from tsunagari.encounters.operations import records
from tsunagari.encounters.queries import searching
from tsunagari.encounters.queries.searching import Wanted, search
from tsunagari.encounters.rules import words as wording
from tsunagari.encounters.rules.indexing import COLUMNS, TEXTS, row_of
from tsunagari.encounters.rules.words import excerpt, fold, read_query

LETTERS = "離乳食熱がガｶﾞかっつー髙高々ァあA ａ。"
texts = st.text(LETTERS, min_size=1, max_size=14)


def found(actor: Actor, words: str = "", **more: object) -> list[int]:
    """Ids of all pages, in order."""
    ids: list[int] = []
    before = ""
    while True:
        page = search(actor, Wanted(words, **more), before=before, limit=3)  # type: ignore[arg-type]
        ids += [hit.line.id for hit in page.hits]
        if not (before := page.more):
            return ids


def looked_through(actor: Actor, words: str) -> list[int]:
    """The same by reading everything that may be seen."""
    rows = Consultation.objects.visible_to(actor).order_by("-occurred_at", "-pk")
    wanted = [fold(word) for word in words.split()]
    folded = {row.pk: [fold(getattr(row, name)) for name in TEXTS] for row in rows}
    return [pk for pk, of in folded.items() if all(any(word in text for text in of) for word in wanted)]


def test_every_spelling_finds_the_record(in_town: Town) -> None:
    record = write(in_town.counselor, content="髙橋さん、ﾘﾆｭｳｼｮｸが進まない。離乳\n食の相談。")
    for words in ("高橋", "りにゅうしょく", "リニュウ", "離乳食", "進まない", "高橋　離乳", "食"):
        assert found(in_town.counselor, words) == [record.pk], words
    for words in ("高槁", "離乳児", "進んだ", "高橋 熱"):
        assert found(in_town.counselor, words) == [], words


#: How many records are looked at one by one, and how many are named at a time: all at once, a few, the index alone.
WALKS = [
    {},
    {"NEAR": 1, "NEAR_ONE": 1, "FARTHER": 2, "DENSE": 1, "FEW": 1, "MANY": 2},
    {"NEAR": 0, "NEAR_ONE": 0},
]


@pytest.mark.parametrize("walk", WALKS, ids=["newest", "few", "index"])
@given(st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_search_finds_what_reading_everything_finds(
    in_town: Town, walk: dict[str, int], data: st.DataObject
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, number in walk.items():
            patch.setattr(searching, name, number)
        compare(in_town, data)


def compare(in_town: Town, data: st.DataObject) -> None:
    """Four records, and what each person finds of them by what may stand in one."""
    family = kimura(in_town.counselor)
    writers = [in_town.counselor, in_town.colleague, in_town.stranger, in_town.nurse]
    said = []
    with transaction.atomic():
        for _ in range(4):
            of = {
                "consent": data.draw(st.sampled_from(["given", "refused"])),
                "sight": data.draw(st.sampled_from(["usual", "manager"])),
                "occurred_at": NOON - timedelta(minutes=data.draw(st.integers(0, 3))),
            }
            writer = data.draw(st.sampled_from(writers))
            said.append(text := data.draw(texts.filter(str.strip)))
            write(writer, family if writer == in_town.counselor else None, content=text, **of)
        typed = data.draw(st.text(LETTERS, min_size=1, max_size=4) | st.sampled_from(said))
        words = " ".join(read_query(typed).words)
        for actor in (*in_town.actors.values(), in_town.stranger, in_town.colleague):
            assert found(actor, typed) == (looked_through(actor, words) if words else [])
        transaction.set_rollback(True)


@given(st.text(LETTERS + "々ゝヽゞ〻\u3099\ufe00㍿①\n", max_size=12))
def test_a_text_is_folded_as_its_pieces_are(text: str) -> None:
    assert fold(text) == "".join(part for part, _ in wording._pieces(text))


@given(texts, texts)
@settings(max_examples=200)
def test_excerpts_mark_the_words_and_lose_nothing_between(text: str, word: str) -> None:
    words = [folded for part in word.split() if (folded := fold(part))]
    pieces = excerpt(text, words, around=100)
    if not pieces:
        assert not any(one in fold(text) for one in words)
        return
    assert "".join(piece.text for piece in pieces) == text
    before = ""
    for piece in pieces:  # 々 says what stands before it
        said = fold(before + piece.text)[len(fold(before)) :]
        assert not piece.hit or any(one in said for one in words)
        before += piece.text


def test_texts_that_hold_a_words_pieces_apart_are_not_read(
    in_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(in_town.counselor, content="母のことばは夜に増えた")
    record = write(in_town.counselor, content="母の夜に")
    read: list[int] = []
    fitting = searching._fitting
    monkeypatch.setattr(searching, "_fitting", lambda *of: read.extend(of[3]) or fitting(*of))
    assert found(in_town.counselor, "母の夜に") == [record.pk]
    assert set(read) == {record.pk}


def test_every_change_keeps_the_words_up_to_date(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    first = write(in_town.counselor, family, next_step="電話", next_on=NOON.date())
    nobody = write(in_town.counselor, who_hint="ベビーカーの方")
    records.finish_next_step(first, actor=in_town.counselor, result="つながった")
    records.move_record(nobody, kimura(in_town.counselor), actor=in_town.counselor, reason="分かった")
    chart = follow(in_town.counselor, family, first, write(in_town.counselor, consent="given"))
    pass_to(chart, in_town.counselor, in_town.midori, in_town.stranger)
    rows = {row.pk: row for row in Consultation.objects.all()}
    kept = RecordWords.objects.values_list("pk", "municipality_id", "occurred_at", "grams")
    assert sorted(kept) == sorted(
        row_of({name: getattr(row, name) for name in COLUMNS}) for row in rows.values()
    )
    assert found(in_town.stranger, "つながった") == [first.pk]


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"category": 9}, 1),
        ({"concern": 2}, 1),
        ({"concern": 3}, 0),
        ({"kind": "accompany"}, 1),
        ({"channel": "phone"}, 1),
        ({"since": NOON.date()}, 2),
        ({"until": NOON.date() - timedelta(days=1)}, 0),
    ],
)
def test_what_a_record_is_narrows(in_town: Town, wanted: dict[str, object], count: int) -> None:
    write(in_town.counselor, content="熱が出た", categories=(9,), concern=2)
    write(in_town.counselor, content="熱がさがった", categories=(4,), kind="accompany", channel="phone")
    assert len(found(in_town.counselor, "熱", **wanted)) == count
    assert len(found(in_town.counselor, **wanted)) == count


def test_marks_writers_and_agencies_narrow_too(in_town: Town) -> None:
    dot = mark(in_town.officer, readers=())
    record = write(in_town.counselor, kimura(in_town.counselor), mark_id=dot.pk, consent="given")
    write(in_town.stranger, kimura(in_town.stranger), consent="given")
    for wanted in ({"mark": dot.pk}, {"writer": in_town.counselor.user_id}, {"agency": in_town.aoba.pk}):
        assert found(in_town.nurse, "2語文", **wanted) == [record.pk]


def test_one_kana_says_too_little_and_is_said_so(in_town: Town) -> None:
    write(in_town.counselor)
    page = search(in_town.counselor, Wanted("ま"))
    assert (page.hits, page.short) == ([], ("ま",))
    assert search(in_town.counselor, Wanted("まだ")).kana_only


def test_another_town_is_never_asked(town: Town, other_town: Town) -> None:
    with makers.scope(town):
        write(town.counselor, kimura(town.counselor), consent="given")
    with makers.scope(other_town):
        assert found(other_town.nurse, "2語文") == []
