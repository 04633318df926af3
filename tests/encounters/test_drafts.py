"""Drafts survive, and no tab overwrites another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import makers
from tests.encounters.cast import NOON, at_once, children, kimura, mother, said, visit, write
from tests.makers import Town
from tsunagari.base import clock, tenancy
from tsunagari.base.errors import DomainError, Forbidden
from tsunagari.encounters import queries
from tsunagari.encounters.models import Draft
from tsunagari.encounters.operations import drafts, records


def test_an_unfinished_draft_of_the_family_is_gone_on_with(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    first = drafts.open_draft(actor=in_town.counselor, household=family)
    drafts.save_draft(first, actor=in_town.counselor, fields={"content": "夜中に"}, version=1, client="pc")
    again = drafts.open_draft(actor=in_town.counselor, household=family)
    assert (again.pk, again.fields["content"]) == (first.pk, "夜中に")
    assert drafts.open_draft(actor=in_town.colleague, household=family).pk != first.pk


def test_a_begun_draft_without_a_name_is_never_taken_for_somebody_else(in_town: Town) -> None:
    untouched = drafts.open_draft(actor=in_town.counselor)
    assert drafts.open_draft(actor=in_town.counselor).pk == untouched.pk
    drafts.save_draft(untouched, actor=in_town.counselor, fields={"content": "A"}, version=1, client="pc")
    assert drafts.open_draft(actor=in_town.counselor).pk != untouched.pk


def test_a_new_draft_knows_who_came_today(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    assert queries.first_fields(in_town.counselor, family)["channel"] == ""
    visit(in_town.counselor, family, person_ids=children(family)[1:])
    begun = queries.first_fields(in_town.counselor, family)
    assert begun["channel"] == "visit"
    assert begun["people"] == [str(children(family)[1]), str(mother(family))]


def test_another_device_goes_on_where_the_first_stopped(in_town: Town) -> None:
    draft = drafts.open_draft(actor=in_town.counselor)
    one = drafts.save_draft(draft, actor=in_town.counselor, fields={"content": "A"}, version=1, client="pc")
    two = drafts.save_draft(
        draft, actor=in_town.counselor, fields={"content": "AB"}, version=one.version, client="tab"
    )
    assert (two.conflict, two.version, two.draft.fields) == (False, 3, {"content": "AB"})


def test_a_lost_answer_does_not_make_the_same_tab_conflict_with_itself(in_town: Town) -> None:
    draft = drafts.open_draft(actor=in_town.counselor)
    drafts.save_draft(draft, actor=in_town.counselor, fields={"content": "A"}, version=1, client="pc")
    again = drafts.save_draft(
        draft, actor=in_town.counselor, fields={"content": "AB"}, version=1, client="pc"
    )
    assert (again.conflict, again.draft.fields["content"]) == (False, "AB")


def test_two_tabs_lose_neither_text(in_town: Town) -> None:
    draft = drafts.open_draft(actor=in_town.counselor)
    drafts.save_draft(draft, actor=in_town.counselor, fields={"content": "A"}, version=1, client="a")
    kept = [
        drafts.save_draft(
            draft, actor=in_town.counselor, fields={"content": text}, version=1, client="b"
        ).kept
        for text in ("B", "BB")
    ]
    assert kept[0] is not None
    assert kept[0] == kept[1]
    assert sorted(Draft.objects.values_list("fields__content", flat=True)) == ["A", "BB"]


def test_two_texts_become_one_draft(in_town: Town) -> None:
    draft = drafts.open_draft(actor=in_town.counselor)
    drafts.save_draft(draft, actor=in_town.counselor, fields={"content": "A"}, version=1, client="a")
    kept = drafts.save_draft(
        draft, actor=in_town.counselor, fields={"content": "B"}, version=1, client="b"
    ).kept
    assert kept is not None
    drafts.settle_draft(draft, actor=in_town.counselor, other=kept, fields={"content": "A。B"})
    assert [one.fields["content"] for one in Draft.objects.all()] == ["A。B"]


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_the_same_moment_lose_neither_text(town: Town) -> None:
    with makers.scope(town):
        draft = drafts.open_draft(actor=town.counselor)

    def save(text: str) -> None:
        with tenancy.municipality(town.municipality.pk):
            drafts.save_draft(draft, actor=town.counselor, fields={"content": text}, version=1, client=text)

    at_once(save, ["A", "B"])
    with makers.scope(town):
        assert sorted(Draft.objects.values_list("fields__content", flat=True)) == ["A", "B"]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_open_one_draft_of_a_family(town: Town) -> None:
    with makers.scope(town):
        family = kimura(town.counselor)

    def begin(_: int) -> int:
        with tenancy.municipality(town.municipality.pk):
            return drafts.open_draft(actor=town.counselor, household=family).pk

    assert len(set(at_once(begin, [1, 2]))) == 1


def test_colleagues_in_the_same_record_are_named_for_two_minutes(in_town: Town) -> None:
    saved = write(in_town.counselor, kimura(in_town.counselor))
    with clock.stopped_at(NOON):
        mine = drafts.open_draft(actor=in_town.counselor, consultation=saved)
        drafts.open_draft(actor=in_town.colleague, consultation=saved)
        assert queries.writing_now(in_town.counselor, mine) == ("原 架空",)
    with clock.stopped_at(NOON + timedelta(minutes=3)):
        assert queries.writing_now(in_town.counselor, mine) == ()


def test_a_colleague_writing_about_the_same_family_is_named_but_not_one_of_another_agency(
    in_town: Town,
) -> None:
    family = kimura(in_town.counselor)
    mine = drafts.open_draft(actor=in_town.counselor, household=family)
    drafts.open_draft(actor=in_town.colleague, household=family)
    drafts.open_draft(actor=in_town.stranger, household=family)
    assert queries.writing_now(in_town.counselor, mine) == ("原 架空",)


def test_an_untouched_correction_begins_from_the_record_as_it_stands(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    saved = write(in_town.counselor, family)
    drafts.open_draft(actor=in_town.counselor, consultation=saved)
    records.correct_record(
        saved, said(family, content="新しい文"), actor=in_town.colleague, expected_version=1
    )
    saved.refresh_from_db()
    draft = drafts.open_draft(actor=in_town.counselor, consultation=saved)
    assert (draft.base_version, draft.fields["content"]) == (2, "新しい文")


def test_another_family_keeps_the_words_and_changes_the_people(in_town: Town) -> None:
    draft = drafts.open_draft(actor=in_town.counselor, household=kimura(in_town.counselor))
    drafts.save_draft(draft, actor=in_town.counselor, fields={"content": "夜泣き"}, version=1, client="")
    other = kimura(in_town.counselor)
    pointed = drafts.point_draft(draft, actor=in_town.counselor, household=other)
    assert (pointed.household_id, pointed.fields["content"]) == (other.pk, "夜泣き")
    assert pointed.fields["people"] == [str(mother(other))]


def test_drafts_are_ones_own(in_town: Town) -> None:
    draft = drafts.open_draft(actor=in_town.counselor)
    assert not Draft.objects.visible_to(in_town.colleague).exists()
    with pytest.raises(Forbidden):
        drafts.save_draft(draft, actor=in_town.colleague, fields={}, version=1, client="")


def test_what_the_database_cannot_keep_is_dropped_and_too_much_is_refused(in_town: Town) -> None:
    draft = drafts.open_draft(actor=in_town.counselor)
    saved = drafts.save_draft(
        draft, actor=in_town.counselor, fields={"content": "A\x00B"}, version=1, client=""
    )
    assert saved.draft.fields["content"] == "AB"
    with pytest.raises(DomainError) as refused:
        drafts.save_draft(
            draft, actor=in_town.counselor, fields={"content": "あ" * 300_000}, version=2, client=""
        )
    assert refused.value.status == 413


def test_a_discarded_draft_is_gone_and_saving_it_says_so(in_town: Town) -> None:
    draft = drafts.open_draft(actor=in_town.counselor)
    drafts.discard_draft(draft, actor=in_town.counselor)
    with pytest.raises(DomainError) as gone:
        drafts.save_draft(draft, actor=in_town.counselor, fields={}, version=1, client="")
    assert gone.value.status == 410
