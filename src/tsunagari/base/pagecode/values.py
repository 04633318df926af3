"""What written functions call: Django's ways with values, the usual case first and everything else left to Django."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.template import Context, Variable, VariableDoesNotExist
from django.template.base import render_value_in_context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, SafeString, mark_safe

Dicts = Sequence[Mapping[str, Any]]

_NO_KEYS = (tuple.__getitem__, list.__getitem__, str.__getitem__)  # they refuse words
_PLAIN_NUMBERS = not settings.USE_THOUSAND_SEPARATOR
_attributes_only: dict[type, bool] = {}


class Unusual(Exception):
    """Django itself has to look: a name that is not there, a function that must not be called."""


def root(dicts: Dicts, name: str) -> Any:
    """The context's value of a name."""
    for layer in reversed(dicts):
        if name in layer:
            value = layer[name]
            return called(value) if callable(value) else value
    raise Unusual


def step(value: Any, name: str) -> Any:
    """`value.name` of a template: a key, or an attribute; called when it can be."""
    kind = type(value)
    only = _attributes_only.get(kind)
    if only is None:
        only = _attributes_only[kind] = getattr(kind, "__getitem__", _NO_KEYS[0]) in _NO_KEYS
    if only:
        found = getattr(value, name)
    else:
        try:
            found = value[name]
        except (TypeError, AttributeError, KeyError, ValueError, IndexError):
            found = getattr(value, name)
    return called(found) if callable(found) else found


def called(value: Any) -> Any:
    if getattr(value, "do_not_call_in_templates", False):
        return value
    if getattr(value, "alters_data", False):
        raise Unusual
    return value()


def asked(variable: Variable, context: Context, missing: Any) -> Any:
    """The variable as Django resolves it; `missing` when it is not there."""
    try:
        return variable.resolve(context)
    except VariableDoesNotExist:
        return missing


def kept_safe(before: Any, after: Any) -> Any:
    """What a filter that is safe made of a value."""
    return mark_safe(after) if isinstance(before, SafeData) else after  # noqa: S308  as Django's FilterExpression


def said(value: Any, context: Context) -> str:
    """A value as it stands in the page: localised and escaped."""
    kind = type(value)
    if kind is SafeString:
        return value  # type: ignore[no-any-return]
    if kind is str and context.autoescape:
        return _escaped(value)
    if kind is int and _PLAIN_NUMBERS:
        return str(value)
    return render_value_in_context(value, context)


def given(value: Any, context: Context) -> Any:
    """What a tag returned, as it stands in the page: escaped, not localised."""
    return escaped(value) if context.autoescape else value


def escaped(value: Any) -> str:
    """As `conditional_escape`."""
    kind = type(value)
    if kind is SafeString:
        return value  # type: ignore[no-any-return]
    return _escaped(value) if kind is str else conditional_escape(value)


def _escaped(text: str) -> str:
    if "&" in text or "<" in text or ">" in text or '"' in text or "'" in text:
        return html.escape(text)
    return text


def items_of(values: Any) -> Any:
    """What a loop goes through: something that has a length."""
    if values is None:
        return ()
    return values if hasattr(values, "__len__") else list(values)


def unpacked(names: tuple[str, ...], item: Any) -> dict[str, Any]:
    """Several variables of a loop; ValueError when there are not as many values."""
    try:
        length = len(item)
    except TypeError:  # not an iterable
        length = 1
    if length != len(names):
        raise ValueError(f"Need {len(names)} values to unpack in for loop; got {length}. ")
    return dict(zip(names, item, strict=False))
