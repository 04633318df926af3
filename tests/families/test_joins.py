"""Two households are joined into one and taken apart again: nothing lost, nothing twice (C6, D8)."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.families.people import make_family, trail
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.encounters.models import (
    Assessment,
    AssessmentTool,
    Chart,
    Consultation,
    Draft,
    SupportPlan,
    Visit,
    VisitPerson,
)
from tsunagari.families import queries, rules
from tsunagari.families.models import (
    AgencyLink,
    Benefit,
    BenefitUse,
    Card,
    HomeChange,
    Household,
    HouseholdJoin,
    PaperForm,
    Person,
    Registration,
)
from tsunagari.families.operations import households, joins, links, people, search
from tsunagari.interop.models import Import, RosterRow


def nickname_family(town: Town) -> Household:
    return households.create_nickname_family(actor=town.counselor, nickname="帽子の子", age_hint_months=2)


def make_visit(town: Town, family: Household) -> None:
    visit = Visit.objects.create(
        municipality=town.municipality, agency=town.aoba, household=family, visited_on=clock.today(),
        arrived_at=clock.now(), key=uuid.uuid4(), created_at=clock.now(),
    )  # fmt: skip
    child = family.people.first()
    VisitPerson.objects.create(municipality=town.municipality, visit=visit, person=child)


def make_record(town: Town, family: Household) -> None:
    Consultation.objects.create(
        municipality=town.municipality, agency=town.aoba, household=family, occurred_on=clock.today(),
        occurred_at=clock.now(), main_category=1, categories=[1], content="架空の相談", author_name="三浦",
        key=uuid.uuid4(), created_at=clock.now(), updated_at=clock.now(),
    )  # fmt: skip


def make_draft(town: Town, family: Household) -> None:
    Draft.objects.create(
        municipality=town.municipality, agency=town.aoba, user_id=1, user_name="三浦", household=family,
        fields={}, key=uuid.uuid4(), created_at=clock.now(), updated_at=clock.now(),
    )  # fmt: skip


def make_chart(town: Town, family: Household) -> None:
    Chart.objects.create(
        municipality=town.municipality, agency=town.aoba, household=family, number=f"R8-{family.pk}",
        why="架空の理由", opened_on=clock.today(), created_at=clock.now(), updated_at=clock.now(),
    )  # fmt: skip


def make_assessment(town: Town, family: Household) -> None:
    tool, _ = AssessmentTool.objects.get_or_create(
        municipality=town.municipality, number=1, defaults={"items": [], "created_at": clock.now()}
    )
    Assessment.objects.create(
        municipality=town.municipality, agency=town.aoba, household=family, tool=tool, answers={},
        assessed_on=clock.today(), author_name="三浦", key=uuid.uuid4(), created_at=clock.now(),
    )  # fmt: skip


def make_plan(town: Town, family: Household) -> None:
    SupportPlan.objects.create(
        municipality=town.municipality, agency=town.aoba, household=family, starts_on=clock.today(),
        created_at=clock.now(), updated_at=clock.now(),
    )  # fmt: skip


def make_person(town: Town, family: Household) -> None:
    Person.objects.create(
        municipality=town.municipality, household=family, kind="guardian", nickname="お母さん"
    )


def make_registration(town: Town, family: Household) -> None:
    Registration.objects.create(
        municipality=town.municipality, household=family, agency=town.midori, starts_on=clock.today(),
        created_at=clock.now(),
    )  # fmt: skip


def make_card(town: Town, family: Household) -> None:
    number = rules.card_number(family.pk)
    Card.objects.create(
        municipality=town.municipality, household=family, number=number, token=f"T{number}", issued_at=clock.now()
    )  # fmt: skip


def make_home_change(town: Town, family: Household) -> None:
    HomeChange.objects.create(
        municipality=town.municipality, household=family, new=town.aoba, changed_on=clock.today(),
        changed_at=clock.now(),
    )  # fmt: skip


def make_paper_form(town: Town, family: Household) -> None:
    PaperForm.objects.create(
        municipality=town.municipality, household=family, code=f"F{family.pk}", printed_at=clock.now()
    )


def make_benefit_use(town: Town, family: Household) -> None:
    benefit = Benefit.objects.create(municipality=town.municipality, name="絵本", valid_from=date(2026, 4, 1))
    BenefitUse.objects.create(
        municipality=town.municipality, benefit=benefit, household=family, agency=town.aoba,
        used_on=clock.today(), key=uuid.uuid4(), created_at=clock.now(),
    )  # fmt: skip


def make_roster_row(town: Town, family: Household) -> None:
    source = Import.objects.create(
        municipality=town.municipality, kind="roster", filename="a.xlsx", digest="0", created_at=clock.now()
    )
    RosterRow.objects.create(
        municipality=town.municipality, source=source, number=2, values={}, match="sure", household=family
    )


def make_stay(town: Town, family: Household) -> None:
    people.add_second_home(make_family(town.counselor).people.first(), family, actor=town.counselor)


def make_joined(town: Town, family: Household) -> None:
    joins.join(nickname_family(town), family, actor=town.counselor, same={})


#: One maker for each relation that moves; a table that points at Household and is missing here fails the next test.
MAKERS = {
    "families.person.household": make_person,
    "families.secondhome.household": make_stay,
    "families.card.household": make_card,
    "families.homechange.household": make_home_change,
    "families.paperform.household": make_paper_form,
    "families.benefituse.household": make_benefit_use,
    "interop.rosterrow.household": make_roster_row,
    "families.household.joined_into": make_joined,
    "encounters.visit.household": make_visit,
    "encounters.consultation.household": make_record,
    "encounters.draft.household": make_draft,
    "encounters.chart.household": make_chart,
    "encounters.assessment.household": make_assessment,
    "encounters.supportplan.household": make_plan,
}

REGISTERED = "families.registration.household"


def rows() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that points at a household, but the join itself."""
    found = {}
    for relation in Household._meta.related_objects:
        model = relation.related_model
        if model is not HouseholdJoin:
            found[model._meta.label] = list(model._default_manager.order_by("pk").values())
    return found


