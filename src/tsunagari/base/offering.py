"""What a person may choose from, put on a form once it is known who fills it in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.forms import BaseForm, ChoiceField, Field, ModelChoiceField
from django.utils.choices import BaseChoiceIterator

F = TypeVar("F", bound=Field)
M = TypeVar("M", bound=Model)
Form = TypeVar("Form", bound=BaseForm)


class _Declared(BaseChoiceIterator):
    """Choices that every form of a class has: one list for all of them, which nobody changes."""

    def __init__(self, choices: Iterable[Any]) -> None:
        self._choices = tuple(choices)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._choices)

    def __copy__(self) -> _Declared:
        return self

    def __deepcopy__(self, memo: object) -> _Declared:
        return self


def shares_choices(form: type[Form]) -> type[Form]:
    """Let a form's class have its choices once, where Django copies them word by word for each form that is made.

    What `offer` puts on a form stays that form's own.
    """
    for field in form.base_fields.values():  # type: ignore[attr-defined]
        if isinstance(field, ChoiceField) and isinstance(field.choices, list):
            field.choices = _Declared(field.choices)
    return form


def field_of(form: BaseForm, name: str, kind: type[F]) -> F:
    """The form's own copy of a field of that kind; KeyError where the form has none of the name."""
    field = form.fields[name]
    assert isinstance(field, kind), f"{name} is a {type(field).__name__}"
    return field


def offer(form: BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> ChoiceField:
    """Let the field be one (or some) of these: (value, what is shown), or (heading, such pairs)."""
    field = field_of(form, name, ChoiceField)
    field.choices = list(choices)
    return field


def offered(form: BaseForm, name: str) -> list[tuple[Any, Any]]:
    """What `offer` put there, or the field was declared with."""
    return list(field_of(form, name, ChoiceField).choices)  # type: ignore[arg-type]


def offer_rows(
    form: BaseForm, name: str, rows: QuerySet[M], named: Callable[[M], str] | None = None
) -> ModelChoiceField[M]:
    """Let the field be one of these rows, shown as their str() or as `named` says."""
    field: ModelChoiceField[M] = field_of(form, name, ModelChoiceField)
    field.queryset = rows
    if named is not None:
        field.label_from_instance = named  # type: ignore[assignment]
    return field
