"""E1, E2: kind, mark, concern, sight, partners and owner of a record."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from tests import makers
from tests.encounters.cast import NOON, children, kimura, said, write
from tests.encounters.test_pages import typed
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError
from tsunagari.encounters import queries, rules
from tsunagari.encounters.models import (
    Attachment,
    Chart,
    Consultation,
    Partner,
    RecordMark,
    SubCategory,
)
from tsunagari.encounters.operations import drafts, records
from tsunagari.families.models import Household

STEP = {"next_step": "電話する", "next_on": date(2026, 12, 1)}


def mark(town: Town, symbol: str = "●", **more: object) -> RecordMark:
    return RecordMark.objects.create(municipality=town.municipality, symbol=symbol, name="気になる", **more)


def chart(town: Town, family: Household, person_id: int | None = None) -> Chart:
    return Chart.objects.create(
        municipality=town.municipality,
        agency=town.aoba,
        household=family,
        person_id=person_id,
        number=f"R8-{uuid4().hex[:4]}",
        why="ことばが気になる",
        opened_on=NOON.date(),
        opened_by_name="原 架空",
        owner_id=town.colleague.user_id,
        owner_name="原 架空",
        created_at=NOON,
        updated_at=NOON,
    )


def full(town: Town, family: Household) -> rules.RecordInput:
    partner = Partner.objects.create(municipality=town.municipality, kind=1, name="保健センター")
    detail = SubCategory.objects.create(
        municipality=town.municipality, category=5, label="ことば", from_year=2026
    )
    return said(
        family,
        kind="accompany",
        details=(detail.pk,),
        concern=2,
        mark_id=mark(town).pk,
        sight="manager",
        told=(partner.pk,),
        linked=(partner.pk,),
        next_owner_id=town.counselor.user_id,
        **STEP,
    )


def test_every_field_is_kept_in_the_record_its_former_text_and_a_draft(in_town: Town) -> None:
    given = full(in_town, kimura(in_town.counselor))
    saved = records.write_record(given, actor=in_town.counselor, key=uuid4())
    saved.refresh_from_db()
    assert queries.record_input(saved) == given
    assert rules.from_snapshot(json.loads(json.dumps(rules.snapshot(given)))) == given
    draft = drafts.open_draft(actor=in_town.counselor, consultation=saved)
    bare = replace(given, kind="consult", details=(), mark_id=None, sight="usual", concern=None, told=())
    later = records.correct_record(saved, bare, actor=in_town.counselor, expected_version=1, draft=draft)
    changes = {one.label: one.theirs for one in queries.history(later, words(in_town))[0].changes}
    assert changes == {
        "種類": "同行",
        "印": "● 気になる",
        "細かい分類": "ことば",
        "情報を伝えた先": "保健センター",
        "気がかりの度合い": "気になる",
        "見られる人": "施設長とセンターだけ",
    }


def words(town: Town) -> rules.Words:
    return queries.choices(town.counselor, clock.today()).words


def test_a_mark_for_few_readers_narrows_the_record(in_town: Town) -> None:
    narrow = mark(in_town, sight="manager")
    saved = write(in_town.counselor, kimura(in_town.counselor), mark_id=narrow.pk)
    assert saved.sight == "manager"
    assert Consultation.objects.visible_to(in_town.counselor).exists()
    assert not Consultation.objects.visible_to(in_town.colleague).exists()


def test_a_mark_that_ended_stays_on_its_record_and_goes_on_no_other(in_town: Town) -> None:
    ended = mark(in_town)
    saved = write(in_town.counselor, kimura(in_town.counselor), mark_id=ended.pk)
    RecordMark.objects.update(ended_on=NOON.date())
    later = replace(queries.record_input(saved), content="書き足した。")
    assert records.correct_record(saved, later, actor=in_town.counselor, expected_version=1).mark_id
    with pytest.raises(DomainError, match="使われていません"):
        write(in_town.counselor, kimura(in_town.counselor), mark_id=ended.pk)


@pytest.mark.parametrize("field", ["details", "told", "linked", "next_owner_id"])
def test_what_is_not_the_towns_is_refused_at_its_field(in_town: Town, field: str) -> None:
    value = 999_999 if field == "next_owner_id" else (999_999,)
    with pytest.raises(DomainError) as refused:
        write(in_town.counselor, kimura(in_town.counselor), **STEP, **{field: value})
    assert refused.value.field == field


def test_the_next_step_belongs_to_its_writer(in_town: Town) -> None:
    saved = write(in_town.counselor, kimura(in_town.counselor), **STEP)
    assert (saved.next_owner_id, saved.next_owner_name) == (in_town.counselor.user_id, "三浦 架空")
    given = queries.record_input(saved)
    other = replace(given, next_owner_id=in_town.colleague.user_id)
    moved = records.correct_record(saved, other, actor=in_town.counselor, expected_version=1)
    assert moved.next_owner_name == "原 架空"
    none = replace(other, next_step="", next_on=None)
    ended = records.correct_record(saved, none, actor=in_town.counselor, expected_version=2)
    assert (ended.next_owner_id, ended.next_owner_name) == (None, "")


def test_the_next_step_of_a_followed_family_belongs_to_who_is_in_charge(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    chart(in_town, family, children(family)[0])
    assert write(in_town.counselor, family, **STEP).next_owner_id == in_town.colleague.user_id
    Chart.objects.update(closed_on=NOON.date())
    assert write(in_town.counselor, family, **STEP).next_owner_id == in_town.counselor.user_id


def attached(town: Town, draft: object) -> Attachment:
    return Attachment.objects.create(
        municipality=town.municipality,
        draft=draft,
        name="紙.jpg",
        media_type="image/jpeg",
        size=1,
        sha256="0" * 64,
        added_at=NOON,
    )


def test_what_was_attached_to_a_draft_goes_with_its_record(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    draft = drafts.open_draft(actor=in_town.counselor, household=family)
    attached(in_town, draft)
    saved = records.write_record(said(family), actor=in_town.counselor, key=draft.key, draft=draft)
    assert Attachment.objects.get().consultation_id == saved.pk
    again = drafts.open_draft(actor=in_town.counselor, consultation=saved)
    attached(in_town, again)
    same = queries.record_input(saved)
    records.correct_record(saved, same, actor=in_town.counselor, expected_version=1, draft=again)
    assert Attachment.objects.visible_to(in_town.counselor).filter(consultation=saved).count() == 2


def test_what_was_attached_to_a_draft_thrown_away_is_out_of_sight(in_town: Town) -> None:
    draft = drafts.open_draft(actor=in_town.counselor)
    attached(in_town, draft)
    drafts.discard_draft(draft, actor=in_town.counselor)
    assert not Attachment.objects.visible_to(in_town.counselor).exists()
    assert Attachment.objects.get().removed_by == in_town.counselor.user_id


def test_everything_to_choose_from_comes_in_one_query(
    in_town: Town, django_assert_max_num_queries: object
) -> None:
    full(in_town, kimura(in_town.counselor))
    queries.choices(in_town.counselor, clock.today())
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        found = queries.choices(in_town.counselor, clock.today())
    assert [str(one) for one in found.marks] == ["● 気になる"]
    assert [one.label for one in found.details] == ["ことば"]
    assert [found.details[0].holds(year) for year in (2026, 2025)] == [True, False]
    assert "原 架空" in dict(found.staff).values()


def test_who_narrows_anothers_record_is_told_and_not_led_to_a_closed_door(
    town: Town, client_of: Callable[[Actor], Client]
) -> None:
    with makers.scope(town):
        saved = write(town.colleague)
    client = client_of(town.counselor)
    url = client.post(f"/records/{saved.pk}/edit/")["Location"]
    sent = typed(town, None, sight="manager", record=str(saved.pk))
    answer = client.post(url, sent, follow=True)
    assert answer.redirect_chain[-1][0] == "/records/"
    assert "書いた人だけが見られるようになりました" in answer.content.decode()
    assert client.get(f"/records/{saved.pk}/").status_code == 404


def test_a_records_page_names_what_it_has_and_asks_for_no_other_words(in_town: Town) -> None:
    saved = records.write_record(
        full(in_town, kimura(in_town.counselor)), actor=in_town.counselor, key=uuid4()
    )
    Partner.objects.create(municipality=in_town.municipality, kind=2, name="ほかの窓口")
    words = queries.words_of(saved)
    assert (list(words.marks.values()), list(words.details.values())) == (["● 気になる"], ["ことば"])
    assert list(words.partners.values()) == ["保健センター"]
    everything = queries.choices(in_town.counselor, NOON.date()).words
    assert queries.record_facts(saved, words) == queries.record_facts(saved, everything)
