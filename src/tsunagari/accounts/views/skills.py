"""Own qualifications and training; those of the people one looks after; one entry for several at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tsunagari.accounts import access
from tsunagari.accounts.forms.skills import (
    NAMES,
    QualificationForm,
    SkillFilterForm,
    SupervisionForm,
    TrainingDayForm,
    TrainingForm,
)
from tsunagari.accounts.models import Qualification, Supervision, Training
from tsunagari.accounts.operations import skills as operations
from tsunagari.accounts.queries import skills as queries
from tsunagari.accounts.queries.skills import SkillLine, SkillLines
from tsunagari.accounts.rules.skills import MOST_AT_ONCE
from tsunagari.accounts.views import skill_paper
from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen

PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allow(access.OWN_SKILLS)
@require_safe
def mine(request: StaffRequest) -> HttpResponse:
    """One's own rows and nobody else's."""
    line = queries.own(request.actor)
    if line is None:
        raise Http404
    return _person(request, line, own=True)


@allow(access.READ_SKILLS)
@require_safe
def skills(request: StaffRequest) -> HttpResponse:
    """Who holds what and what is due, the most pressing first."""
    form = _filter(request)
    number = _number(request.GET.get("page", ""))
    filters = form.filters()
    found = queries.lines(request.actor, filters, limit=PAGE, offset=(number - 1) * PAGE)
    if not found.lines and number > 1:
        number, found = 1, queries.lines(request.actor, filters, limit=PAGE)
    page = Paginator(range(found.total), PAGE).get_page(number)
    context = {"form": form, "page": page, "lines": found.lines, "today": clock.today()}
    return render(
        request, "accounts/skills.html", context | {"courses": queries.courses(request.actor).exists()}
    )


@allow(access.READ_SKILLS)
@require_safe
def skills_print(request: StaffRequest) -> HttpResponse:
    """The list as it is filtered, on paper."""
    found = queries.lines(request.actor, _filter(request).filters(), limit=skill_paper.MOST)
    _told(request, found, "print")
    context = {
        "lines": found.lines,
        "total": found.total,
        "issuer": request.actor.agency_name or request.actor.municipality_name,
        "issued_on": format_wareki(clock.today()),
        "confidential": True,
        "back_url": f"{reverse('skills')}?{request.GET.urlencode()}",
    }
    return render(request, "accounts/skills_print.html", context)


@allow(access.READ_SKILLS)
@require_safe
def skills_xlsx(request: StaffRequest) -> HttpResponse:
    """The list as it is filtered, as a workbook."""
    found = queries.lines(request.actor, _filter(request).filters())
    _told(request, found, "xlsx")
    response = HttpResponse(skill_paper.workbook(found.lines), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="skills-{clock.today():%Y%m%d}.xlsx"'
    return response


@allow(access.READ_SKILLS)
@require_safe
def skill_person(request: StaffRequest, user_id: int) -> HttpResponse:
    return _person(request, _line(request, user_id), own=False)


@allow(access.WRITE_SKILLS)
@require_http_methods(["GET", "POST"])
def training_day(request: StaffRequest) -> HttpResponse:
    """A training that several people took on one day."""
    agency_id = _number(request.GET.get("agency", ""), 0) or None
    people = queries.people_of(request.actor, agency_id)
    too_many = len(people) > MOST_AT_ONCE
    courses = queries.courses(request.actor)
    form = TrainingDayForm(
        [] if too_many else people, courses, request.POST or None, initial={"taken_on": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            added = operations.take(form.cleaned_data["people"], form.given(), actor=request.actor)
        except DomainError as error:
            _blame(form, error)
        else:
            messages.success(request, _said(len(added), len(form.cleaned_data["people"])))
            return go(request, reverse("skills"))
    context = {
        "form": form,
        "too_many": too_many,
        "agencies": queries.agencies(request.actor),
        "agency_id": agency_id,
        "courses": courses.exists(),
    }
    return render(request, "accounts/training_day.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is common to the three kinds of rows: words, the form, and what writes it."""

    model: type[Any]
    word: str
    form: Callable[..., Any]
    initial: Callable[[Any], dict[str, Any]]
    add: Callable[..., Any]
    correct: Callable[..., Any]
    back: str


def _fields(*names: str) -> Callable[[Any], dict[str, Any]]:
    return lambda row: {name: getattr(row, name) for name in names}


def _training_form(request: StaffRequest, *args: Any, **kwargs: Any) -> TrainingForm:
    return TrainingForm(queries.choosable(request.actor, kwargs.pop("row")), *args, **kwargs)


def _plain_form(form: type[Form]) -> Callable[..., Form]:
    return lambda request, *args, row, **kwargs: form(*args, **kwargs)


QUALIFICATION = _Kind(
    Qualification,
    "資格",
    _plain_form(QualificationForm),
    _fields("name", "obtained_on", "expires_on", "seen_on"),
    operations.hold,
    operations.correct_qualification,
    "qualification_back",
)
TRAINING = _Kind(
    Training,
    "研修",
    _training_form,
    _fields("course", "taken_on", "hours", "note"),
    lambda user_id, given, *, actor: operations.take([user_id], given, actor=actor),
    operations.correct_training,
    "training_back",
)
SUPERVISION = _Kind(
    Supervision,
    "スーパービジョン",
    _plain_form(SupervisionForm),
    _fields("supervisor", "held_on", "theme", "learned", "next_on"),
    operations.supervise,
    operations.correct_supervision,
    "supervision_back",
)


