"""What counts as otherwise between two reports of the same period."""

from __future__ import annotations

from tsunagari.reports.rules.sections import Line, Section, differences


def section(key: str, **values: int) -> Section:
    """A table whose rows are named like their codes."""
    rows = tuple(Line(name, f"　うち{name}") for name in values)
    return Section(key, "相談", rows, tuple((value,) for value in values.values()))


def test_a_table_made_ready_later_is_no_difference() -> None:
    before, after = [section("consult", total=3)], [section("consult", total=3), section("official", a=3)]
    assert differences(before, after) == []
    assert differences(after, before) == []


def test_a_row_that_came_with_something_in_it_is_one() -> None:
    found = differences([section("consult", total=3)], [section("consult", total=4, phone=1, mail=0)])
    said = [(one.name, one.label, one.before, one.after) for one in found]
    assert said == [
        ("consult.total", "相談 › うちtotal", 3, 4),
        ("consult.phone", "相談 › うちphone", None, 1),
    ]
