"""The town's trainings: which, for whom, by when, how often."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tsunagari.accounts import access
from tsunagari.accounts.forms.skills import CourseForm, offered_names
from tsunagari.accounts.models import Course
from tsunagari.accounts.operations import skills as operations
from tsunagari.accounts.queries import skills as queries
from tsunagari.base.access import LABELS, Role
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.faster import go_on
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen


@allow(access.READ_SKILLS)
@require_safe
def courses(request: StaffRequest) -> HttpResponse:
    """What is asked, for everybody who reads the list; the officer decides it."""
    asked = list(queries.courses(request.actor))
    had = {course.name for course in asked}
    context = {
        "courses": [(course, _for_whom(course)) for course in asked],
        "ended": list(queries.courses(request.actor, ended=True)[:100]),
        "offered": [name for name in offered_names() if name not in had],
    }
    return render(request, "accounts/courses.html", context)


@allow(access.MANAGE_COURSES)
@require_http_methods(["GET", "POST"])
def course_new(request: StaffRequest) -> HttpResponse:
    form = CourseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_course(form.given(), actor=request.actor)
        except DomainError as error:
            _blame(form, error)
        else:
            return _done(request, "研修を加えました。")
    return _form(request, form, "研修を加える", "加える")


@allow(access.MANAGE_COURSES)
@require_POST
def course_offers(request: StaffRequest) -> HttpResponse:
    added = operations.offer_courses(actor=request.actor)
    said = (
        f"{len(added)}件の研修を加えました。受ける人と期限を確かめてください。"
        if added
        else "加える研修はありませんでした。"
    )
    return _done(request, said)


@allow(access.MANAGE_COURSES)
@require_http_methods(["GET", "POST"])
def course_edit(request: StaffRequest, course_id: int) -> HttpResponse:
    """A change by somebody else meanwhile is said above the form; what was typed stays."""
    course = seen(Course, request.actor, pk=course_id)
    names = ("name", "roles", "within_months", "lasts_years", "hours", "version")
    form = CourseForm(request.POST or None, initial={name: getattr(course, name) for name in names})
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            operations.change_course(course, form.given(), actor=request.actor, version=version)
        except DomainError as error:
            _blame(form, error)
        else:
            return _done(request, "研修を直しました。")
    return _form(request, form, "研修を直す", "保存する", course)


@allow(access.MANAGE_COURSES)
@require_POST
def course_end(request: StaffRequest, course_id: int) -> HttpResponse:
    operations.end_course(seen(Course, request.actor, pk=course_id), actor=request.actor)
    return _done(request, "研修を終わりにしました。受けた記録は残ります。")


def _for_whom(course: Course) -> str:
    return "・".join(LABELS[role] for role in Role if role.value in course.roles)


def _blame(form: CourseForm, error: DomainError) -> None:
    field = error.field if error.field in form.fields else None
    form.add_error(field, f"{error.message}{error.what_to_do}")
    if isinstance(error, Conflict):
        go_on(form)


def _form(
    request: StaffRequest, form: CourseForm, title: str, action: str, course: Course | None = None
) -> HttpResponse:
    context = {"form": form, "title": title, "action": action, "course": course, "names": offered_names()}
    status = 409 if hasattr(form, "meanwhile") else 422 if form.errors else 200
    return render(request, "accounts/course_form.html", context, status=status)


def _done(request: StaffRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return go(request, reverse("courses"))
