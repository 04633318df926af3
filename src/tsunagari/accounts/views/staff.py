"""The town's staff: list, one person, taking on, moving, ending, and a new way in."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tsunagari.accounts import access, leaving, queries
from tsunagari.accounts.forms import EndForm, MembershipForm, PersonForm, StaffFilterForm, StaffForm
from tsunagari.accounts.models import Membership
from tsunagari.accounts.operations import staff as operations
from tsunagari.accounts.queries import StaffFilters, StaffLine
from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen

PAGE = 50


@allow(access.READ_STAFF)
def staff(request: StaffRequest) -> HttpResponse:
    form = StaffFilterForm(request.actor, request.GET)
    form.is_valid()
    clean = form.cleaned_data
    agency = clean.get("agency")
    filters = StaffFilters(
        text=clean.get("q", ""),
        role=clean.get("role", ""),
        agency_id=agency.pk if agency else None,
        state=clean.get("state") or "current",
    )
    page = Paginator(queries.staff(request.actor, filters), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "lines": queries.staff_lines(page.object_list)}
    return render(request, "accounts/staff.html", context | {"today": clock.today()})


@allow(access.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    form = StaffForm(request.actor, request.POST or None, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            user, password = operations.add_staff(form.person(), actor=request.actor)
        except DomainError as error:
            _blame(form, error)
        else:
            return render(
                request, "accounts/staff_password.html", {"person": user, "password": password, "new": True}
            )
    return _form(request, form, title="職員を登録する", action="登録する", back=reverse("staff"))


@allow(access.READ_STAFF)
def member(request: StaffRequest, user_id: int) -> HttpResponse:
    line = _line(request, user_id)
    current = [row.pk for row in line.memberships if queries.holds(row, clock.today())]
    context = {"line": line, "person": line.user, "current": current, "today": clock.today()}
    return render(request, "accounts/staff_member.html", context)


@allow(access.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, user_id: int) -> HttpResponse:
    person = _line(request, user_id).user
    form = PersonForm(request.POST or None, initial={"name": person.name, "kana": person.kana})
    if request.method == "POST" and form.is_valid():
        operations.change_person(person, actor=request.actor, **form.cleaned_data)
        return _done(request, user_id, "氏名を直しました。")
    return _form(request, form, title="氏名を直す", action="保存する", back=_address(user_id))


@allow(access.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def membership_new(request: StaffRequest, user_id: int) -> HttpResponse:
    person = _line(request, user_id).user
    form = MembershipForm(request.actor, request.POST or None, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_membership(person, form.membership(), actor=request.actor)
        except DomainError as error:
            _blame(form, error)
        else:
            return _done(request, user_id, "所属を加えました。")
    return _form(
        request, form, title=f"{person.name}さんの所属を加える", action="加える", back=_address(user_id)
    )


@allow(access.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def membership_end(request: StaffRequest, user_id: int, membership_id: int) -> HttpResponse:
    membership = seen(Membership, request.actor, "user", "agency", pk=membership_id, user_id=user_id)
    form = EndForm(request.POST or None, initial={"ends_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            operations.end_membership(membership, actor=request.actor, ends_on=form.cleaned_data["ends_on"])
        except DomainError as error:
            _blame(form, error)
        else:
            return _done(request, user_id, "所属の終わりを決めました。")
    title = f"{membership.user.name}さんの所属を終える"
    owned = leaving.keeper().still_owned(membership)
    return _form(request, form, title=title, action="この日で終える", back=_address(user_id), owned=owned)


@allow(access.MANAGE_STAFF)
@require_POST
def active(request: StaffRequest, user_id: int) -> HttpResponse:
    start = request.POST.get("active") == "1"
    operations.set_active(_line(request, user_id).user, actor=request.actor, active=start)
    return _done(
        request,
        user_id,
        "利用を再開しました。" if start else "利用を止めました。いまの画面も使えなくなります。",
    )


@allow(access.MANAGE_STAFF)
@require_POST
def reset(request: StaffRequest, user_id: int) -> HttpResponse:
    person, everything = _line(request, user_id).user, request.POST.get("second_factor") == "1"
    password = operations.reset_sign_in(person, actor=request.actor, second_factor=everything)
    context = {"person": person, "password": password, "everything": everything}
    return render(request, "accounts/staff_password.html", context)


def _line(request: StaffRequest, user_id: int) -> StaffLine:
    line = queries.staff_member(request.actor, user_id)
    if line is None:
        raise Http404
    return line


def _blame(form: Form, error: DomainError) -> None:
    field = error.field if error.field in form.fields else None
    form.add_error(field, f"{error.message}{error.what_to_do}")


def _form(
    request: StaffRequest, form: Form, *, title: str, action: str, back: str, owned: Sequence[str] = ()
) -> HttpResponse:
    context = {"form": form, "title": title, "action": action, "back": back, "owned": "、".join(owned)}
    return render(request, "accounts/staff_form.html", context, status=422 if form.errors else 200)


def _done(request: StaffRequest, user_id: int, said: str) -> HttpResponse:
    messages.success(request, said)
    return go(request, _address(user_id))


def _address(user_id: int) -> str:
    return reverse("staff_member", args=[user_id])