@allow(access.WRITE_SKILLS)
@require_http_methods(["GET", "POST"])
def qualification_new(request: StaffRequest, user_id: int) -> HttpResponse:
    return _add(request, user_id, QUALIFICATION)


@allow(access.WRITE_SKILLS)
@require_http_methods(["GET", "POST"])
def training_new(request: StaffRequest, user_id: int) -> HttpResponse:
    return _add(request, user_id, TRAINING)


@allow(access.WRITE_SKILLS)
@require_http_methods(["GET", "POST"])
def supervision_new(request: StaffRequest, user_id: int) -> HttpResponse:
    return _add(request, user_id, SUPERVISION)


@allow(access.WRITE_SKILLS)
@require_http_methods(["GET", "POST"])
def qualification_edit(request: StaffRequest, qualification_id: int) -> HttpResponse:
    return _edit(request, qualification_id, QUALIFICATION)


@allow(access.WRITE_SKILLS)
@require_http_methods(["GET", "POST"])
def training_edit(request: StaffRequest, training_id: int) -> HttpResponse:
    return _edit(request, training_id, TRAINING)


@allow(access.WRITE_SKILLS)
@require_http_methods(["GET", "POST"])
def supervision_edit(request: StaffRequest, supervision_id: int) -> HttpResponse:
    return _edit(request, supervision_id, SUPERVISION)


@allow(access.WRITE_SKILLS)
@require_POST
def qualification_back(request: StaffRequest, qualification_id: int) -> HttpResponse:
    return _back(request, qualification_id, QUALIFICATION)


@allow(access.WRITE_SKILLS)
@require_POST
def training_back(request: StaffRequest, training_id: int) -> HttpResponse:
    return _back(request, training_id, TRAINING)


@allow(access.WRITE_SKILLS)
@require_POST
def supervision_back(request: StaffRequest, supervision_id: int) -> HttpResponse:
    return _back(request, supervision_id, SUPERVISION)


def _add(request: StaffRequest, user_id: int, kind: _Kind) -> HttpResponse:
    line = _line(request, user_id)
    form = kind.form(request, request.POST or None, row=None)
    if request.method == "POST" and form.is_valid():
        try:
            kind.add(user_id, form.given(), actor=request.actor)
        except DomainError as error:
            _blame(form, error)
        else:
            return _done(request, user_id, f"{kind.word}を入れました。")
    return _form(request, form, line, f"{kind.word}を入れる")


def _edit(request: StaffRequest, row_id: int, kind: _Kind) -> HttpResponse:
    """Whoever was faster is said above the form, with what was typed kept."""
    row = seen(kind.model, request.actor, pk=row_id)
    line = _line(request, row.user_id)
    form = kind.form(request, request.POST or None, row=row, initial=kind.initial(row))
    if request.method == "POST" and form.is_valid():
        try:
            kind.correct(row, form.given(), actor=request.actor)
        except DomainError as error:
            _blame(form, error)
        else:
            return _done(request, row.user_id, f"{kind.word}を直しました。")
    return _form(request, form, line, f"{kind.word}を直す", reverse(kind.back, args=[row_id]))


def _back(request: StaffRequest, row_id: int, kind: _Kind) -> HttpResponse:
    row = seen(kind.model, request.actor, pk=row_id)
    _line(request, row.user_id)
    operations.take_back(row, actor=request.actor)
    return _done(request, row.user_id, f"{kind.word}を取り消しました。")


def _person(request: StaffRequest, line: SkillLine, *, own: bool) -> HttpResponse:
    context = {
        "line": line,
        "rows": queries.rows_of(request.actor, line.user_id),
        "own": own,
        "may_write": not own and request.actor.may(access.WRITE_SKILLS),
        "today": clock.today(),
    }
    return render(request, "accounts/skill_person.html", context)


def _line(request: StaffRequest, user_id: int) -> SkillLine:
    line = queries.person(request.actor, user_id)
    if line is None:
        raise Http404
    return line


def _filter(request: StaffRequest) -> SkillFilterForm:
    return SkillFilterForm(request.actor, queries.courses(request.actor), request.GET)


def _told(request: StaffRequest, found: SkillLines, how: str) -> None:
    """A list that leaves the system is on the trail."""
    audit.record(access.READ_SKILLS, actor=request.actor, detail={"how": how, "people": len(found.lines)})


def _said(added: int, asked: int) -> str:
    there = f"（{asked - added}人は、もう入っていました）" if asked > added else ""
    return f"{added}人の研修を入れました{there}。"


def _number(text: str, otherwise: int = 1) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 8 and int(text) else otherwise


def _blame(form: Form, error: DomainError) -> None:
    field = error.field if error.field in form.fields else None
    form.add_error(field, f"{error.message}{error.what_to_do}")


def _form(request: StaffRequest, form: Form, line: SkillLine, title: str, back_url: str = "") -> HttpResponse:
    context = {"form": form, "line": line, "title": title, "names": NAMES, "back_url": back_url}
    return render(request, "accounts/skill_form.html", context, status=422 if form.errors else 200)


def _done(request: StaffRequest, user_id: int, said: str) -> HttpResponse:
    messages.success(request, said)
    return go(request, reverse("skill_person", args=[user_id]))
