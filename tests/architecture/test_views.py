"""Views and forms read through queries and write through operations: no view asks or changes the database itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import tsunagari

SRC = Path(tsunagari.__file__).parent
#: What only queries and operations may say of the database.
REFUSED = frozenset(
    [
        "objects",
        "_default_manager",
        "filter",
        "exclude",
        "annotate",
        "aggregate",
        "raw",
        "in_bulk",
        "save",
        "delete",
        "create",
        "bulk_create",
        "bulk_update",
        "get_or_create",
        "update_or_create",
    ]
)


def modules() -> list[Path]:
    """Every module of views and of forms, wherever it stands."""
    found = [
        path
        for path in SRC.rglob("*.py")
        if {"views", "forms"} & {*path.relative_to(SRC).parts[:-1], path.stem}
        and "migrations" not in path.parts
    ]
    assert len(found) > 40
    return sorted(found)


def trespasses(code: str) -> Iterator[str]:
    """Line and attribute of everything in the code that reaches into the database."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute) and node.attr in REFUSED:
            yield f"{node.lineno}: .{node.attr}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SRC)))
def test_no_view_and_no_form_reaches_into_the_database(path: Path) -> None:
    assert not list(trespasses(path.read_text()))


@pytest.mark.parametrize(
    "code",
    [
        "rows = Household.objects.visible_to(actor)",
        "household.people\\\n  .filter(kind='child')",
        "def view(request):\n    visit.save(update_fields=['note'])",
        "write = form.instance.delete",
        "get_object_or_404(Card._default_manager, pk=1)",
    ],
)
def test_the_rule_sees_what_it_is_for(code: str) -> None:
    assert list(trespasses(code))
