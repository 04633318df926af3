"""見立て (E4): the city's tool as data, assessments with it, putting right, the picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.encounters.cast import kimura, mother, trail
from tests.encounters.charting import follow, pass_to
from tests.encounters.planning import answered, assessed, days, in_force
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters.models import Assessment, AssessmentTool
from tsunagari.encounters.operations import assessments, tools
from tsunagari.encounters.queries import assessments as queries
from tsunagari.encounters.rules.assessment import (
    Band,
    Item,
    Point,
    band_of,
    scored,
    tool_json,
    tool_of,
    tool_problems,
)
from tsunagari.encounters.rules.first_tool import FIRST_TOOL
from tsunagari.families.models import Person


def test_the_tool_that_ships_is_sound_and_says_that_it_is_ours() -> None:
    assert list(tool_problems(FIRST_TOOL)) == []
    assert "公式のものではなく" in FIRST_TOOL.source
    assert len(FIRST_TOOL.groups) == 5


@pytest.mark.parametrize(
    ("broken", "field", "words"),
    [
        ({"name": ""}, "name", "名称を入れて"),
        ({"items": ()}, "items", "項目を1つ以上"),
        ({"bands": (Band(1, "x", 0),)}, "band-0", "0点から"),
        ({"bands": (Band(0, "x", 0), Band(0, "y", 1))}, "band-1", "大きくして"),
        ({"bands": (Band(0, "x", 2), Band(5, "y", 1))}, "band-1", "低くなって"),
        ({"bands": (Band(0, "x", 0), Band(99, "y", 1))}, "band-1", "合計は42点まで"),
        ({"items": (replace(FIRST_TOOL.items[0], label=""),)}, "item-0", "項目1のことば"),
        ({"items": (replace(FIRST_TOOL.items[0], scale=(Point(0, "x"),)),)}, "item-0", "2つから"),
        ({"items": FIRST_TOOL.items[:1] * 2}, "item-1", "記号が同じ"),
        (
            {"items": (replace(FIRST_TOOL.items[0], scale=(Point(0, "x"), Point(0, "y"))),)},
            "item-0",
            "点の同じ",
        ),
    ],
)
def test_a_tool_that_is_none_is_told_what_is_wrong(broken: dict[str, object], field: str, words: str) -> None:
    found = list(tool_problems(replace(FIRST_TOOL, **broken)))  # type: ignore[arg-type]
    assert any(one.field == field and words in one.message for one in found), found


POINTS = st.lists(st.integers(0, 9), min_size=2, max_size=6, unique=True)
ITEMS = st.lists(POINTS, min_size=1, max_size=8)


@given(scales=ITEMS, picks=st.lists(st.integers(-1, 5), min_size=8, max_size=8))
def test_the_sum_is_of_what_was_answered_and_a_tool_survives_its_json(
    scales: list[list[int]], picks: list[int]
) -> None:
    items = tuple(
        Item(f"i{n}", "x", "y", tuple(Point(value, str(value)) for value in scale))
        for n, scale in enumerate(scales)
    )
    tool = replace(FIRST_TOOL, items=items, bands=(Band(0, "a", 0), Band(1, "b", 3)))
    assert tool_of(tool.name, tool.source, *tool_json(tool)) == tool
    answers = {
        item.key: None if pick < 0 else item.scale[pick % len(item.scale)].value
        for item, pick in zip(items, picks, strict=False)
    }
    sums = scored(items, answers)
    known = [value for value in answers.values() if value is not None]
    assert (sums.total, sums.answered) == (sum(known), len(known))
    assert sums.total <= sums.highest <= tool.highest
    assert band_of(tool, sums.total) == tool.bands[min(sums.total, 1)]


def test_a_version_that_was_used_is_never_changed(in_town: Town) -> None:
    tool = in_force(in_town.officer)
    assessed(in_town.counselor, kimura(in_town.counselor), tool)
    for refused in (tools.change, tools.put_in_force, tools.throw_away, tools.call_off):
        extra = {tools.change: (FIRST_TOOL,)}.get(refused, ())
        more = {"starts_on": days(1)} if refused is tools.put_in_force else {}
        with pytest.raises(Conflict):
            refused(tool, *extra, actor=in_town.officer, **more)  # type: ignore[operator]
    assert len(trail("tool.manage")) == 2


def test_the_next_version_begins_on_its_day_and_the_former_ends_before(in_town: Town) -> None:
    first = in_force(in_town.officer)
    second = tools.next_version(first, actor=in_town.lead)
    with pytest.raises(tools.Preparing):
        tools.next_version(first, actor=in_town.lead)
    tools.change(second, replace(FIRST_TOOL, items=FIRST_TOOL.items[:3], bands=()), actor=in_town.lead)
    tools.put_in_force(second, actor=in_town.lead, starts_on=days(5))
    assert queries.tool_in_force(in_town.counselor) == first
    assert queries.tool_in_force(in_town.counselor, days(4)) == first
    assert queries.tool_in_force(in_town.counselor, days(5)) == second
    tools.call_off(second, actor=in_town.lead)
    assert queries.tool_in_force(in_town.counselor, days(9)) == first
    tools.throw_away(second, actor=in_town.lead)
    assert AssessmentTool.objects.get() == first


def test_an_unfinished_version_is_kept_but_not_put_in_force(in_town: Town) -> None:
    tool = tools.begin(actor=in_town.officer)
    tools.change(tool, replace(FIRST_TOOL, items=()), actor=in_town.officer)
    with pytest.raises(DomainError, match="項目を1つ以上"):
        tools.put_in_force(tool, actor=in_town.officer, starts_on=clock.today())


def test_the_writers_concern_counts_whatever_the_sum(in_town: Town) -> None:
    tool = in_force(in_town.officer)
    family = kimura(in_town.counselor)
    row = assessed(in_town.counselor, family, tool, value=0, concern=3)
    read = queries.one(in_town.counselor, Assessment.objects.select_related("tool", "agency").get(pk=row.pk))
    assert (row.total, row.concern, read.band and read.band.concern) == (0, 3, 0)
    unknown = assessed(in_town.counselor, family, tool, value=None)
    assert unknown.total is None
    assert trail("assessment.write")[0].household_id == family.pk


def test_what_is_left_open_or_not_of_the_tool_is_refused(in_town: Town) -> None:
    tool, family = in_force(in_town.officer), kimura(in_town.counselor)
    write = {"actor": in_town.counselor, "tool": tool, "key": uuid4()}
    full = answered(tool)
    for wrong, field in (
        ({"answers": dict(list(full.answers.items())[1:])}, "answer-c1"),
        ({"answers": {**full.answers, "c1": 7}}, "answer-c1"),
        ({"answers": {**full.answers, "zz": 1}}, ""),
        ({"concern": None}, "concern"),
        ({"assessed_on": days(1)}, "assessed_on"),
        ({"words": "あ" * 20_001}, "words"),
    ):
        with pytest.raises(DomainError) as refused:
            assessments.assess(family, replace(full, **wrong), **write)  # type: ignore[arg-type]
        assert refused.value.field == field
    assert not Assessment.objects.exists()


def test_the_same_key_is_the_same_assessment(in_town: Town) -> None:
    tool, family = in_force(in_town.officer), kimura(in_town.counselor)
    given, key = answered(tool), uuid4()
    made = [assessments.assess(family, given, actor=in_town.counselor, tool=tool, key=key) for _ in range(2)]
    assert made[0] == made[1]


def test_only_the_own_agency_and_those_who_hold_the_chart_see_it(in_town: Town) -> None:
    tool, family = in_force(in_town.officer), kimura(in_town.counselor)
    chart = follow(in_town.counselor, family)
    row = assessed(in_town.counselor, family, tool, chart=chart)
    for actor in (in_town.stranger, in_town.nurse, in_town.officer, in_town.auditor):
        assert not Assessment.objects.visible_to(actor).exists()
    pass_to(chart, in_town.counselor, in_town.midori, in_town.stranger)
    assert Assessment.objects.visible_to(in_town.stranger).get() == row
    assert Assessment.objects.visible_to(in_town.counselor).get() == row
    with pytest.raises(Forbidden):
        assessments.replace(row, answered(tool), actor=in_town.stranger, key=uuid4())


def test_nobody_assesses_a_family_they_may_not_see_or_a_person_of_another(in_town: Town) -> None:
    tool, family = in_force(in_town.officer), kimura(in_town.counselor)
    with pytest.raises(Forbidden):
        assessed(in_town.stranger, family, tool)
    other = Person.objects.get(pk=mother(kimura(in_town.counselor)))
    with pytest.raises(DomainError, match="この家庭の人"):
        assessed(in_town.counselor, family, tool, person=other)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3)), min_size=1, max_size=8))
def test_whatever_is_put_right_leaves_one_in_force_and_every_former(
    in_town: Town, turns: list[tuple[int, int]]
) -> None:
    """Somebody puts right any of the versions there are: only the one in force can be, once."""
    tool = AssessmentTool.objects.first() or in_force(in_town.officer)
    family = kimura(in_town.counselor)
    rows = [assessed(in_town.counselor, family, tool)]
    kept = {rows[0].pk: (rows[0].answers, rows[0].concern)}
    for which, concern in turns:
        former = rows[which % len(rows)]
        try:
            made = assessments.replace(
                former, answered(tool, concern, concern=concern), actor=in_town.counselor, key=uuid4()
            )
        except Conflict:
            continue
        rows.append(made)
        kept[made.pk] = (made.answers, made.concern)
    mine = Assessment.objects.filter(household=family)
    assert mine.filter(replaced_by__isnull=True).count() == 1
    assert {row.pk: (row.answers, row.concern) for row in mine} == kept
    assert len(queries.results(in_town.counselor, family).lines) == 1


def test_the_picture_says_in_words_and_numbers_what_colour_says(in_town: Town) -> None:
    tool, family = in_force(in_town.officer), kimura(in_town.counselor)
    assessed(in_town.counselor, family, tool, value=3, assessed_on=clock.today() - timedelta(days=60))
    assessed(in_town.counselor, family, tool, value=None, concern=1)
    svg = queries.drawn(queries.results(in_town.counselor, family), "うつりかわり")
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own picture)
    space = "{http://www.w3.org/2000/svg}"
    said = root.findtext(f"{space}desc") or ""
    assert "子どもの育ち・健康 9/9" in said
    assert "養育のようす 分からない" in said
    texts = [one.text for one in root.iter(f"{space}text")]
    assert {"9/9", "？", "気になる"} <= set(texts)
    assert all("style" not in one.attrib and not one.tag.endswith("script") for one in root.iter())
    assert "木村" not in svg.decode()
