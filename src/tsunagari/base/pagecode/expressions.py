"""Variables, filters and conditions of a template as lines of Python."""

from __future__ import annotations

from typing import Any

from django.template.base import Variable, VariableDoesNotExist
from django.template.defaulttags import TemplateLiteral
from django.utils.safestring import SafeData, mark_safe
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]

from tsunagari.base.pagecode import values
from tsunagari.base.pagecode.writing import Page

KNOWN = {
    "root": values.root,
    "step": values.step,
    "asked": values.asked,
    "kept_safe": values.kept_safe,
    "template_localtime": template_localtime,
    "VariableDoesNotExist": VariableDoesNotExist,
}
SILENT = None  # what a name that is not there says to a condition; in the page it says nothing


def value(page: Page, expression: Any, missing: str | None = "") -> str:
    """Lines that find the value of a FilterExpression and filter it; the Python name that holds it then."""
    if not expression.is_var:
        found = page.constant(expression.var)
    elif expression.var.translate:
        found = page.fresh()
        page.line(f"{found} = asked({page.constant(expression.var)}, context, {missing!r})")
    elif expression.var.lookups is None:
        found = page.constant(expression.var.literal)
    else:
        found = _variable(page, expression.var, missing)
    for function, arguments in expression.filters:
        found = _filtered(page, found, function, arguments)
    return found


def _variable(page: Page, variable: Variable, missing: str | None) -> str:
    assert variable.lookups is not None
    first, *others = variable.lookups
    page.loop_asked = page.loop_asked or first == "forloop"
    code = f"root(dicts, {first!r})"
    if local := page.locals.get(first):
        code = f"({local} if not callable({local}) else {code})"
    for name in others:
        code = f"step({code}, {name!r})"
    found = page.fresh()
    with page.block("try:"):
        page.line(f"{found} = {code}")
    with page.block("except Exception:"):  # Django tries again and knows what to make of it
        page.line(f"{found} = asked({page.constant(variable)}, context, {missing!r})")
    return found


def _filtered(page: Page, found: str, function: Any, arguments: list[tuple[bool, Any]]) -> str:
    given = [found]
    for looked_up, argument in arguments:
        if looked_up:
            page.loop_asked = page.loop_asked or "forloop" in argument.var
            given.append(f"{page.constant(argument)}.resolve(context)")
        else:
            given.append(page.constant(_safe(argument)))
    if getattr(function, "needs_autoescape", False):
        given.append("autoescape=context.autoescape")
    result = page.fresh()
    if getattr(function, "expects_localtime", False):
        page.line(f"{result} = template_localtime({found}, context.use_tz)")
        given[0] = found = result
        result = page.fresh()
    code = f"{page.constant(function)}({', '.join(given)})"
    if getattr(function, "is_safe", False):
        code = f"kept_safe({found}, {code})"
    page.line(f"{result} = {code}")
    return result


def _safe(argument: Any) -> Any:
    """As FilterExpression gives it to the filter: words that stand in the template are markup."""
    return argument if isinstance(argument, SafeData) else mark_safe(argument)  # noqa: S308


def truth(page: Page, condition: Any) -> str:
    """Lines that weigh a condition of `if`; the Python name that holds the answer."""
    if isinstance(condition, TemplateLiteral):
        return value(page, condition.value, SILENT)
    answer = page.fresh()
    with page.block("try:"):
        first = truth(page, condition.first)
        if condition.id in ("and", "or"):
            page.line(f"{answer} = {first}")
            with page.block(f"if {'not ' if condition.id == 'or' else ''}{first}:"):
                page.line(f"{answer} = {truth(page, condition.second)}")
        elif condition.id == "not":
            page.line(f"{answer} = not {first}")
        else:
            page.line(f"{answer} = {first} {condition.id} {truth(page, condition.second)}")
    with page.block("except Exception:"):
        page.line(f"{answer} = False")
    return answer