def test_every_table_that_points_at_a_household_is_handled() -> None:
    known = {joins.name_of(relation) for relation in Household._meta.related_objects}
    assert {name for name, _, _ in joins.moving()} == set(MAKERS), (
        "write a maker here, or say in KEEPS why it stays"
    )
    assert set(joins.KEEPS) <= known


def test_a_moving_table_has_no_row_that_must_be_unique_in_a_household() -> None:
    for name, model, field in joins.moving():
        unique = [set(c.fields) for c in model._meta.constraints if hasattr(c, "fields")]
        unique += [set(group) for group in model._meta.unique_together]
        clash = [group for group in unique if field in group] + [0] * model._meta.get_field(field).unique
        clash = clash if model is not Card else []  # the source's main card stands back
        assert not clash, f"{name} cannot simply move: merge it and name it in KEEPS"


@pytest.mark.parametrize("name", MAKERS)
def test_rows_of_each_table_move(in_town: Town, name: str) -> None:
    source, target = nickname_family(in_town), make_family(in_town.counselor)
    MAKERS[name](in_town, source)
    joins.join(source, target, actor=in_town.counselor, same={})
    model, field = next((model, field) for found, model, field in joins.moving() if found == name)
    assert model._default_manager.filter(**{field: target}).exists()
    assert not model._default_manager.filter(**{field: source}).exists()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    on_source=st.lists(st.sampled_from([*sorted(MAKERS), REGISTERED]), max_size=5, unique=True),
    known=st.booleans(),
    same=st.booleans(),
)
def test_parting_undoes_joining_in_every_table(
    in_town: Town, on_source: list[str], known: bool, same: bool
) -> None:
    source, target = nickname_family(in_town), make_family(in_town.officer)
    for name in on_source:
        (MAKERS | {REGISTERED: make_registration})[name](in_town, source)
    if known:
        links.meet(
            target, actor=in_town.counselor, agency_id=in_town.aoba.pk, reason="check_in", on=date(2026, 1, 1)
        )
    links.meet(
        source, actor=in_town.stranger, agency_id=in_town.midori.pk, reason="check_in", on=date(2026, 2, 2)
    )
    pairs = {source.people.earliest("pk").pk: target.people.get(kind="child").pk} if same else {}
    search.refresh([source, target])
    before = rows()
    join = joins.join(source, target, actor=in_town.counselor, same=pairs)
    assert rows() != before
    joins.part(join, actor=in_town.counselor)
    assert rows() == before


