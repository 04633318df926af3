"""The doorkeeper: from a session to an Actor, in one transaction of one municipality."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from tsunagari.accounts import signed_in
from tsunagari.accounts.models import Membership, MembershipQuerySet
from tsunagari.audit import operations as audit
from tsunagari.audit.models import Entry
from tsunagari.base import clock, tenancy
from tsunagari.base.access import LABELS, SCOPES, Action, Role, actions_of
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Forbidden
from tsunagari.base.pages import go
from tsunagari.base.prepared import prepared

WORKPLACE = "workplace"
TOUCHED = "touched"
_NO_ID = 1 << 63  # an address can hold numbers that no database can


def keeper(
    request: HttpRequest, action: Action, view: Callable[[], HttpResponse], *, quiet: bool = False
) -> HttpResponse:
    """Find the actor, check the action, run the view in the actor's transaction; keep refusals."""
    claimed, workplace = int(request.session.get(SESSION_KEY, 0)), request.session.get(WORKPLACE)
    if not (claimed and workplace) or settings.SECRET_KEY_FALLBACKS:
        # With an older key Django writes the session anew while it reads the user: never in the actor's transaction.
        if not request.user.is_authenticated:
            return _sign_in(request)
        if not workplace:
            _touch(request, quiet=quiet)
            return _to_workplace(request)
    membership_id, municipality_id = workplace
    actor = None
    try:
        with tenancy.municipality(municipality_id, user_id=claimed):
            membership = _memberships.first(membership_id, claimed, clock.today())
            if not _is_signed_in(request, membership):
                return _sign_in(request)
            _touch(request, quiet=quiet)
            if membership is not None:
                actor = actor_of(membership, ip=client_ip(request))
                request.actor = actor  # type: ignore[attr-defined]
                if action.name not in actor.actions:
                    raise Forbidden(action=action.name)
                return view()
    except (Forbidden, Http404):
        _keep_refusal(request, actor, action)
        raise
    request.session.pop(WORKPLACE, None)
    return _to_workplace(request)


def _is_signed_in(request: HttpRequest, membership: Membership | None) -> bool:
    """Django's own check of the session (active user, same password), with the row that came with the membership."""
    with signed_in.already_read(membership.user if membership else None):
        return bool(request.user.is_authenticated)


def find_actor(membership_id: int, user_id: int, *, ip: str = "", via: str = "web") -> Actor | None:
    """The actor of a membership that is valid today, or None. Needs an open scope of its municipality."""
    membership = _memberships.first(membership_id, user_id, clock.today())
    return actor_of(membership, ip=ip, via=via) if membership else None


@prepared
def _memberships(membership_id: int, user_id: int, day: date) -> QuerySet[Membership, Membership]:
    mine = Membership.objects.on(day).filter(pk=membership_id, user_id=user_id, user__is_active=True)
    return mine.select_related("user", "municipality", "agency")


def current_memberships(user_id: int) -> MembershipQuerySet:
    """Memberships of a user that are valid today and whose user is active."""
    return Membership.objects.on(clock.today()).filter(user_id=user_id, user__is_active=True)


def actor_of(membership: Membership, *, ip: str = "", via: str = "web") -> Actor:
    """An Actor from a membership loaded with its user, municipality and agency."""
    role = Role(membership.role)
    return Actor(
        user_id=membership.user_id,
        name=membership.user.name,
        municipality_id=membership.municipality_id,
        role=role,
        role_label=LABELS[role],
        membership_id=membership.pk,
        agency_id=membership.agency_id,
        agency_name=membership.agency.name if membership.agency else "",
        municipality_name=membership.municipality.name,
        scope=SCOPES[role],
        actions=actions_of(role),
        ip=ip,
        via=via,
    )


def client_ip(request: HttpRequest) -> str:
    """The peer's address; behind a proxy that is named in settings, the last address it forwarded."""
    if settings.TRUSTED_PROXY and (forwarded := request.META.get("HTTP_X_FORWARDED_FOR")):
        return str(forwarded).rsplit(",", 1)[-1].strip()[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def _keep_refusal(request: HttpRequest, actor: Actor | None, action: Action) -> None:
    if actor is None:
        return
    match = request.resolver_match
    given = match.kwargs if match else {}
    ids = {key: value for key, value in given.items() if isinstance(value, int) and value < _NO_ID}
    with tenancy.municipality(actor.municipality_id, user_id=actor.user_id):
        audit.record(
            action,
            actor=actor,
            household_id=ids.get("household_id"),
            outcome=Entry.Outcome.REFUSED,
            detail={"path": match.view_name if match else "", **ids},
        )


def _to_workplace(request: HttpRequest) -> HttpResponse:
    return go(request, f"{reverse('workplace')}?{urlencode({'next': _target(request)})}")


def _target(request: HttpRequest) -> str:
    """Where to come back to: the page itself, or the first page after a form or a fragment."""
    whole = request.method == "GET" and not getattr(request, "htmx", False)
    return request.get_full_path() if whole else "/"


def _sign_in(request: HttpRequest) -> HttpResponse:
    url = f"{settings.SIGN_IN_PATH}?{urlencode({'next': _target(request)})}"
    if getattr(request, "htmx", False):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = url
        return response
    return redirect(url)


def _touch(request: HttpRequest, *, quiet: bool) -> None:
    """Extend the session at most once a minute: a page view must not cost a write. Quiet requests never do."""
    if quiet:
        return
    now = int(clock.now().timestamp())
    if now - request.session.get(TOUCHED, 0) >= settings.SESSION_TOUCH_SECONDS:
        request.session[TOUCHED] = now


def extend(request: HttpRequest) -> None:
    """Start the quiet spell anew."""
    request.session[TOUCHED] = int(clock.now().timestamp())


def seconds_left(request: HttpRequest) -> int:
    """Whole seconds until the session ends; reading them does not extend it."""
    touched = request.session.get(TOUCHED)
    if touched is None:
        return int(settings.SESSION_IDLE_SECONDS)
    return max(0, touched + settings.SESSION_IDLE_SECONDS - int(clock.now().timestamp()))
