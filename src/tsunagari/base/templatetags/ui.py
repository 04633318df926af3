"""Presentation tags for every screen: icons, form fields, query strings, furigana."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django import forms, template
from django.core.paginator import Paginator
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template.context import Context
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from tsunagari.base import clock
from tsunagari.base.addresses import address
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.base.japanese.text import to_hiragana

register = template.Library()

_ICON_FILE = Path(__file__).resolve().parent.parent / "static" / "tsunagari" / "icons" / "icons.svg"
_SYMBOL = re.compile(r'<symbol id="([\w-]+)"[^>]*>(.*?)</symbol>')
_NUMBERS = re.compile(r"〒?\d+(?:[-‐－−ー]\d+)+")


@cache
def _icons() -> Mapping[str, SafeString]:
    """Shapes of our own icon file by symbol id; the file is part of the package, so it is trusted markup."""
    found = _SYMBOL.findall(_ICON_FILE.read_text(encoding="utf-8"))
    return {name: SafeString(shape) for name, shape in found}


@register.simple_tag
@lru_cache(maxsize=1000)
def icon(name: str, label: str = "") -> SafeString:
    """Inline SVG of `name`; decorative unless `label` says it aloud.

    Raises `KeyError` for a name that `icons.svg` does not hold.
    """
    said = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<svg class="icon" viewBox="0 0 24 24" {}>{}</svg>', said, _icons()[name])


@register.simple_tag
def ruby(written: str, reading: str = "") -> SafeString:
    """A name with its furigana above; the bare name when there is no reading or it says the same."""
    if not reading or to_hiragana(reading) == to_hiragana(written):
        return format_html("{}", written)
    return format_html("<ruby>{}<rp>（</rp><rt>{}</rt><rp>）</rp></ruby>", written, reading)


@register.filter
def whole_numbers(text: str) -> SafeString:
    """An address or telephone numbers; a number with hyphens (〒000-0001, 4-23-18) stays on one line."""
    return SafeString(_NUMBERS.sub(r'<span class="nowrap">\g<0></span>', conditional_escape(text)))


@register.simple_tag
def to(name: str, *args: Any) -> str:
    """The address of a page, as `url` says it, for lists of many lines."""
    return address(name, args)


@register.simple_tag
def today_wareki() -> str:
    """The present day as written on paper, such as 令和8年11月23日."""
    return format_wareki(clock.today())


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """`?…` of this page with parameters replaced; `None` or an empty string removes one.

    Changing anything but `page` goes back to the first page.
    """
    request = context.get("request")
    params: QueryDict = request.GET.copy() if request is not None else QueryDict(mutable=True)
    if "page" not in changes:
        params.pop("page", None)
    for name, value in changes.items():
        params.pop(name, None)
        if value not in (None, ""):
            params[name] = str(value)
    return f"?{params.urlencode()}" if params else "?"


def _kind(field: BoundField) -> str:
    """Which mark-up a field needs; subclasses of a widget look like their parent."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.RadioSelect):
        return "seg"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "group" if widget.use_fieldset else "plain"


@register.inclusion_tag("base/parts/field.html")
def field(bound: BoundField, label: str = "", note: str = "", optional: bool = False) -> dict[str, Any]:
    """A form field with label, 必須, help and errors.

    `label` replaces the form's own, `note` is a few words beside it, `optional` writes 任意.
    Check boxes and radios become large buttons.
    """
    return {
        "field": bound,
        "kind": _kind(bound),
        "label": label or bound.label,
        "note": note,
        "optional": optional and not bound.field.required,
        "described": " ".join(_described(bound)),
    }


def _described(bound: BoundField) -> Iterator[str]:
    if bound.help_text:
        yield f"{bound.auto_id}_helptext"
    if bound.errors:
        yield f"{bound.auto_id}_error"


def _first_control(bound: BoundField) -> str:
    """Id of the element a summary link should focus."""
    return bound.id_for_label or f"{bound.auto_id}_0"


@register.inclusion_tag("base/parts/form_errors.html")
def form_errors(form: forms.BaseForm, heading: str = "") -> dict[str, Any]:
    """Summary above a form that could not be saved, each line a link to its field.

    `heading` is for forms that save nothing, such as sign-in. A message that names its field stands alone.
    """
    lines = [
        {
            "target": _first_control(bound),
            "label": "" if str(bound.label) in message else bound.label,
            "message": message,
        }
        for bound in form.visible_fields()
        for message in bound.errors
    ]
    general = list(form.non_field_errors()) if form.is_bound else []
    general += [message for bound in form.hidden_fields() for message in bound.errors]
    meanwhile = getattr(form, "meanwhile", None)
    return {
        "lines": lines,
        "general": general,
        "count": len(lines) + len(general),
        "heading": heading or ("まだ保存していません" if meanwhile is not None else ""),
        "meanwhile": meanwhile,
    }


@register.filter
def page_range(paginator: Paginator[Any], number: int) -> list[int | None]:
    """Page numbers around `number`, with `None` where some are left out."""
    found = paginator.get_elided_page_range(number, on_each_side=1, on_ends=1)
    return [item if isinstance(item, int) else None for item in found]


@register.simple_tag
def attrs(**pairs: Any) -> SafeString:
    """HTML attributes from keywords (`data_id=3` → `data-id="3"`); empty and false ones are left out."""
    kept = [(name, value) for name, value in pairs.items() if value not in (None, "", False)]
    return format_html_join("", ' {}="{}"', ((name.replace("_", "-"), value) for name, value in kept))
