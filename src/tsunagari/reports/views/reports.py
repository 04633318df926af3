"""One report: its page, and what is done with it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.places.models import Agency
from tsunagari.reports import access
from tsunagari.reports.forms import CommentForm, NewForm, NoteForm, ReasonForm
from tsunagari.reports.models import Report
from tsunagari.reports.operations import comments, making
from tsunagari.reports.queries import day, reading, reports, sharing
from tsunagari.reports.queries.asking import asked_by_agency
from tsunagari.reports.rules import Period, day_of, differences, from_json, month_of
from tsunagari.reports.views.common import refuse, report_of, shown, tiles

ACTIONS = {
    "note": access.MAKE,
    "submit": access.SUBMIT,
    "amend": access.AMEND,
    "receive": access.RECEIVE,
    "return": access.RETURN,
}


@allow(access.READ)
def index(request: StaffRequest) -> HttpResponse:
    """The own agency's months and days; who has no agency goes to the city's page."""
    actor = request.actor
    if actor.agency_id is None or not actor.may(access.MAKE):
        return go(request, reverse("report_city"))
    agency = seen(Agency, actor, pk=actor.agency_id)
    asked = asked_by_agency(actor.municipality_id, [agency.pk], day_of(clock.today()))[agency.pk]
    context = {
        "months": reports.own_months(actor, agency),
        "days": reports.own_days(actor, agency),
        "asked": asked,
        "today": clock.today(),
    }
    return render(request, "reports/index.html", context)


@require_POST
@allow(access.MAKE)
def new(request: StaffRequest) -> HttpResponse:
    """Open the report of a day or month, made when there is none."""
    form = NewForm(request.POST)
    if not form.is_valid() or request.actor.agency_id is None:
        messages.error(request, "どの期間の報告か、えらびなおしてください。")
        return go(request, reverse("reports"))
    data = form.cleaned_data
    period = day_of(data["day"]) if data["kind"] == "daily" else month_of(data["day"])
    agency = seen(Agency, request.actor, pk=request.actor.agency_id)
    made = making.draft_of(agency, period, actor=request.actor)
    return go(request, reverse("report", args=[made.pk]))


@allow(access.READ)
def report(request: StaffRequest, report_id: int) -> HttpResponse:
    """Figures, what is said about them, comments, what changed, and what can be done now."""
    return _page(request, report_of(request, report_id))


def _page(request: StaffRequest, found: Report, *, status: int = 200, **forms: Any) -> HttpResponse:
    actor = request.actor
    sections = reading.shown(actor, found)
    frozen = reading.is_frozen(found)
    since = differences(sections, reading.live(actor, found)) if frozen else []
    amended = differences(from_json(found.amends.figures or []), sections) if found.amends else []
    link = _links(actor, found)
    changed = {one.name for one in (amended or since)}
    context = {
        "report": found,
        "period": reading.period_of(found),
        "sections": shown(sections, link, changed),
        "tiles": tiles(sections),
        "besides": [] if frozen else shown(reading.besides(actor, found), link),
        "since": since,
        "amended": amended,
        "following": reports.following(found),
        "may": _may(actor, found),
        "note": NoteForm(initial={"note": found.note, "version": found.version}),
        "reason": ReasonForm(),
        "comment": CommentForm(initial={"key": uuid4()}),
        **_brief(actor, found),
    }
    return render(request, "reports/report.html", context | forms, status=status)


def _links(actor: Actor, found: Report) -> Any:
    if not actor.may(access.DRILL):
        return None
    return lambda name: reverse("report_cell", args=[found.pk, name])


def _may(actor: Actor, found: Report) -> dict[str, bool]:
    """What the actor can do with the report as it stands."""
    own = found.agency_id == actor.agency_id if found.agency_id else actor.may(access.CITY)
    open_now = found.state in making.OPEN
    waits = found.state == Report.State.SUBMITTED and found.agency_id is not None
    possible = {
        "note": own and open_now,
        "submit": own and open_now,
        "amend": own and reading.is_frozen(found),
        "receive": waits,
        "return": waits,
    }
    city = found.agency_id is None
    return {name: possible[name] and (city or actor.may(action)) for name, action in ACTIONS.items()}


def _brief(actor: Actor, found: Report) -> dict[str, Any]:
    """The day's names and words, for the own agency; records to be shared at once. Reading them is on the trail."""
    if found.agency_id is None or found.agency_id != actor.agency_id:
        return {}
    period: Period = reading.period_of(found)
    asked = asked_by_agency(found.municipality_id, [found.agency_id], period)[found.agency_id]
    at_once = sharing.of_period(actor, found.agency_id, asked, period.first, period.last)
    that_day = day.day_in_brief(actor, found.agency_id, period.first) if found.kind == "daily" else day.Day()
    if at_once or that_day.records or that_day.visits:
        ids = {one.id for one in that_day.records} | {one.id for one in at_once.lines}
        detail = {"records": sorted(ids), "visits": len(that_day.visits)}
        audit.record(access.READ, actor=actor, obj=found, detail=detail)
    return {"at_once": at_once, "day": that_day}


