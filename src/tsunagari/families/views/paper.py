"""申込用紙: blank forms with a QR of their own, and typing one in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tsunagari.audit import operations as audit
from tsunagari.base import clock, paper
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.japanese.dates import format_wareki
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.families import access
from tsunagari.families.forms.paper import CodeForm, PrintFormsForm
from tsunagari.families.models import PaperForm, Renewal
from tsunagari.families.operations import forms_paper as operations
from tsunagari.families.operations import search
from tsunagari.families.queries import forms_paper as queries
from tsunagari.families.rules.paper import read_code, shown_code
from tsunagari.families.views.common import agencies, refuse, status_of
from tsunagari.places.models import Agency

TEMPLATE = "families/paper/registration_form.typ"
PURPOSE = "書いていただいたことは、登録と子育ての相談、来所の記録、連絡のためだけに使い、{town}の決まりにそって大切に保管します。"


def form_of(request: StaffRequest) -> PaperForm | None:
    """The paper form a page is being filled in from: its code travels in the body of the POST."""
    code = request.POST.get("paper", "")
    return queries.by_code(request.actor, code) if code else None


@allow(access.PRINT_FORM)
def forms(request: StaffRequest) -> HttpResponse:
    """How many were printed and typed in; print more; type in the number of one."""
    actor = request.actor
    own = actor.agency_id if actor.scope == "agency" else None
    form = PrintFormsForm(request.POST or None, initial={"count": 10}, agencies=agencies(request), own=own)
    if request.method == "POST" and form.is_valid():
        wanted = own or form.cleaned_data.get("agency")
        agency = seen(Agency, actor, pk=wanted) if wanted else None
        try:
            made = operations.print_forms(form.cleaned_data["count"], actor=actor, agency=agency)
            return _pdf(request, made)
        except DomainError as error:
            refuse(form, error)
    context = {"form": form, "code": CodeForm(), "counts": queries.counts(actor)}
    return render(request, "families/forms.html", context, status=status_of(form))


def _pdf(request: StaffRequest, made: list[PaperForm]) -> HttpResponse:
    town = request.actor.municipality_name
    data = {
        "issuer": town,
        "issued_on": format_wareki(clock.today()),
        "forms": [_sheet(request, form) for form in made],
        "documents": [label for _, label in Renewal.Document.choices],
        "purpose": PURPOSE.format(town=town),
    }
    response = HttpResponse(paper.render(TEMPLATE, data), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="moushikomi.pdf"'
    return response


def _sheet(request: HttpRequest, form: PaperForm) -> dict[str, str | bytes]:
    url = request.build_absolute_uri(reverse("form_entry", args=[form.code]))
    return {
        "code": shown_code(form.code),
        "qr": paper.qr(url),
        "agency": form.agency.name if form.agency else "",
    }


@allow(access.ENTER_FORM)
def form_find(request: StaffRequest) -> HttpResponse:
    """The number typed instead of scanned."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        code = read_code(form.cleaned_data["code"])
        if code and queries.by_code(request.actor, code):
            return go(request, reverse("form_entry", args=[code]))
        form.add_error("code", "この番号の用紙は見つかりません。QRの下の番号を確かめてください。")
    return render(request, "families/form_find.html", {"code": form}, status=status_of(form))


@allow(access.ENTER_FORM)
def form_entry(request: StaffRequest, code: str) -> HttpResponse:
    """Where a form's QR leads: search the family first, then register it, or make a new one from the form."""
    form = queries.by_code(request.actor, code)
    if form is None:
        return render(request, "families/form_unknown.html", {"code": CodeForm()}, status=404)
    used = queries.entered(request.actor, form)
    if used is not None:
        if used.family:
            audit.record(access.READ, actor=request.actor, household_id=used.family.household_id)
        context = {"used": used, "shown_code": shown_code(form.code)}
        return render(request, "families/form_used.html", context)
    words = request.POST.get("q", "").strip()
    found = search.look_up(words, actor=request.actor) if words else None
    context = {"form": form, "shown_code": shown_code(form.code), "q": words, "found": found}
    return render(request, "families/form_entry.html", context)
