"""そのつど共有: one press says that the city was told, one takes it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.pages import go
from tsunagari.base.seen import seen
from tsunagari.encounters.models import Consultation
from tsunagari.reports import access
from tsunagari.reports.operations import sharing


@require_POST
@allow(access.SHARE)
def share(request: StaffRequest, record_id: int) -> HttpResponse:
    """The city was told of this record. Who was first is said to whoever comes second."""
    made = sharing.share(seen(Consultation, request.actor, pk=record_id), actor=request.actor)
    if made.shared_by == request.actor.user_id:
        undo = reverse("record_share_undo", args=[record_id])
        messages.success(request, "市と共有したことにしました。", extra_tags=undo)
    else:
        messages.info(request, f"{made.shared_by_name}さんが、もう共有したことにしています。")
    return _back(request)


@require_POST
@allow(access.SHARE)
def take_back(request: StaffRequest, record_id: int) -> HttpResponse:
    """It waits again."""
    if sharing.take_back(seen(Consultation, request.actor, pk=record_id), actor=request.actor):
        messages.success(request, "元にもどしました。また「そのつど共有する記録」に出ます。")
    return _back(request)


def _back(request: StaffRequest) -> HttpResponse:
    """The report it was pressed on, otherwise 今日."""
    report = request.POST.get("report", "")
    return go(request, reverse("report", args=[int(report)]) if _is_id(report) else reverse("today"))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