def test_a_join_written_down_before_all_of_it_was_kept_is_parted(in_town: Town) -> None:
    source, target = nickname_family(in_town), make_family(in_town.counselor)
    before = rows()
    join = joins.join(source, target, actor=in_town.counselor, same={})
    join.moved = {name: join.moved[name] for name in ("rows", "same_as", "links")}
    join.save(update_fields=["moved"])
    joins.part(join, actor=in_town.counselor)
    assert rows() == before


def test_the_same_child_is_shown_and_counted_once(in_town: Town) -> None:
    source, target = nickname_family(in_town), make_family(in_town.counselor)
    same = {source.people.get().pk: target.people.get(kind="child").pk}
    join = joins.join(source, target, actor=in_town.counselor, same=same)
    head = queries.head(in_town.counselor, target)
    assert [child.name for child in head.children] == ["髙橋 颯太"]
    assert [(line.id, line.nickname) for line in head.joins] == [(join.pk, "帽子の子")]
    assert len(queries.own_families(in_town.counselor).rows) == 1
    assert {line.household_id for line in trail("family.join")} == {source.pk, target.pk}


def test_an_agency_that_knew_the_nickname_knows_the_household(in_town: Town) -> None:
    source, target = nickname_family(in_town), make_family(in_town.stranger)
    join = joins.join(source, target, actor=in_town.nurse, same={})
    assert target in Household.objects.visible_to(in_town.counselor)
    joins.part(join, actor=in_town.nurse)
    assert target not in Household.objects.visible_to(in_town.counselor)


def test_a_meeting_after_the_join_is_kept_when_parted(in_town: Town) -> None:
    source, target = nickname_family(in_town), make_family(in_town.stranger)
    join = joins.join(source, target, actor=in_town.nurse, same={})
    met = {"agency_id": in_town.aoba.pk, "reason": "check_in", "on": clock.today()}
    links.meet(target, actor=in_town.counselor, **met)
    joins.part(join, actor=in_town.nurse)
    assert AgencyLink.objects.get(household=target, agency=in_town.aoba).last_met_on == clock.today()


def test_what_was_moved_on_to_a_third_family_stays_there(in_town: Town) -> None:
    source, target, third = (
        nickname_family(in_town),
        make_family(in_town.counselor),
        make_family(in_town.counselor),
    )
    make_record(in_town, source)
    join = joins.join(source, target, actor=in_town.counselor, same={})
    Consultation.objects.update(household=third)
    joins.part(join, actor=in_town.counselor)
    assert Consultation.objects.get().household_id == third.pk


def test_what_cannot_be_one_family_is_refused(in_town: Town) -> None:
    source, target = nickname_family(in_town), make_family(in_town.counselor)
    stranger = make_family(in_town.counselor).people.first().pk
    for mine, theirs, same in ((source, source, {}), (target, source, {}), (source, target, {1: stranger})):
        with pytest.raises(DomainError):
            joins.join(mine, theirs, actor=in_town.counselor, same=same)


def test_joins_are_undone_from_the_last(in_town: Town) -> None:
    first, second, target = nickname_family(in_town), nickname_family(in_town), make_family(in_town.counselor)
    inner = joins.join(first, second, actor=in_town.counselor, same={})
    outer = joins.join(second, target, actor=in_town.counselor, same={})
    with pytest.raises(Conflict):
        joins.part(inner, actor=in_town.counselor)
    joins.part(outer, actor=in_town.counselor)
    joins.part(inner, actor=in_town.counselor)
    with pytest.raises(Conflict):
        joins.part(inner, actor=in_town.counselor)
    assert Household.objects.filter(joined_into__isnull=True).count() == 3
