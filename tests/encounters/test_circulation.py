"""Circulation (E3): who is asked by rule, mark or agency; never who may not read; withdrawn when it is narrowed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.encounters.cast import kimura, write
from tests.encounters.circulating import all_go_round, asked, mark, rule
from tests.families.people import trail
from tests.makers import Town
from tsunagari.accounts.models import Membership
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters.models import Consultation, RecordComment, Seal
from tsunagari.encounters.operations import circulation, circulation_rules, comments
from tsunagari.encounters.operations.circulation import Asking
from tsunagari.encounters.operations.records import correct_record, mark_read
from tsunagari.encounters.queries import circulation as lists
from tsunagari.encounters.queries import record_input
from tsunagari.encounters.queries.readers import readers
from tsunagari.encounters.rules.circulation import RuleInput
from tsunagari.encounters.rules.keeping import READERS


def ids(*actors: Actor) -> list[int]:
    return sorted(actor.user_id or 0 for actor in actors)


def test_the_readers_of_a_mark_are_asked_by_its_day_and_once(in_town: Town) -> None:
    dot = mark(in_town.officer, readers=("manager", "counselor"), within_days=3)
    record = write(in_town.counselor, kimura(in_town.counselor), mark_id=dot.pk)
    circulation.start(record, actor=in_town.counselor)
    assert asked(record) == ids(in_town.colleague, in_town.manager)
    assert set(Seal.objects.values_list("due_on", "kind")) == {(clock.today() + timedelta(days=3), "read")}


def test_the_centre_is_asked_only_with_the_familys_consent(in_town: Town) -> None:
    rule(in_town.lead, "nurse", "lead")
    family = kimura(in_town.counselor)
    records = [write(in_town.counselor, family, consent=said) for said in ("asked", "given")]
    for record in records:
        circulation.start(record, actor=in_town.counselor)
    assert [asked(record) for record in records] == [[], ids(in_town.nurse, in_town.lead)]
    assert trail("circulation.ask")[-1].household_id == family.pk


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({}, 1),
        ({"category": 9}, 1),
        ({"category": 4}, 0),
        ({"concern_from": 2}, 1),
        ({"concern_from": 3}, 0),
        ({"ended_on": clock.today()}, 0),
        ({"ended_on": clock.today() + timedelta(days=1)}, 1),
    ],
)
def test_every_condition_of_a_rule_must_hold(in_town: Town, given: dict[str, object], count: int) -> None:
    rule(in_town.manager, "manager", **given)
    record = write(in_town.counselor, kimura(in_town.counselor), concern=2)
    circulation.start(record, actor=in_town.counselor)
    assert len(asked(record)) == count


def test_a_rule_of_another_agency_or_mark_asks_nobody(in_town: Town) -> None:
    rule(in_town.lead, "manager", agency=in_town.midori)
    rule(in_town.lead, "manager", mark=mark(in_town.officer))
    record = write(in_town.counselor, kimura(in_town.counselor))
    circulation.start(record, actor=in_town.counselor)
    assert asked(record) == []


def test_all_go_round_where_the_agency_says_so(in_town: Town) -> None:
    all_go_round(in_town.aoba)
    record = write(in_town.counselor, kimura(in_town.counselor))
    circulation.start(record, actor=in_town.counselor)
    assert asked(record) == ids(in_town.colleague, in_town.manager, in_town.rounds)


def test_asked_by_several_it_is_one_seal_the_strictest(in_town: Town) -> None:
    rule(in_town.lead, "manager", within_days=5)
    dot = mark(in_town.officer)
    record = write(in_town.counselor, kimura(in_town.counselor), mark_id=dot.pk)
    circulation.start(record, actor=in_town.counselor)
    rule(in_town.lead, "manager", kind="confirm", within_days=2)
    circulation.start(record, actor=in_town.counselor)
    found = Seal.objects.get()
    assert (found.kind, found.due_on) == ("confirm", clock.today() + timedelta(days=2))


def rows(record: Consultation, **being: object) -> list[Seal]:
    return list(Seal.objects.filter(consultation=record, **being).order_by("pk"))


def go_round(town: Town, *people: Actor, **more: object) -> Consultation:
    """A record of the counselor's that went round by hand to these."""
    record = write(town.counselor, kimura(town.counselor), **more)
    circulation.ask(record, ids(*people), actor=town.counselor, how=Asking(note="みてください。"))
    return record


def read_and_seal(record: Consultation, actor: Actor) -> circulation.Sealed:
    mark_read([record], actor=actor)
    return circulation.seal({record.pk: record.version}, actor=actor)


def corrected(record: Consultation, actor: Actor, **change: object) -> Consultation:
    typed = replace(record_input(record), **change)
    return correct_record(record, typed, actor=actor, expected_version=record.version)


