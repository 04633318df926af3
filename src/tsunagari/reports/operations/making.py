"""A report from draft to received, and amended ones. Submitting freezes the figures."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.access import Action
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.places.models import Agency
from tsunagari.reports import access
from tsunagari.reports.models import Report
from tsunagari.reports.queries import asking, reading
from tsunagari.reports.rules import Asked, Period, to_json

LONGEST_NOTE = 5_000
LONGEST_REASON = 300
OPEN = (Report.State.DRAFT, Report.State.RETURNED)


def draft_of(agency: Agency | None, period: Period, *, actor: Actor) -> Report:
    """The newest report of the agency (None: the whole city) over the period, made when there is none yet.

    DomainError for days to come; Forbidden for an agency that is not the actor's.
    """
    _require_own(agency, actor, access.MAKE)
    if period.kind not in ("daily", "monthly"):
        raise DomainError("日報か月報をえらんでください。")
    if period.first > clock.today():
        raise DomainError("これからの期間の報告は、まだつくれません。", field="period")
    found = _newest(agency, period, actor)
    return found or _begin(agency, period, actor)


def _newest(agency: Agency | None, period: Period, actor: Actor) -> Report | None:
    rows = Report.objects.filter(municipality_id=actor.municipality_id, agency=agency)
    return rows.filter(kind=period.kind, starts_on=period.first).order_by("-number").first()


def _begin(agency: Agency | None, period: Period, actor: Actor) -> Report:
    rule = _asked(agency, period) if agency else None
    try:
        with transaction.atomic():
            report = Report.objects.create(
                municipality_id=actor.municipality_id,
                agency=agency,
                kind=period.kind,
                starts_on=period.first,
                ends_on=period.last,
                due_on=period.due(rule.due_day) if rule else None,
                created_at=clock.now(),
            )
            audit.record(access.MAKE, actor=actor, obj=report, detail={"period": period.code})
            return report
    except IntegrityError:  # a colleague began it at this moment
        found = _newest(agency, period, actor)
        if found is None:
            raise
        return found


def _asked(agency: Agency, period: Period) -> Asked:
    return asking.asked_by_agency(agency.municipality_id, [agency.pk], period)[agency.pk]


@transaction.atomic
def note(report: Report, text: str, *, actor: Actor, expected_version: int) -> Report:
    """Write what the agency says about the month. Conflict when somebody changed the report meanwhile."""
    locked = _open_one(report, actor, access.MAKE, expected_version)
    _put_note(locked, text)
    locked.version += 1
    locked.save(update_fields=["note", "version"])
    audit.record(access.MAKE, actor=actor, obj=locked, detail={"did": "note", "version": locked.version})
    return locked


@transaction.atomic
def submit(report: Report, *, actor: Actor, expected_version: int, text: str | None = None) -> Report:
    """Freeze the figures as the records stand, and hand the report to the city (the city's own: make it final).

    `text` replaces what is said about it. DomainError before the period's last day.
    """
    locked = _open_one(report, actor, access.SUBMIT, expected_version)
    if clock.today() < locked.ends_on:
        raise DomainError(
            "期間が終わっていないので、まだ提出できません。",
            what_to_do=f"{locked.ends_on.month}月{locked.ends_on.day}日から提出できます。数字と所見は、いまも見られます。",
        )
    if text is not None:
        _put_note(locked, text)
    locked.figures = to_json(reading.live(actor, locked))
    locked.state = Report.State.SUBMITTED
    locked.submitted_at, locked.submitted_by, locked.submitted_by_name = (
        clock.now(),
        actor.user_id,
        actor.name,
    )
    locked.version += 1
    locked.save()
    detail = {"period": reading.period_of(locked).code, "number": locked.number}
    audit.record(access.SUBMIT, actor=actor, obj=locked, detail=detail)
    return locked


@transaction.atomic
def receive(report: Report, *, actor: Actor) -> Report:
    """The city has it. Conflict when it is no longer waiting."""
    locked = _waiting(report, actor)
    locked.state = Report.State.RECEIVED
    locked.received_at, locked.received_by_name = clock.now(), actor.name
    locked.version += 1
    locked.save(update_fields=["state", "received_at", "received_by_name", "version"])
    audit.record(access.RECEIVE, actor=actor, obj=locked)
    return locked


@transaction.atomic
def send_back(report: Report, *, actor: Actor, reason: str) -> Report:
    """The city asks the agency to look again, and says why. It is open for the agency as a draft is."""
    said = _said(reason, "差しもどす理由を書いてください。")
    locked = _waiting(report, actor)
    locked.state, locked.return_reason = Report.State.RETURNED, said
    locked.returned_at, locked.returned_by_name = clock.now(), actor.name
    locked.version += 1
    locked.save(update_fields=["state", "return_reason", "returned_at", "returned_by_name", "version"])
    audit.record(access.RETURN, actor=actor, obj=locked)
    return locked


@transaction.atomic
def amend(report: Report, *, actor: Actor, reason: str) -> Report:
    """Begin the amended report (訂正版) of one that was submitted; the former stays as it was. Asked twice it is one."""
    said = _said(reason, "訂正する理由を書いてください。")
    locked = _locked(report, actor, access.AMEND)
    following = Report.objects.filter(amends=locked).first()
    if following is not None:
        return following
    if not reading.is_frozen(locked):
        raise Conflict("まだ提出されていない報告です。そのまま直して提出できます。")
    made = Report.objects.create(
        municipality_id=locked.municipality_id,
        agency_id=locked.agency_id,
        kind=locked.kind,
        starts_on=locked.starts_on,
        ends_on=locked.ends_on,
        due_on=locked.due_on,
        number=locked.number + 1,
        amends=locked,
        amend_reason=said,
        note=locked.note,
        created_at=clock.now(),
    )
    audit.record(access.AMEND, actor=actor, obj=made, detail={"amends": locked.pk, "number": made.number})
    return made


def _require_own(agency: Agency | None, actor: Actor, action: Action) -> None:
    """The own agency's, or the city's own for those who make that."""
    allowed = actor.may(access.CITY) if agency is None else agency.pk == actor.agency_id and actor.may(action)
    if not allowed:
        raise Forbidden(action=action.name)


def _locked(report: Report, actor: Actor, action: Action) -> Report:
    held = Report.objects.visible_to(actor).select_for_update(of=("self",), no_key=True)
    locked = held.select_related("agency").get(pk=report.pk)
    _require_own(locked.agency, actor, action)
    return locked


def _open_one(report: Report, actor: Actor, action: Action, expected_version: int) -> Report:
    locked = _locked(report, actor, action)
    if locked.state not in OPEN:
        raise Conflict(
            "この報告は、もう提出されています。", what_to_do="直すときは、訂正版をつくってください。"
        )
    if locked.version != expected_version:
        raise Conflict(
            "ほかの人が先に直しました。", what_to_do="いまの内容を確かめて、もう一度送ってください。"
        )
    return locked


def _waiting(report: Report, actor: Actor) -> Report:
    held = Report.objects.visible_to(actor).select_for_update(of=("self",), no_key=True)
    locked = held.select_related("agency").get(pk=report.pk)
    if locked.state != Report.State.SUBMITTED or locked.agency_id is None:
        raise Conflict("この報告は、受け取りを待っていません。", what_to_do="画面を開きなおしてください。")
    return locked


def _put_note(report: Report, text: str) -> None:
    if len(text) > LONGEST_NOTE:
        raise DomainError(f"所見は{LONGEST_NOTE}文字までです（いま{len(text)}文字）。", field="note")
    if "\x00" in text:
        raise DomainError("使えない文字が入っています。入力しなおしてください。", field="note")
    report.note = text.strip()


def _said(reason: str, otherwise: str) -> str:
    said = reason.strip()
    if not said:
        raise DomainError(otherwise, field="reason")
    if len(said) > LONGEST_REASON or "\x00" in said:
        raise DomainError(f"理由は{LONGEST_REASON}文字までで書いてください。", field="reason")
    return said
