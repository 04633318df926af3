"""Somebody else was faster: a form comes back as it was typed, with what stands now beside it; sent again, it is saved.

A form takes part by a hidden field `version` (a number), or `seen` (a `stamp`) where rows have none, and by an
`initial` that is the row as it stands now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django import forms

MARKS = ("version", "seen")
NOTHING = "なし"


@dataclass(frozen=True, slots=True)
class Now:
    """What stands in a field that was typed otherwise."""

    label: str
    words: str


def stamp(*values: object) -> str:
    """16 characters that change with any of the values."""
    return sha256(repr(values).encode()).hexdigest()[:16]


def go_on(form: forms.BaseForm) -> None:
    """Let the bound form be sent again over what stands now, and keep in `form.meanwhile` what that says otherwise."""
    marks = {name: str(form.initial[name]) for name in MARKS if name in form.fields and name in form.initial}
    if not any(form[name].value() != value for name, value in marks.items()):
        return
    form.meanwhile = [  # type: ignore[attr-defined]
        Now(str(one.label), _words(one.field, one.initial))
        for one in form.visible_fields()
        if one.name in form.changed_data
    ]
    sent: Any = form.data
    typed = sent.copy()
    for name, value in marks.items():
        typed[form.add_prefix(name)] = value
    form.data = typed


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    values = list(value) if isinstance(value, list | tuple | set) else [value]
    said = dict(_flat(getattr(field, "choices", ())))
    found = [said.get(str(one), str(one)) for one in values if one not in (None, "")]
    return "、".join(found) or NOTHING


def _flat(choices: Iterable[tuple[Any, Any]]) -> Iterable[tuple[str, str]]:
    """Values and their words, those of groups too."""
    for value, words in choices:
        if isinstance(words, list | tuple):
            yield from _flat(words)
        else:
            yield str(value), str(words)
