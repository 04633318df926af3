"""One middleware turns errors meant for people into pages, and marks answers that must not be kept."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tsunagari.base.errors import DomainError, Forbidden, bad_request, error_page, forbidden


class PeopleErrors:
    """Turn DomainError and Forbidden into pages or fragments; keep personal pages out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = bad_request(request) if _unheard_of(request) else self.get_response(request)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DomainError):
            return error_page(
                request,
                status=exception.status,
                title="見つかりません" if exception.status in (404, 410) else "うけつけられませんでした",
                message=exception.message,
                what_to_do=exception.what_to_do,
            )
        if isinstance(exception, Forbidden):
            return forbidden(request, exception)
        return None


def _unheard_of(request: HttpRequest) -> bool:
    """Whether the address holds a NUL: no database keeps one, and nobody types it."""
    return "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", "")