def test_narrowing_a_record_withdraws_the_seals_of_those_who_read_it_no_more(in_town: Town) -> None:
    record = go_round(in_town, in_town.colleague, in_town.manager)
    record = corrected(record, in_town.counselor, sight="manager")
    assert asked(record) == ids(in_town.manager)
    assert [row.user_id for row in rows(record, withdrawn_at__isnull=False)] == ids(in_town.colleague)
    assert lists.open_count(in_town.colleague) == 0
    assert trail("circulation.ask")[-1].detail


def test_taking_consent_back_withdraws_the_centres_seals(in_town: Town) -> None:
    record = go_round(in_town, in_town.nurse, in_town.colleague, consent="given")
    corrected(record, in_town.counselor, consent="refused")
    assert asked(record) == ids(in_town.colleague)


def test_who_may_not_read_cannot_be_asked(in_town: Town) -> None:
    record = write(in_town.counselor, kimura(in_town.counselor))
    for nobody in (in_town.stranger, in_town.nurse, in_town.officer):
        with pytest.raises(DomainError):
            circulation.ask(record, ids(in_town.colleague, nobody), actor=in_town.counselor)
    assert asked(record) == []


def test_sealing_needs_reading_and_is_done_once(in_town: Town) -> None:
    record = go_round(in_town, in_town.colleague)
    assert circulation.seal({record.pk: 1}, actor=in_town.colleague).unread == [record.pk]
    assert read_and_seal(record, in_town.colleague).done == 1
    assert circulation.seal({record.pk: 1}, actor=in_town.colleague).done == 0
    assert [line.line.id for line in lists.sealed(in_town.colleague).lines] == [record.pk]
    assert trail("circulation.seal")[-1].household_id == record.household_id


def test_what_was_corrected_while_it_was_read_stays_open(in_town: Town) -> None:
    record = go_round(in_town, in_town.colleague)
    mark_read([record], actor=in_town.colleague)
    later = corrected(record, in_town.counselor, content="ことばが出はじめた。")
    assert circulation.seal({record.pk: 1}, actor=in_town.colleague).unread == [record.pk]
    assert read_and_seal(later, in_town.colleague).done == 1


def test_a_correction_shows_on_seals_and_can_be_sealed_again(in_town: Town) -> None:
    record = go_round(in_town, in_town.colleague)
    read_and_seal(record, in_town.colleague)
    later = corrected(record, in_town.counselor, content="ことばが出はじめた。")
    [line] = lists.sealed(in_town.colleague).lines
    assert line.changed
    assert lists.of_record(in_town.colleague, later).mine
    assert read_and_seal(later, in_town.colleague).done == 1
    assert not lists.sealed(in_town.colleague).lines[0].changed


def test_nobody_seals_for_another_nor_at_another_workplace(in_town: Town) -> None:
    record = go_round(in_town, in_town.colleague)
    assert read_and_seal(record, in_town.manager).done == 0
    elsewhere = replace(in_town.colleague, agency_id=in_town.midori.pk)
    assert circulation.seal({record.pk: 1}, actor=elsewhere) == circulation.Sealed(0, [])


def test_the_asker_and_the_manager_take_back_and_no_other(in_town: Town) -> None:
    record = go_round(in_town, in_town.colleague, in_town.rounds)
    first, second = rows(record)
    with pytest.raises(Forbidden):
        circulation.withdraw(first, actor=in_town.colleague)
    circulation.withdraw(first, actor=in_town.counselor)
    circulation.withdraw(second, actor=in_town.manager)
    assert asked(record) == []
    assert go_round(in_town, in_town.colleague)


def test_a_seal_that_was_made_is_not_taken_back(in_town: Town) -> None:
    record = go_round(in_town, in_town.colleague)
    read_and_seal(record, in_town.colleague)
    with pytest.raises(Conflict):
        circulation.withdraw(rows(record)[0], actor=in_town.counselor)


def test_the_seals_of_who_left_go_to_the_manager_when_nobody_saw_it(in_town: Town) -> None:
    lonely, seen = go_round(in_town, in_town.colleague), go_round(in_town, in_town.colleague, in_town.rounds)
    read_and_seal(seen, in_town.rounds)
    Membership.objects.filter(pk=in_town.colleague.membership_id).update(
        valid_to=clock.today() - timedelta(days=1)
    )
    assert circulation.release_all(actor=in_town.lead) == 2
    assert (asked(lonely), asked(seen)) == (ids(in_town.manager), ids(in_town.rounds))
    assert circulation.release_all(actor=in_town.lead) == 0


def test_advice_brings_the_record_back_to_its_writer(in_town: Town) -> None:
    record = write(in_town.counselor, kimura(in_town.counselor))
    key = uuid4()
    for _ in range(2):
        comments.comment(record, "一緒に訪問しましょう。", actor=in_town.manager, key=key, advice=True)
    assert (RecordComment.objects.count(), asked(record)) == (1, ids(in_town.counselor))
    with pytest.raises(Forbidden):
        comments.comment(record, "助言", actor=in_town.colleague, key=uuid4(), advice=True)


