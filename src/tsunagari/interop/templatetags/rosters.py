"""Words of old rosters."""

from __future__ import annotations

from datetime import date

from django import template

from tsunagari.base.japanese.dates import format_wareki_short, weekday_ja
from tsunagari.base.japanese.text import format_phone

register = template.Library()


@register.filter
def months(value: int) -> str:
    """An age in months as people say it: 1歳3か月, 8か月."""
    years, rest = divmod(int(value), 12)
    return f"{f'{years}歳' if years else ''}{f'{rest}か月' if rest or not years else ''}"


@register.filter
def day(value: str) -> str:
    """An ISO day as people write it, with its weekday: 2026年10月1日（木）."""
    if not value:
        return ""
    found = date.fromisoformat(value)
    return f"{found.year}年{found.month}月{found.day}日（{weekday_ja(found)}）"


@register.filter
def born(value: str) -> str:
    """A birth date in the era: R6.4.1."""
    return format_wareki_short(date.fromisoformat(value)) if value else ""


@register.filter
def phone(value: str) -> str:
    """Digits as people write them: 090-0000-1111."""
    return format_phone(value)
