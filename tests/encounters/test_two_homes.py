"""X3: a child whose own home is under 支援措置 is named there alone, not where it stays besides."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from tests import makers
from tests.encounters.cast import NOON, children, kimura, said, visit, write
from tests.makers import Town
from tsunagari.encounters import queries
from tsunagari.encounters.models import Consultation
from tsunagari.encounters.operations import drafts, records
from tsunagari.families.models import Household, Person
from tsunagari.families.operations import people
from tsunagari.families.rules import PersonInput

HIMARI = PersonInput(kind="child", family_name="森", given_name="陽葵", given_kana="ヒマリ")
DAY = "?day=2026-11-12"


@pytest.fixture
def father(town: Town) -> Household:
    """木村さん, where 陽葵 stays besides: she came, and was spoken of. Her own home is under protection."""
    with makers.scope(town):
        home, mother = kimura(town.counselor), kimura(town.counselor)
        guest = people.add_person(mother, HIMARI, actor=town.counselor)
        people.add_second_home(guest, home, actor=town.counselor, note="週末")
        ids = (*children(home), guest.pk)
        visit(town.counselor, home, person_ids=ids, at=NOON)
        record = write(town.counselor, home, person_ids=ids[:2], consulting_ids=())
        told = said(home, person_ids=ids, consulting_ids=())
        records.correct_record(record, told, actor=town.counselor, expected_version=1, reason="加えた")
        Household.objects.filter(pk=mother.pk).update(protected=True)
    return home


def own_and_guest(text: str) -> tuple[bool, bool]:
    """Whether the family's own child is named, and whether the guest is."""
    return "颯太" in text, any(word in text for word in ("陽葵", "ひまり", "ヒマリ"))


def address(name: str, town: Town, home: Household) -> str:
    with makers.scope(town):
        record = Consultation.objects.get().pk
        draft = drafts.open_draft(actor=town.counselor, household=home).pk
    ids = {"roster": [], "draft": [draft], "record": [record], "record_history": [record]}
    return reverse(name, args=ids.get(name, [home.pk])) + (DAY if name == "roster" else "")


@pytest.mark.parametrize(
    "name", ["check_in", "family", "family_print", "roster", "record", "record_history", "draft"]
)
def test_no_page_of_the_other_home_names_the_child(
    name: str, town: Town, father: Household, client_of: Any
) -> None:
    text = client_of(town.counselor).get(address(name, town, father)).content.decode()
    assert own_and_guest(text) == (True, False)
    assert "お子さん" in text


def test_no_paper_names_the_child(town: Town, father: Household, client_of: Any) -> None:
    answer = client_of(town.counselor).get(reverse("roster_pdf") + DAY)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert own_and_guest("".join(text.split())) == (True, False)


def test_the_time_line_names_the_child_no_more(town: Town, father: Household) -> None:
    with makers.scope(town):
        items = queries.timeline(town.counselor, father).items
        assert [item.people for item in items if item.kind in ("visit", "record")] == [
            "颯太・凛・お子さん".replace("・", "、")
        ] * 2


def test_at_home_the_child_has_its_name(town: Town, father: Household, client_of: Any) -> None:
    with makers.scope(town):
        home = Person.objects.get(given_name="陽葵").household_id
    for name in ("check_in", "family"):
        text = client_of(town.counselor).get(reverse(name, args=[home])).content.decode()
        assert own_and_guest(text) == (True, True), name


def test_outside_ones_own_families_the_child_is_not_even_counted(town: Town, father: Household) -> None:
    with makers.scope(town):
        known = queries.members(father, NOON.date())
        assert [one.name for one in known if one.guarded] == ["お子さん"]
        assert not any(one.guarded for one in queries.recognisable(known, protected=False))


def test_a_child_who_moved_to_a_protected_home_is_not_named_at_the_former_one(in_town: Town) -> None:
    home, shelter = kimura(in_town.counselor), kimura(in_town.counselor)
    visit(in_town.counselor, home, at=NOON)
    Person.objects.filter(pk__in=children(home)[:1]).update(household=shelter)
    Household.objects.filter(pk=shelter.pk).update(protected=True)
    [item] = [one for one in queries.timeline(in_town.counselor, home).items if one.kind == "visit"]
    [line] = queries.roster(in_town.counselor, NOON.date()).lines
    assert (item.people, [one.name for one in line.people]) == ("お子さん、凛", ["お子さん", "凛"])
    assert (line.people[0].age, line.people[0].months) == ("", 27)