def _done(request: StaffRequest, found: Report, said: str) -> HttpResponse:
    messages.success(request, said)
    return go(request, reverse("report", args=[found.pk]))


def _refused(
    request: StaffRequest, found: Report, form: Any, name: str, error: DomainError | None = None
) -> HttpResponse:
    """The page again with what was typed; a conflict shows the report as it is now, with its version to go on from."""
    if error is not None:
        refuse(form, error)
    status = error.status if isinstance(error, Conflict) else 422
    now = report_of(request, found.pk)
    if isinstance(error, Conflict) and name == "note":
        typed = form.data.copy()
        typed["version"] = str(now.version)
        form.data = typed
    return _page(request, now, status=status, opened=name, **{name if name != "amend" else "reason": form})


@require_POST
@allow(access.READ)
def note(request: StaffRequest, report_id: int) -> HttpResponse:
    """Save 所見, or submit with it (`submit` pressed)."""
    found, form = report_of(request, report_id), NoteForm(request.POST)
    if not form.is_valid():
        return _refused(request, found, form, "note")
    data, actor = form.cleaned_data, request.actor
    try:
        if "submit" in request.POST:
            making.submit(found, actor=actor, expected_version=data["version"], text=data["note"])
            return _done(request, found, "提出しました。" if found.agency_id else "この数字で確定しました。")
        making.note(found, data["note"], actor=actor, expected_version=data["version"])
    except DomainError as error:
        return _refused(request, found, form, "note", error)
    return _done(request, found, "所見を保存しました。")


@require_POST
@allow(access.RECEIVE)
def receive(request: StaffRequest, report_id: int) -> HttpResponse:
    """The city has it."""
    found = making.receive(report_of(request, report_id), actor=request.actor)
    return _done(request, found, "受け取りました。")


@require_POST
@allow(access.RETURN)
def send_back(request: StaffRequest, report_id: int) -> HttpResponse:
    """Back to the agency with a reason."""
    found, form = report_of(request, report_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _refused(request, found, form, "reason")
    try:
        making.send_back(found, actor=request.actor, reason=form.cleaned_data["reason"])
    except DomainError as error:
        return _refused(request, found, form, "reason", error)
    return _done(request, found, "差しもどしました。機関の画面に理由が出ます。")


@require_POST
@allow(access.READ)
def amend(request: StaffRequest, report_id: int) -> HttpResponse:
    """Begin the amended report."""
    found, form = report_of(request, report_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _refused(request, found, form, "amend")
    try:
        made = making.amend(found, actor=request.actor, reason=form.cleaned_data["reason"])
    except DomainError as error:
        return _refused(request, found, form, "amend", error)
    return _done(request, made, "訂正版をつくりました。数字を確かめて提出してください。")


@require_POST
@allow(access.COMMENT)
def comment(request: StaffRequest, report_id: int) -> HttpResponse:
    """A word about it."""
    found, form = report_of(request, report_id), CommentForm(request.POST)
    if not form.is_valid():
        return _refused(request, found, form, "comment")
    try:
        comments.comment(found, form.cleaned_data["text"], actor=request.actor, key=form.cleaned_data["key"])
    except DomainError as error:
        return _refused(request, found, form, "comment", error)
    return _done(request, found, "コメントを書きました。")
