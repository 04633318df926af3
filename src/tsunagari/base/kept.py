"""When the database refuses (a full disk, a standby, no answer), what was typed stays in the page.

    @keeps_typed
    @allow(access.WRITE_RECORD)
    def draft(request, draft_id): ...

The answer needs no database: it shows the words again with a button that sends the same form once more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps

from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, ProgrammingError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from tsunagari.base.errors import RETRY_SECONDS

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponse]

FULL = "サーバーの空きがなくなったため、保存できませんでした。"
AWAY = "サーバーが止まっているか、混み合っているため、保存できませんでした。"
_OUR_FAULT = (DataError, IntegrityError, ProgrammingError)
#: SQLSTATE of a full disk, and of a server that takes no more writing (which managed ones become when full).
_NO_ROOM = frozenset({"53100", "53000", "25006"})
SHORT = 40  # characters; longer texts are shown to be copied, others travel along unseen


def keeps_typed(view: View) -> View:
    """Answer a POST that the database refuses with what was typed: a page, or JSON {error} for an autosave.

    Goes outside the door, so that the failing of its own transaction is caught too; nothing was saved then.
    """

    @wraps(view)
    def kept(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (DatabaseError, InterfaceError) as error:
            if request.method != "POST" or isinstance(error, _OUR_FAULT):
                raise
            logger.error("the database refused a form: %s", _state(error) or type(error).__name__)
            return _answer(request, FULL if _state(error) in _NO_ROOM else AWAY)

    return kept


def _state(error: BaseException) -> str:
    return str(getattr(error.__cause__, "sqlstate", "") or "")


def _answer(request: HttpRequest, message: str) -> HttpResponse:
    response: HttpResponse
    if "application/json" in request.headers.get("Accept", ""):
        response = JsonResponse({"error": message}, status=503)
    else:
        sent = [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name != "csrfmiddlewaretoken"
        ]
        context = {
            "message": message,
            "texts": [(name, value) for name, value in sent if _long(value)],
            "others": [(name, value) for name, value in sent if not _long(value)],
            "action": request.get_full_path(),
            "csrf_token": get_token(request),
        }
        response = HttpResponse(render_to_string("base/kept.html", context), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _long(value: object) -> bool:
    return len(str(value)) > SHORT or "\n" in str(value)
