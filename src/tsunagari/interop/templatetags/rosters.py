"""Words of old rosters."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def months(value: int) -> str:
    """An age in months as people say it: 1歳3か月, 8か月."""
    years, rest = divmod(int(value), 12)
    return f"{f'{years}歳' if years else ''}{f'{rest}か月' if rest or not years else ''}"
