"""Errors that are meant for people, and the pages that show them."""

from __future__ import annotations

import sys
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost, PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

RETRY_SECONDS = 30


class DomainError(Exception):
    """Something a person asked for cannot be done; the message is shown to them as it is.

    `what_to_do` is a second sentence; `status` the HTTP status; `field` names the form field it belongs to.
    """

    status = 400

    def __init__(
        self, message: str, *, what_to_do: str = "", status: int | None = None, field: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.what_to_do = what_to_do
        self.field = field
        if status is not None:
            self.status = status


class Conflict(DomainError):
    """Somebody else was faster: the state is no longer the one the person saw."""

    status = 409


class Forbidden(PermissionDenied):
    """The thing is visible to this person but not theirs to do."""

    def __init__(self, message: str = "この操作をする権限がありません。", *, action: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.action = action


def error_page(
    request: HttpRequest, *, status: int, title: str, message: str, what_to_do: str = ""
) -> HttpResponse:
    """The error as a page, or as a toast when htmx asked."""
    context = {
        "title": title,
        "message": message,
        "what_to_do": what_to_do,
        "status": status,
        "back_url": _back(request),
    }
    if getattr(request, "htmx", False):
        response = render(request, "base/parts/error_toast.html", context, status=status)
        response["HX-Retarget"] = "#toast"
        response["HX-Reswap"] = "innerHTML"
        return response
    return render(request, "base/error.html", context, status=status)


def _back(request: HttpRequest) -> str:
    """The page of this site the person came from; empty when there is none, or it is the page that failed."""
    came = request.headers.get("Referer", "")
    try:
        parts = urlsplit(came)
        here = request.get_host()
    except (ValueError, DisallowedHost):
        return ""
    if parts.scheme not in ("http", "https") or parts.netloc != here:
        return ""
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    same = request.method == "GET" and path == request.get_full_path()
    return "" if same or path == "/" or path.startswith("//") else path


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(
        request,
        status=400,
        title="うけつけられませんでした",
        message="送られた内容を読み取れませんでした。",
        what_to_do="前の画面にもどり、もう一度おためしください。",
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(
        request,
        status=403,
        title="この操作はできません",
        message=getattr(exception, "message", "この操作をする権限がありません。"),
        what_to_do="必要なときは、施設長か市の担当にご相談ください。",
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(
        request,
        status=404,
        title="見つかりません",
        message="このページはないか、ご覧になれません。",
        what_to_do="アドレスを確かめるか、はじめの画面からさがしてください。",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database is away. Rendered without session, messages or any other thing that asks it."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = _page_by_itself(
            request,
            status=503,
            title="いま、つながりません",
            message="システムが混み合っているか、整備の途中です。保存ずみの内容はそのままです。",
            what_to_do="1分ほど待ってから、もう一度おためしください。続くときは管理者にお知らせください。",
        )
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
    return _page_by_itself(
        request,
        status=500,
        title="うまく動きませんでした",
        message="システムの中で問題がおきました。保存ずみの内容はそのままです。",
        what_to_do="少し待ってから、もう一度おためしください。続くときは管理者にお知らせください。",
    )


def _page_by_itself(request: HttpRequest, **context: Any) -> HttpResponse:
    """`error_page` without what the request knows: it may be the request's session that failed."""
    htmx = request.headers.get("HX-Request") == "true"
    template = "base/parts/error_toast.html" if htmx else "base/error.html"
    response = HttpResponse(render_to_string(template, context), status=context["status"])
    if htmx:
        response["HX-Retarget"], response["HX-Reswap"] = "#toast", "innerHTML"
    return response


def csrf_failure(request: HttpRequest, reason: str = "", **_: Any) -> HttpResponse:
    return error_page(
        request,
        status=403,
        title="画面の有効期限が切れました",
        message="安全のため、この画面からの送信を止めました。書きかけの記録は下書きに残っています。",
        what_to_do="画面を読み込みなおして、もう一度送ってください。",
    )
