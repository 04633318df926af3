"""Pages and their fragments: one address serves both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render as django_render


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    fragment: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, or the template `fragment` when htmx asked for a part of it.

    A boosted or history-restoring request always gets the whole page.
    """
    htmx = getattr(request, "htmx", None)
    part = bool(fragment and htmx and not htmx.boosted and not htmx.history_restore_request)
    response = django_render(
        request, fragment if part and fragment else template, dict(context or {}), status=status
    )
    response["Vary"] = "HX-Request"
    return response


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Send the person on: a redirect, or HX-Redirect when htmx asked."""
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = url
        return response
    return HttpResponseRedirect(url, status=303)
