"""受付端末: the tablets at the doors, unlocking the one in hand, locking any."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tsunagari.accounts import access, queries
from tsunagari.accounts import devices as doors
from tsunagari.accounts.forms import DeviceForm
from tsunagari.accounts.models import Device
from tsunagari.accounts.operations import devices as operations
from tsunagari.accounts.sessions import WORKPLACE
from tsunagari.accounts.trail import keep
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen


@allow(access.UNLOCK_DEVICE)
def devices(request: StaffRequest) -> HttpResponse:
    """Which tablets are at work, when they were last heard of, and what they keep."""
    return render(request, "accounts/devices.html", {"lines": queries.devices(request.actor)})


@allow(access.UNLOCK_DEVICE)
@require_http_methods(["GET", "POST"])
def unlock(request: StaffRequest) -> HttpResponse:
    """Make this very browser a tablet at the door: the person is signed out and only the tablet's key stays."""
    form = DeviceForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _unlocked(request, form)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    return render(request, "accounts/device_unlock.html", {"form": form}, status=422 if form.errors else 200)


def _unlocked(request: StaffRequest, form: DeviceForm) -> HttpResponse:
    clean = form.cleaned_data
    device, secret = operations.unlock(
        actor=request.actor,
        name=clean["name"],
        site=clean.get("site"),
        agency=clean.get("agency"),
        until_locked=clean["lasting"] == "locked",
    )
    user, workplace = request.user, request.session[WORKPLACE]
    logout(request)
    keep(access.SIGN_OUT, request, user, municipality_id=workplace[1])  # type: ignore[arg-type]
    response = HttpResponseRedirect(doors.PATH, status=303)
    doors.give_key(response, device, secret)
    return response


@require_POST
@allow(access.LOCK_DEVICE)
def lock(request: StaffRequest, device_id: int) -> HttpResponse:
    """End a tablet's session at once."""
    device = seen(Device, request.actor, pk=device_id)
    try:
        locked = operations.lock(device, actor=request.actor)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"「{locked.name}」を止めました。")
    return go(request, reverse("devices"))
