"""Addresses of pages, as `reverse` says them, for pages that show hundreds."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, reverse

_LARGE = 2**40  # stands for an id; an address holds no such number otherwise


def address(name: str, args: tuple[Any, ...]) -> str:
    """As `reverse`, without looking for the way again when only ids differ."""
    if not args:
        return _plain_address(name)
    if all(type(arg) is int and arg >= 0 for arg in args) and (way := _way(name, len(args))) is not None:
        return way % args
    return reverse(name, args=args)


@lru_cache(maxsize=1000)
def _plain_address(name: str) -> str:
    return reverse(name)


@lru_cache(maxsize=1000)
def _way(name: str, count: int) -> str | None:
    """The address with `%d` for each of `count` ids; None when it takes something else than numbers as they are."""
    signs = [_LARGE + number for number in range(count)]
    try:
        url = reverse(name, args=signs)
    except NoReverseMatch:
        return None
    pieces = url.replace("%", "%%")
    for sign in signs:
        if pieces.count(str(sign)) != 1:
            return None
        pieces = pieces.replace(str(sign), "%d")
    return pieces if pieces % tuple(signs) == url else None
