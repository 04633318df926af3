"""System check: a view without a guard fails the build."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

# Views of well-kept libraries that guard themselves: sign-in and its second factor.
GUARDED_ELSEWHERE = ("allauth.",)


def walk(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern below `resolver` with its whole route."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from walk(entry, route)
        else:
            yield route, entry


@register()
def every_door_is_guarded(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Each view of ours carries @allow or @public."""
    found: list[CheckMessage] = []
    for route, pattern in walk(get_resolver()):
        view = pattern.callback
        module = getattr(view, "__module__", "")
        if hasattr(view, "door") or module.startswith(GUARDED_ELSEWHERE):
            continue
        found.append(
            Error(
                f"/{route} ({module}.{getattr(view, '__name__', view)}) has no guard.",
                hint="Put @allow(access.X) or @public('why') on the view.",
                id="tsunagari.E001",
            )
        )
    return found
