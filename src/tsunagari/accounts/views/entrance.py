"""Between sign-in and work: what is still missing, where to work, and how long the session lasts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from allauth.core.internal.httpkit import authenticated_user
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods

from tsunagari.accounts import attempts, queries, sessions
from tsunagari.accounts.operations.workplaces import choose_workplace
from tsunagari.accounts.queries import Workplace
from tsunagari.base.doors import public
from tsunagari.base.pages import go, render


def counted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of sign-in that answers 429 while the person or the address is locked out."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        form = (getattr(response, "context_data", None) or {}).get("form")
        errors = form.errors.as_data() if form is not None and form.is_bound else {}
        if any(error.code == attempts.TOO_MANY for found in errors.values() for error in found):
            response.status_code = 429
        return response

    return answered


@public("nobody has a workplace before choosing one; sign-in is checked inside")
@login_required
@require_http_methods(["GET", "POST"])
def workplace(request: HttpRequest) -> HttpResponse:
    """Choose where to work now. The only one there is, is taken without asking."""
    user = authenticated_user(request)
    if missing := queries.missing_step(user):
        return redirect(f"{reverse(missing)}?{urlencode({'next': request.get_full_path()})}")
    places = queries.workplaces(user.pk)
    if request.method == "POST":
        chosen = next(
            (place for place in places if str(place.membership_id) == request.POST.get("membership")), None
        )
        return _enter(request, chosen) if chosen else _choose(request, places, wrong=True)
    if len(places) == 1 and sessions.WORKPLACE not in request.session:
        return _enter(request, places[0])
    return _choose(request, places)


def _enter(request: HttpRequest, place: Workplace) -> HttpResponse:
    choose_workplace(place, user_id=authenticated_user(request).pk, ip=sessions.client_ip(request))
    request.session[sessions.WORKPLACE] = (place.membership_id, place.municipality_id)
    return go(request, _next(request))


def _choose(request: HttpRequest, places: Sequence[Workplace], *, wrong: bool = False) -> HttpResponse:
    current = request.session.get(sessions.WORKPLACE)
    context = {
        "places": places,
        "current": current[0] if current else None,
        "next": _next(request),
        "wrong": wrong,
    }
    return render(request, "accounts/workplace.html", context, status=422 if wrong else 200)


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return "/"


@public("tells a page how long its own session lasts; sign-in is checked inside")
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> HttpResponse:
    """GET: whole seconds left, without extending, and the token of this session's forms: one who signs in again in
    another window goes on in this one. POST: extend. 401 when the session is over."""
    if not request.user.is_authenticated:
        return JsonResponse({"seconds": 0}, status=401)
    if request.method == "POST":
        sessions.extend(request)
        response = HttpResponse(status=204)
        response["Session-Seconds"] = str(settings.SESSION_IDLE_SECONDS)
        return response
    return JsonResponse({"seconds": sessions.seconds_left(request), "token": get_token(request)})