def test_a_comment_is_struck_by_its_writer_and_stays(in_town: Town) -> None:
    record = write(in_town.counselor, kimura(in_town.counselor))
    said = comments.comment(record, "電話しました。", actor=in_town.colleague, key=uuid4())
    with pytest.raises(Forbidden):
        comments.strike(said, actor=in_town.manager)
    comments.strike(said, actor=in_town.colleague)
    [kept] = lists.of_record(in_town.manager, record).comments
    assert kept.struck_at is not None
    assert kept.text == "電話しました。"
    with pytest.raises(Conflict):
        comments.strike(said, actor=in_town.colleague)


def test_managers_decide_for_their_agency_and_the_lead_for_the_town(in_town: Town) -> None:
    own = RuleInput(("counselor",), agency_id=in_town.aoba.pk)
    made = circulation_rules.add_rule(own, actor=in_town.manager)
    assert circulation_rules.add_rule(own, actor=in_town.manager) == made
    for other in (RuleInput(("lead",)), RuleInput(("lead",), agency_id=in_town.midori.pk)):
        with pytest.raises(Forbidden):
            circulation_rules.add_rule(other, actor=in_town.manager)
        circulation_rules.add_rule(other, actor=in_town.lead)
    circulation_rules.end_rule(made, actor=in_town.manager)
    with pytest.raises(Conflict):
        circulation_rules.end_rule(made, actor=in_town.manager)


def test_a_rule_ended_by_mistake_goes_on_once_and_only_for_those_who_decide(in_town: Town) -> None:
    own = RuleInput(("counselor",), agency_id=in_town.aoba.pk)
    made = circulation_rules.add_rule(own, actor=in_town.manager)
    circulation_rules.end_rule(made, actor=in_town.manager)
    for actor in (in_town.manager, in_town.lead):
        assert circulation_rules.take_rule_back(made, actor=actor).ended_on is None
    told = [json.loads(line.detail)["did"] for line in trail("circulation.manage")]
    assert told == ["add", "end", "back"]
    town_wide = circulation_rules.add_rule(RuleInput(("lead",)), actor=in_town.lead)
    circulation_rules.end_rule(town_wide, actor=in_town.lead)
    with pytest.raises(Forbidden):
        circulation_rules.take_rule_back(town_wide, actor=in_town.manager)


def test_a_rule_made_anew_meanwhile_is_not_doubled(in_town: Town) -> None:
    own = RuleInput(("counselor",), agency_id=in_town.aoba.pk, category=5)
    made = circulation_rules.add_rule(own, actor=in_town.manager)
    circulation_rules.end_rule(made, actor=in_town.manager)
    circulation_rules.add_rule(own, actor=in_town.manager)
    with pytest.raises(Conflict, match="もうつくられて"):
        circulation_rules.take_rule_back(made, actor=in_town.manager)


READABLE = st.fixed_dictionaries(
    {
        "consent": st.sampled_from(["given", "asked"]),
        "sight": st.sampled_from(["usual", "manager"]),
        "concern": st.sampled_from([None, 0, 3]),
    }
)


@given(READABLE, st.lists(READABLE, max_size=2), st.booleans(), st.booleans())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_open_seals_are_only_of_those_who_may_read(
    in_town: Town, first: dict[str, object], later: list[dict[str, object]], named: bool, to_all: bool
) -> None:
    """Whatever is asked and changed; and `readers` says what Consultation.visible_to says."""
    with transaction.atomic():
        rule(in_town.lead, *READERS, kind="confirm" if to_all else "read")
        record = write(in_town.counselor, kimura(in_town.counselor) if named else None, **first)
        for change in later:
            record = corrected(record, in_town.counselor, **change)
        staff = [*in_town.actors.values(), in_town.stranger, in_town.colleague]
        may = [one for one in staff if Consultation.objects.visible_to(one).filter(pk=record.pk).exists()]
        assert sorted(one.user_id for one in readers(record.pk, clock.today())) == ids(*may)
        assert set(asked(record)) <= set(ids(*may))
        assert set(ids(*may)) - set(asked(record)) <= {in_town.counselor.user_id}
        assert {one.user_id for one in staff if lists.open_count(one)} == set(asked(record))
        transaction.set_rollback(True)


def test_the_number_costs_one_statement_whatever_waits(
    in_town: Town, django_assert_num_queries: object
) -> None:
    all_go_round(in_town.aoba)
    for _ in range(3):
        write(in_town.counselor, kimura(in_town.counselor))
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert lists.open_count(in_town.manager) == 3
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert lists.open_count(in_town.officer) == 0


def test_lists_do_not_ask_per_row(in_town: Town, django_assert_max_num_queries: object) -> None:
    all_go_round(in_town.aoba)
    for number in range(4):
        record = write(in_town.counselor, kimura(in_town.counselor))
        if number % 2:
            read_and_seal(record, in_town.manager)
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        assert len(lists.waiting(in_town.manager).lines) == 2
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        assert len(lists.sealed(in_town.manager, limit=1).lines) == 1
