"""Finer categories and official tables: records keep theirs, each record is counted in one line or none, a checked
table does not change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.encounters.cast import trail, write
from tests.makers import Town
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.encounters.data import shipped
from tsunagari.encounters.models import OfficialFormer, OfficialTable, SubCategory
from tsunagari.encounters.operations import official, sorting
from tsunagari.encounters.queries import sorting as queries
from tsunagari.encounters.rules import CATEGORY
from tsunagari.encounters.rules.sorting import ItemInput, TableMapping
from tsunagari.reports.figures import official as figures
from tsunagari.reports.figures.words import TableWords
from tsunagari.reports.rules import Line

YEAR = 2026
BY_HAND = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def detail(town: Town, label: str = "ことば", **more: Any) -> SubCategory:
    given = {"category": 5, "from_year": 2025} | more
    return sorting.add_detail(actor=town.officer, label=label, **given)


def table(town: Town, key: str = "fukushi", year: int = YEAR) -> OfficialTable:
    return official.add_default(key, actor=town.lead, fiscal_year=year)


def test_a_name_nobody_used_is_renamed(in_town: Town) -> None:
    one = detail(in_town)
    again = sorting.rename_detail(
        one, actor=in_town.officer, label="ことば・きこえ", from_year=2025, version=1
    )
    assert (again.pk, again.label) == (one.pk, "ことば・きこえ")
    with pytest.raises(Conflict):
        sorting.rename_detail(one, actor=in_town.officer, label="x", from_year=2025, version=1)


def test_records_keep_the_name_they_were_given(in_town: Town) -> None:
    one = detail(in_town)
    record = write(in_town.counselor, None, categories=(5,), details=(one.pk,))
    with pytest.raises(DomainError, match="2026年度から"):
        sorting.rename_detail(one, actor=in_town.officer, label="発語", from_year=2025, version=1)
    new = sorting.rename_detail(one, actor=in_town.officer, label="発語", from_year=2026, version=1)
    record.refresh_from_db()
    assert SubCategory.objects.get(pk=record.details[0]).label == "ことば"
    assert [row.label for row in queries.details_of(in_town.municipality.pk, 2025)] == ["ことば"]
    assert queries.details_of(in_town.municipality.pk, 2026) == [new]


def test_one_that_records_have_is_ended_and_not_removed(in_town: Town) -> None:
    one = detail(in_town)
    write(in_town.counselor, None, categories=(5,), details=(one.pk,))
    with pytest.raises(DomainError, match="消せません"):
        sorting.remove_detail(one, actor=in_town.officer, version=1)
    with pytest.raises(DomainError, match="2025年度からの"):
        sorting.end_detail(one, actor=in_town.officer, to_year=2024, version=1)
    sorting.end_detail(one, actor=in_town.officer, to_year=2026, version=1)
    assert queries.details_of(in_town.municipality.pk, 2026) == [one]
    assert queries.details_of(in_town.municipality.pk, 2027) == []
    assert detail(in_town, from_year=2027).pk != one.pk  # the name is free again


def test_the_order_is_the_citys(in_town: Town) -> None:
    one, two, three = (detail(in_town, label) for label in "一二三")
    sorting.move_detail(three, actor=in_town.officer, up=True)
    sorting.move_detail(one, actor=in_town.officer, up=True)
    assert queries.details_of(in_town.municipality.pk, YEAR) == [one, three, two]
    with pytest.raises(DomainError, match="同じ名称"):
        detail(in_town, "一")


def test_what_ships_is_not_checked_and_says_so(in_town: Town) -> None:
    for data in shipped("official"):
        made = table(in_town, data["key"])
        assert made.checked_at is None
        assert made.source.startswith("未確認")
        mapped = queries.mapping_of(in_town.municipality.pk, data["key"], YEAR)
        assert mapped is not None
        assert not mapped.checked
        assert {code for code, _, _ in mapped.lines} >= set(mapped.mapping.values())
    assert queries.mapping_of(in_town.municipality.pk, "fukushi", 2027) is None
    with pytest.raises(Conflict):
        table(in_town)


@BY_HAND
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(sorted(CATEGORY)), st.booleans()), st.none() | st.integers(0, 15)
    )
)
def test_every_category_has_one_line_or_is_listed(
    in_town: Town, chosen: dict[tuple[int, bool], int | None]
) -> None:
    """However a table is mapped: each main category stands in exactly one line of it, or among the unmapped."""
    with transaction.atomic():
        holds_for(in_town, chosen)
        transaction.set_rollback(True)


def holds_for(town: Town, chosen: dict[tuple[int, bool], int | None]) -> None:
    made, finer = table(town), {code: detail(town, category=code).pk for code in CATEGORY}
    lines = queries.items(made)
    wanted = {
        (code, finer[code] if fine else None): lines[item].pk if item is not None else None
        for (code, fine), item in chosen.items()
    }
    official.set_mapping(made, wanted, actor=town.officer, version=made.version)
    mapped = queries.mapping_of(town.municipality.pk, "fukushi", YEAR)
    assert mapped is not None
    codes = {code for code, _, _ in mapped.lines}
    for code in CATEGORY:
        assert (mapped.line_of(code) in codes) != (code in mapped.unmapped)
        line = wanted.get((code, finer[code]))
        expected = next((one.code for one in lines if one.pk == line), None) or mapped.line_of(code)
        assert mapped.line_of(code, [finer[code]]) == expected
    first = [place.category.code for place in queries.places(made) if place.detail is None]
    assert tuple(first[: len(mapped.unmapped)]) == mapped.unmapped


@given(
    st.dictionaries(
        st.tuples(st.integers(1, 3), st.none() | st.integers(1, 3)), st.sampled_from(["a", "b"]), max_size=8
    ),
    st.integers(1, 3),
    st.lists(st.integers(1, 4), max_size=3, unique=True),
)
def test_reports_count_where_the_mapping_says(
    mapping: dict[tuple[int, int | None], str], category: int, details: list[int]
) -> None:
    here = TableMapping("t", "表", YEAR, True, (("a", "", "a"), ("b", "", "b")), mapping)
    there = TableWords("t", "表", True, (Line("a", "a"), Line("b", "b")), mapping)
    assert (here.line_of(category, details) or figures.REST.key) == figures.line_of(there, category, details)


def refusals(town: Town, made: OfficialTable) -> list[Callable[[], object]]:
    line = queries.items(made)[0]
    given: dict[str, Any] = {"actor": town.officer, "version": made.version}
    return [
        lambda: official.add_item(made, ItemInput("x", "x"), **given),
        lambda: official.change_item(line, ItemInput("x", "x"), **given),
        lambda: official.remove_item(line, **given),
        lambda: official.move_item(line, up=False, **given),
        lambda: official.set_mapping(made, {(6, None): line.pk}, **given),
        lambda: official.check(made, source="x", **given),
    ]


def test_a_checked_table_is_not_changed(in_town: Town) -> None:
    made = official.check(table(in_town), actor=in_town.lead, source="記入要領（架空）", version=1)
    before = queries.snapshot(made)
    for refused in refusals(in_town, made):
        with pytest.raises(Conflict, match="確認ずみ"):
            refused()
    assert queries.snapshot(made) == before
    made.refresh_from_db()
    assert (made.checked_by_name, made.version) == (in_town.lead.name, 1)


def test_opened_again_it_is_the_next_version_and_the_former_is_kept(in_town: Town) -> None:
    made = official.check(table(in_town), actor=in_town.lead, source="記入要領（架空）", version=1)
    before = queries.snapshot(made)
    official.reopen(made, actor=in_town.officer, reason="行がふえた", version=1)
    made.refresh_from_db()
    official.add_item(made, ItemInput("99", "新しい行"), actor=in_town.officer, version=2)
    [former] = queries.formers(made)
    assert (former.snapshot, former.version, former.checked_by_name) == (before, 1, in_town.lead.name)
    made.refresh_from_db()
    assert (made.checked_at, made.version) == (None, 3)
    official.check(made, actor=in_town.officer, source="記入要領（架空）令和8年", version=3)
    assert OfficialFormer.objects.count() == 1


def test_checking_needs_the_name_of_the_original(in_town: Town) -> None:
    made = table(in_town)
    for source in ("", " ", made.source):
        with pytest.raises(DomainError, match="原本"):
            official.check(made, actor=in_town.lead, source=source, version=1)
    empty = official.add_own("市の表", actor=in_town.lead, fiscal_year=YEAR)
    with pytest.raises(DomainError, match="行が1つも"):
        official.check(empty, actor=in_town.lead, source="様式", version=1)


def test_the_next_year_is_a_copy_to_be_checked_anew(in_town: Town) -> None:
    made, stays, ends = table(in_town), detail(in_town, "残る"), detail(in_town, "終わる")
    sorting.end_detail(ends, actor=in_town.officer, to_year=YEAR, version=1)
    line = queries.items(made)[3]
    wanted = {(5, stays.pk): line.pk, (5, ends.pk): line.pk}
    official.set_mapping(made, wanted, actor=in_town.officer, version=1)
    made.refresh_from_db()
    official.check(made, actor=in_town.lead, source="記入要領（架空）", version=made.version)
    copy = official.copy_to(made, actor=in_town.lead, fiscal_year=YEAR + 1)
    old, new = queries.mappings(in_town.municipality.pk, YEAR) + queries.mappings(
        in_town.municipality.pk, YEAR + 1
    )
    assert (new.lines, new.checked, copy.checked_by_name) == (old.lines, False, "")
    assert dict(new.mapping) == {key: code for key, code in old.mapping.items() if key != (5, ends.pk)}
    with pytest.raises(Conflict, match="もうあります"):
        official.copy_to(made, actor=in_town.lead, fiscal_year=YEAR + 1)


def test_a_line_of_another_table_counts_nothing(in_town: Town) -> None:
    made, other = table(in_town), table(in_town, "kofukin")
    foreign = queries.items(other)[0]
    with pytest.raises(DomainError, match="えらびなおして"):
        official.set_mapping(made, {(5, None): foreign.pk}, actor=in_town.officer, version=1)
    with pytest.raises(DomainError, match="開きなおして"):
        official.set_mapping(
            made, {(4, detail(in_town).pk): queries.items(made)[0].pk}, actor=in_town.officer, version=1
        )


def test_a_line_taken_out_leaves_its_categories_unmapped(in_town: Town) -> None:
    made = table(in_town)
    line = next(one for one in queries.items(made) if one.code == "54")
    official.remove_item(line, actor=in_town.officer, version=1)
    mapped = queries.mapping_of(in_town.municipality.pk, "fukushi", YEAR)
    assert mapped is not None
    assert 4 in mapped.unmapped
    assert {line.action for line in trail("category.manage")} == {"category.manage"}
