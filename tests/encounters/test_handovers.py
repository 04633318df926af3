"""Handing a chart over (E2): asked, taken on or declined; what is due and what may be read go along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Q

from tests.encounters.cast import NOON, kimura, trail, visit, write
from tests.encounters.charting import follow, inside, pass_to, plan_of
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters.models import Chart, ChartEntry, ChartHandover, Consultation
from tsunagari.encounters.operations import chart_entries, charts, handovers, leaving, records, visits
from tsunagari.encounters.queries import charts as lists
from tsunagari.encounters.queries.owned import owned_by, owners
from tsunagari.encounters.queries.today import today
from tsunagari.families.models import Household
from tsunagari.families.queries import family as open_family

TOMORROW = NOON.date() + timedelta(days=400)


def step(town: Town, family: Household) -> Consultation:
    return write(town.counselor, family, next_step="電話する", next_on=TOMORROW)


def test_the_giver_stays_in_charge_until_a_colleague_takes_it_on(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    record = step(in_town, family)
    chart = follow(in_town.counselor, family, record)
    action = plan_of(chart, in_town.counselor)
    given = {"actor": in_town.counselor, "agency": in_town.aoba, "note": "産休に入ります。"}
    handover = handovers.hand_over(chart, to_user_id=in_town.colleague.user_id, **given)
    assert Chart.objects.get().owner_id == in_town.counselor.user_id
    taken = handovers.take_on(handover, actor=in_town.colleague)
    record.refresh_from_db()
    action.refresh_from_db()
    mine = in_town.colleague.user_id
    assert (taken.owner_id, record.next_owner_id, action.owner_id) == (mine, mine, mine)
    moved = ChartHandover.objects.get().moved
    assert (taken.number, {name: moved[name] for name in ("steps", "actions")}) == (
        "R8-001",
        {"steps": [record.pk], "actions": [action.pk]},
    )
    assert [line.detail for line in trail("chart.hand_over")] != []


def test_what_a_third_person_was_named_for_stays_theirs(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    record = write(
        in_town.counselor, family, next_step="測る", next_on=TOMORROW, next_owner_id=in_town.manager.user_id
    )
    chart = follow(in_town.counselor, family, record)
    pass_to(chart, in_town.counselor, in_town.aoba, in_town.colleague)
    record.refresh_from_db()
    assert record.next_owner_id == in_town.manager.user_id


@pytest.mark.parametrize("consent", ["not_asked", "asked", "refused"])
def test_between_agencies_only_with_consent(in_town: Town, consent: str) -> None:
    chart = follow(in_town.counselor, kimura(in_town.counselor))
    given = {"actor": in_town.counselor, "agency": in_town.midori, "note": "x", "consent": consent}
    with pytest.raises(DomainError) as refused:
        handovers.hand_over(chart, **given)
    assert refused.value.field == "consent"


def test_the_agency_that_took_it_on_reads_the_records_and_the_writers_still_do(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    record, other = step(in_town, family), write(in_town.counselor, family)
    chart = follow(in_town.counselor, family, record)
    pass_to(chart, in_town.counselor, in_town.midori, in_town.stranger)
    assert set(Consultation.objects.visible_to(in_town.stranger)) == {record}
    assert set(Consultation.objects.visible_to(in_town.counselor)) == {record, other}
    assert open_family(in_town.stranger, family.pk) is not None
    assert list(Chart.objects.visible_to(in_town.counselor)) == []
    assert [one.record_id for one in today(in_town.stranger, TOMORROW).due] == [record.pk]
    records.finish_next_step(record, actor=in_town.stranger, result="電話した。")
    with pytest.raises(Forbidden):
        records.finish_next_step(other, actor=in_town.stranger, result="x")
    assert lists.handovers_given(in_town.counselor)[0].to_name == in_town.stranger.name


def test_handed_back_the_records_are_simply_ones_own_again(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    record = step(in_town, family)
    chart = follow(in_town.counselor, family, record)
    pass_to(chart, in_town.counselor, in_town.midori, in_town.stranger)
    theirs = write(in_town.stranger, family)
    chart.refresh_from_db()
    pass_to(chart, in_town.stranger, in_town.aoba, in_town.colleague)
    record.refresh_from_db()
    theirs.refresh_from_db()
    assert (record.held_by_id, theirs.held_by_id) == (None, in_town.aoba.pk)
    assert inside(chart) == [record.pk, theirs.pk]
    assert set(Consultation.objects.visible_to(in_town.stranger)) == {theirs}


def test_taken_out_a_record_is_read_by_its_writers_alone(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    record = step(in_town, family)
    chart = follow(in_town.counselor, family, record)
    pass_to(chart, in_town.counselor, in_town.midori, in_town.stranger)
    entry = ChartEntry.objects.get(consultation=record)
    chart_entries.take_out(entry, actor=in_town.stranger, reason="関係がない")
    assert not Consultation.objects.visible_to(in_town.stranger).exists()


def test_a_narrowed_record_stays_narrow_at_the_other_agency(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    record = write(in_town.counselor, family, sight="manager")
    chart = follow(in_town.counselor, family, record)
    pass_to(chart, in_town.counselor, in_town.midori, in_town.stranger)
    assert not Consultation.objects.visible_to(in_town.stranger).exists()


def test_declined_it_stays_and_says_why(in_town: Town) -> None:
    chart = follow(in_town.counselor, kimura(in_town.counselor))
    given = {"actor": in_town.counselor, "agency": in_town.midori, "note": "x", "consent": "given"}
    handover = handovers.hand_over(chart, **given)
    with pytest.raises(Conflict):
        handovers.hand_over(chart, **given)
    with pytest.raises(Forbidden):
        handovers.take_on(handover, actor=in_town.colleague)
    declined = handovers.decline(handover, actor=in_town.stranger, reason="いまは手が足りない")
    assert (declined.decline_reason, Chart.objects.get().agency_id) == ("いまは手が足りない", in_town.aoba.pk)
    with pytest.raises(Conflict):
        handovers.take_on(handover, actor=in_town.stranger)
    again = handovers.hand_over(chart, **given)
    handovers.withdraw(again, actor=in_town.colleague)
    assert charts.waiting(chart) is None


def test_an_agency_that_follows_the_family_already_is_told(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    write(in_town.stranger, family)
    follow(in_town.stranger, family)
    chart = follow(in_town.counselor, family)
    with pytest.raises(Conflict, match="もう開いています"):
        pass_to(chart, in_town.counselor, in_town.midori, in_town.stranger)


def test_new_records_go_in_by_themselves_and_leave_with_a_move(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    chart = follow(in_town.counselor, family)
    record = write(in_town.colleague, family)
    write(in_town.stranger, family)
    assert inside(chart) == [record.pk]
    from tests.families.people import make_family

    records.move_record(record, make_family(in_town.counselor), actor=in_town.colleague, reason="まちがい")
    assert inside(chart) == []


def test_who_follows_a_family_goes_on_knowing_it(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    seen = visit(in_town.stranger, family)
    follow(in_town.stranger, family)
    visits.undo_visit(seen, actor=in_town.stranger)
    assert open_family(in_town.stranger, family.pk) is not None


def test_all_of_one_person_goes_to_a_colleague(in_town: Town) -> None:
    family = kimura(in_town.counselor)
    loose, record = step(in_town, family), step(in_town, family)
    chart = follow(in_town.counselor, family, record)
    plan_of(chart, in_town.counselor)
    with pytest.raises(Forbidden):
        leaving.hand_all_over(
            in_town.counselor.user_id,
            in_town.aoba.pk,
            actor=in_town.stranger,
            to_user_id=in_town.manager.user_id,
        )
    went = leaving.hand_all_over(
        in_town.counselor.user_id,
        in_town.aoba.pk,
        actor=in_town.manager,
        to_user_id=in_town.colleague.user_id,
    )
    assert went.words == ["個別記録1件", "次にすること2件", "プランですること1件"]
    loose.refresh_from_db()
    assert loose.next_owner_id == in_town.colleague.user_id
    assert [line.name for line in owners(in_town.manager)] == [in_town.colleague.name]
    assert not owned_by(in_town.counselor.user_id or 0, in_town.aoba.pk)
    assert clock.today()


@pytest.mark.parametrize("who", ["counselor", "rounds", "manager", "nurse", "lead", "officer", "auditor"])
def test_what_an_agency_wrote_and_took_over_is_what_its_people_see_there(in_town: Town, who: str) -> None:
    actor, family = in_town.actors[who], kimura(in_town.counselor)
    for sight in ("usual", "manager"):
        for writer in (in_town.counselor, in_town.colleague, in_town.nurse):
            write(writer, family, sight=sight, consent="given")
        for holder in (in_town.aoba, in_town.midori):
            taken = write(in_town.nurse, family, sight=sight)
            Consultation.objects.filter(pk=taken.pk).update(held_by=holder)
    here = Q(agency_id=actor.agency_id or 0) | Q(held_by_id=actor.agency_id or 0)
    seen = set(Consultation.objects.visible_to(actor).filter(here))
    own, taken_over = set(Consultation.objects.own_of(actor)), set(Consultation.objects.taken_over_by(actor))
    assert own | taken_over == seen
    assert not own & taken_over
