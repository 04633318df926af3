"""E1: one record in the common form, saved once, corrected without loss, moved to the right family."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from tests import makers
from tests.encounters.cast import NOON, at_once, children, kimura, mother, said, trail, write
from tests.makers import Town
from tsunagari.base import clock, tenancy
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters import queries
from tsunagari.encounters.models import Consultation, ConsultationRead
from tsunagari.encounters.operations import drafts, records
from tsunagari.families.models import AgencyLink, Person


def test_a_record_keeps_what_was_said(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    given = said(
        family, next_step="様子をきく", next_on=date(2026, 12, 5), responses=("listened", "informed")
    )
    saved = records.write_record(given, actor=in_town.counselor, key=uuid4())
    saved.refresh_from_db()
    assert queries.record_input(saved) == replace(given, next_owner_id=in_town.counselor.user_id)
    assert saved.next_owner_name == "三浦 架空"
    assert (saved.main_category, saved.author_name, saved.version) == (5, "三浦 架空", 1)
    assert saved.occurred_on == date(2026, 11, 12)


def test_age_and_school_year_are_those_of_the_day(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    rows = write(in_town.counselor, family).people.order_by("pk")
    child, parent = rows
    assert (child.age_text, child.age_months, child.school_year) == ("2歳3か月", 27, "1歳児クラス")
    assert (parent.age_text, parent.school_year, parent.consulting) == ("32歳", "", True)


def test_ages_stay_when_the_person_changes_and_are_refilled_with_the_date(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    saved = write(in_town.counselor, family)
    Person.objects.filter(pk=children(family)[0]).update(birth_date=date(2024, 10, 9))
    assert saved.people.order_by("pk")[0].age_text == "2歳3か月"
    later = said(family, occurred_at=NOON - timedelta(days=30))
    records.correct_record(saved, later, actor=in_town.counselor, expected_version=1)
    assert saved.people.order_by("pk")[0].age_text == "2歳"


def test_writing_opens_the_family_and_leaves_a_trail(town: Town) -> None:
    with makers.scope(town):
        family = kimura(town.counselor)
        saved = write(town.stranger, family)
        assert AgencyLink.objects.get(household=family, agency=town.midori).reason == "record"
    with makers.scope(town):
        [line] = trail("record.write")
        assert (line.object_id, line.household_id) == (saved.pk, family.pk)
        assert "2語文" not in line.detail


def test_an_anonymous_record_needs_no_family(in_town: Town) -> None:
    saved = write(in_town.counselor, who_hint="2か月くらいの男の子のお母さん")
    assert saved.household_id is None
    assert saved.who_hint == "2か月くらいの男の子のお母さん"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"content": " \n"}, "content"),
        ({"categories": ()}, "categories"),
        ({"categories": (99,)}, "categories"),
        ({"channel": "fax"}, "channel"),
        ({"consent": "yes"}, "consent"),
        ({"responses": ("sang",)}, "responses"),
        ({"occurred_at": NOON + timedelta(days=3650)}, "occurred_at"),
        ({"next_step": "電話"}, "next_on"),
        ({"next_on": date(2026, 12, 1)}, "next_step"),
        ({"next_step": "電話", "next_on": date(2026, 11, 1)}, "next_on"),
        ({"person_ids": (10**9,)}, "person_ids"),
    ],
)
def test_what_cannot_be_saved_names_its_field(in_town: Town, more: dict[str, Any], field: str) -> None:
    family = kimura(in_town.counselor)
    given = said(family, **({"consulting_ids": ()} | more))
    with clock.stopped_at(NOON + timedelta(hours=1)), pytest.raises(DomainError) as refused:
        records.write_record(given, actor=in_town.counselor, key=uuid4())
    assert refused.value.field == field
    assert not Consultation.objects.exists()


def test_the_same_key_is_the_same_record(in_town: Town) -> None:
    family, key = kimura(in_town.counselor), uuid4()
    saved = {records.write_record(said(family), actor=in_town.counselor, key=key).pk for _ in range(2)}
    assert len(saved) == 1
    assert Consultation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("named", [True, False])
def test_two_saves_at_once_make_one_record(town: Town, named: bool) -> None:
    with makers.scope(town):
        record = said(kimura(town.counselor)) if named else said()
    key = uuid4()

    def save(_: int) -> int:
        with tenancy.municipality(town.municipality.pk):
            return records.write_record(record, actor=town.counselor, key=key).pk

    assert len(set(at_once(save, [1, 2]))) == 1
    with makers.scope(town):
        assert Consultation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_at_once_one_is_told(town: Town) -> None:
    with makers.scope(town):
        family = kimura(town.counselor)
        saved = write(town.counselor, family)

    def correct(text: str) -> str:
        with tenancy.municipality(town.municipality.pk):
            try:
                records.correct_record(
                    saved, said(family, content=text), actor=town.counselor, expected_version=1
                )
            except records.StaleRecord:
                return "stale"
        return "saved"

    assert sorted(at_once(correct, ["ひとつめ", "ふたつめ"])) == ["saved", "stale"]


def test_a_correction_keeps_the_former_text_with_who_when_and_why(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    saved = write(in_town.counselor, family)
    changed = said(family, content="2語文が出はじめた。", categories=(5,))
    records.correct_record(saved, changed, actor=in_town.colleague, expected_version=1, reason="聞きまちがい")
    saved.refresh_from_db()
    [revision] = queries.history(saved)
    assert (saved.version, revision.changed_by_name, revision.reason) == (2, "原 架空", "聞きまちがい")
    assert {one.field for one in revision.changes} == {"content", "categories"}
    assert [one.theirs for one in revision.changes if one.field == "content"] == ["2語文がまだ出ない。"]


def test_former_texts_cannot_be_changed_by_the_web_role(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    saved = write(in_town.counselor, family)
    records.correct_record(saved, said(family, content="別の文"), actor=in_town.counselor, expected_version=1)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE encounters_consultationrevision SET reason = ''")


def test_nothing_changed_makes_no_version(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    saved = write(in_town.counselor, family)
    records.correct_record(saved, queries.record_input(saved), actor=in_town.counselor, expected_version=1)
    saved.refresh_from_db()
    assert saved.version == 1


def test_a_stale_correction_carries_both_texts_and_changes_nothing(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    saved = write(in_town.counselor, family)
    records.correct_record(saved, said(family, content="先の文"), actor=in_town.colleague, expected_version=1)
    with pytest.raises(records.StaleRecord) as stale:
        records.correct_record(
            saved, said(family, content="後の文"), actor=in_town.counselor, expected_version=1
        )
    assert (stale.value.status, stale.value.current.content, stale.value.mine.content) == (
        409,
        "先の文",
        "後の文",
    )
    saved.refresh_from_db()
    assert saved.content == "先の文"


def test_other_agencies_cannot_correct_move_or_finish(in_town: Town) -> None:
    family, other = kimura(in_town.counselor), kimura(in_town.counselor)
    saved = write(in_town.counselor, family, next_step="電話", next_on=NOON.date(), consent="given")
    for actor in (in_town.stranger, in_town.nurse):
        with pytest.raises(Forbidden):
            records.correct_record(saved, said(family, content="×"), actor=actor, expected_version=1)
        with pytest.raises(Forbidden):
            records.move_record(saved, other, actor=actor, reason="×")
        with pytest.raises(Forbidden):
            records.finish_next_step(saved, actor=actor, result="×")


def test_moving_leaves_a_trail_on_both_families_and_takes_the_people_off(town: Town) -> None:
    with makers.scope(town):
        wrong, right = kimura(town.counselor), kimura(town.counselor)
        saved = write(town.counselor, wrong)
        records.move_record(saved, right, actor=town.counselor, reason="同姓の家庭だった")
        saved.refresh_from_db()
        assert (saved.household_id, saved.people.count(), saved.version) == (right.pk, 0, 2)
        assert saved.revisions.get().snapshot["person_ids"] == [children(wrong)[0], mother(wrong)]
    with makers.scope(town):
        assert {line.household_id for line in trail("record.move")} == {wrong.pk, right.pk}


def test_a_record_without_a_name_is_given_to_a_family_later(in_town: Town) -> None:
    saved = write(in_town.counselor, who_hint="双子のお母さん")
    family = kimura(in_town.counselor)
    records.move_record(saved, family, actor=in_town.counselor, reason="お名前がわかった")
    saved.refresh_from_db()
    assert (saved.household_id, saved.who_hint) == (family.pk, "双子のお母さん")


def test_moving_asks_for_a_reason_and_another_family(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    saved = write(in_town.counselor, family)
    with pytest.raises(DomainError):
        records.move_record(saved, kimura(in_town.counselor), actor=in_town.counselor, reason=" ")
    with pytest.raises(DomainError):
        records.move_record(saved, family, actor=in_town.counselor, reason="まちがい")


def test_a_next_step_is_finished_once_and_may_be_put_off(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    saved = write(in_town.counselor, family, next_step="電話", next_on=clock.today())
    later = clock.today() + timedelta(days=7)
    records.reschedule_next_step(saved, actor=in_town.counselor, next_on=later)
    records.finish_next_step(saved, actor=in_town.counselor, result="つながった")
    saved.refresh_from_db()
    assert (saved.next_on, saved.next_result, saved.version) == (later, "つながった", 2)
    with pytest.raises(Conflict):
        records.finish_next_step(saved, actor=in_town.colleague, result="もう一度")


def test_a_new_next_step_is_open_again(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    saved = write(in_town.counselor, family, next_step="電話", next_on=date(2026, 11, 20))
    records.finish_next_step(saved, actor=in_town.counselor, result="すんだ")
    again = said(family, next_step="訪問", next_on=date(2026, 12, 1))
    records.correct_record(saved, again, actor=in_town.counselor, expected_version=1)
    saved.refresh_from_db()
    assert (saved.next_done_at, saved.next_result) == (None, "")


def test_reading_is_remembered_with_its_version(town: Town) -> None:
    with makers.scope(town):
        saved = write(town.counselor, kimura(town.counselor))
        for _ in range(2):
            records.mark_read([saved], actor=town.colleague)
        assert ConsultationRead.objects.get().version == 1
    with makers.scope(town):
        assert len(trail("record.read")) == 2


def test_words_are_for_the_own_agency_and_with_consent_the_centre(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    shared, kept = write(in_town.counselor, family, consent="given"), write(in_town.counselor, family)
    seen = {actor.role: set(Consultation.objects.visible_to(actor)) for actor in in_town.actors.values()}
    assert seen["counselor"] == seen["manager"] == seen["rounds"] == {shared, kept}
    assert seen["nurse"] == seen["lead"] == {shared}
    assert seen["officer"] == seen["auditor"] == set()
    assert not Consultation.objects.visible_to(in_town.stranger).exists()


def test_saving_takes_the_draft_away_but_not_a_text_kept_beside_it(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    draft = drafts.open_draft(actor=in_town.counselor, household=family)
    drafts.save_draft(draft, actor=in_town.counselor, fields={"content": "A"}, version=1, client="a")
    kept = drafts.save_draft(
        draft, actor=in_town.counselor, fields={"content": "B"}, version=1, client="b"
    ).kept
    records.write_record(said(family), actor=in_town.counselor, key=draft.key, draft=draft)
    assert kept is not None
    assert [line.id for line in queries.drafts(in_town.counselor)] == [kept.pk]
