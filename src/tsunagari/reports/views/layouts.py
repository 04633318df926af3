"""The city's own form: what is in force, upload, the names, and a form to start from."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.reports import access, workbooks
from tsunagari.reports.forms import LayoutForm
from tsunagari.reports.models import ReportKind
from tsunagari.reports.operations import layouts as operations
from tsunagari.reports.queries import layouts as queries
from tsunagari.reports.views.common import refuse
from tsunagari.reports.views.files import workbook


@allow(access.LAYOUT)
def layout(request: StaffRequest) -> HttpResponse:
    """What is in force for each kind, and the form to put another in force."""
    actor = request.actor
    form = LayoutForm(request.POST or None, request.FILES or None, initial={"kind": ReportKind.MONTHLY})
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        kind, data, known = form.cleaned_data["kind"], sent.read(), queries.known_names(actor)
        try:
            same = operations.same_as_now(kind, data, actor=actor) is not None
            made = operations.upload(kind, sent.name, data, actor=actor, known=known)
            _tell(request, made.problems, same=same)
            return go(request, reverse("report_layout"))
        except DomainError as error:
            refuse(form, error)
    kinds = [
        (code, label, queries.in_force(actor.municipality_id, code)) for code, label in ReportKind.choices
    ]
    context = {"form": form, "kinds": kinds}
    return render(
        request, "reports/layout.html", context, status=422 if form.is_bound and form.errors else 200
    )


def _tell(request: StaffRequest, problems: list[str], *, same: bool) -> None:
    if same:
        messages.info(request, "いま使っている様式と同じものです。入れかえていません。")
    elif problems:
        messages.warning(request, "様式を入れかえました。分からない名前があるので、下で確かめてください。")
    else:
        messages.success(request, "様式を入れかえました。")


@require_POST
@allow(access.LAYOUT)
def layout_end(request: StaffRequest, kind: str) -> HttpResponse:
    """Back to the default."""
    operations.end(kind, actor=request.actor)
    messages.success(request, "もとの様式にもどしました。")
    return go(request, reverse("report_layout"))


@allow(access.LAYOUT)
def layout_names(request: StaffRequest) -> HttpResponse:
    """Every name a form may use."""
    names = queries.known_names(request.actor)
    return render(request, "reports/layout_names.html", {"names": names.items()})


@allow(access.LAYOUT)
def layout_sample(request: StaffRequest) -> HttpResponse:
    """The default layout with names where figures would be."""
    texts = dict.fromkeys(workbooks.TEXTS, "") | {"text.kind": "月報"}
    data = workbooks.default_book(queries.every_section(request.actor), texts, names=True)
    return workbook(data, "geppo-yoshiki.xlsx")
