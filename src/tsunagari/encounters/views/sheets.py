"""記入用紙: blank sheets with a QR, typing in what was written on them, and a day's records on paper."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.audit import operations as audit
from tsunagari.base import clock, paper
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.japanese.dates import weekday_ja
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.base.kept import keeps_typed
from tsunagari.base.pages import go, render
from tsunagari.encounters import access, queries
from tsunagari.encounters.forms.groups import SheetEntryForm
from tsunagari.encounters.models import Draft, RecordSheet
from tsunagari.encounters.operations import drafts
from tsunagari.encounters.operations import sheets as operations
from tsunagari.encounters.queries import books
from tsunagari.encounters.queries import sheets as sheet_queries
from tsunagari.encounters.views.books import day_of, mark_words
from tsunagari.encounters.views.drafts import field_of
from tsunagari.encounters.views.posted import posted_form
from tsunagari.families.rules.paper import read_code, shown_code

TEMPLATE = "encounters/paper/day_records.typ"
CHART_TEMPLATE = "encounters/paper/chart_blank.typ"
LINES_BLANK = 6  # boxes on a sheet to write in
UNWRITTEN = "（支援措置：名前は書きません）"


class PrintSheetsForm(forms.Form):
    """How many blank sheets."""

    form = forms.ChoiceField(
        label="様式", choices=RecordSheet.Form.choices, widget=forms.RadioSelect, initial=RecordSheet.Form.DAY
    )
    count = forms.IntegerField(
        label="枚数",
        min_value=1,
        max_value=operations.MOST_AT_ONCE,
        initial=5,
        error_messages={"required": "枚数を入れてください。", "invalid": "枚数を数字で入れてください。"},
    )


class CodeForm(forms.Form):
    """The number under the QR."""

    code = forms.CharField(label="用紙の番号", max_length=40)


@allow(access.PRINT_SHEETS)
def sheets(request: StaffRequest) -> HttpResponse:
    """Print blank sheets; those begun; type the number of one."""
    wants_code = "code" in request.POST
    form = PrintSheetsForm(request.POST if request.method == "POST" and not wants_code else None)
    code = CodeForm(request.POST if wants_code else None)
    if form.is_valid():
        given = form.cleaned_data
        made = operations.print_sheets(given["count"], actor=request.actor, form=given["form"])
        return _blank_pdf(request, made)
    if code.is_valid():
        found = sheet_queries.sheet_by_code(request.actor, read_code(code.cleaned_data["code"]))
        if found is not None:
            return go(request, reverse("sheet_entry", args=[found.code]))
        code.add_error("code", "この番号の用紙はありません。用紙のQRの下の番号をたしかめてください。")
    context = {
        "form": form,
        "code": code,
        "counts": sheet_queries.sheet_counts(request.actor),
        "begun": sheet_queries.begun_sheets(request.actor),
    }
    status = 422 if form.errors or code.errors else 200
    return render(request, "encounters/sheets.html", context, status=status)


@keeps_typed
@allow(access.PRINT_SHEETS)
def sheet_entry(request: StaffRequest, code: str) -> HttpResponse:
    """Type in the lines of one sheet, one after the other; what is half typed stays."""
    sheet = _sheet(request, code)
    draft = drafts.open_form(f"sheet:{sheet.code}", actor=request.actor, fields=_begun())
    if request.method != "POST":
        return _entry_page(request, sheet, draft, _entry_form(request, draft, initial=draft.fields))
    if request.POST.get("key") not in ("", None, str(draft.key)):
        return go(request, request.path)  # the second of two clicks: its line is saved already
    saved = drafts.save_draft(draft, actor=request.actor, **posted_form(request))
    draft = saved.kept or saved.draft
    form = _entry_form(request, draft, data=request.POST)
    if form.is_valid() and form.record is not None:
        try:
            return _typed_in(request, sheet, draft, form)
        except DomainError as error:
            form.add_error(field_of(form, error), error.message)
    return _entry_page(request, sheet, draft, form, status=422)


def _typed_in(request: StaffRequest, sheet: RecordSheet, draft: Draft, form: SheetEntryForm) -> HttpResponse:
    assert form.record is not None
    written = operations.typed_in(
        sheet, form.record, actor=request.actor, key=draft.key, writer_id=form.writer_id, draft=draft
    )
    kept = {name: str(form.cleaned_data.get(name) or "") for name in ("writer", "channel")}
    kept |= {"occurred_on": written.occurred_on.isoformat()}
    drafts.open_form(f"sheet:{sheet.code}", actor=request.actor, fields=_begun() | kept)
    messages.success(request, f"{sheet.entries + 1}件目を保存しました。つぎの行を入れられます。")
    return go(request, reverse("sheet_entry", args=[sheet.code]))


@require_POST
@allow(access.PRINT_SHEETS)
def sheet_done(request: StaffRequest, code: str) -> HttpResponse:
    """The whole sheet is typed in."""
    operations.done(_sheet(request, code), actor=request.actor)
    messages.success(request, "この用紙の入力を終わりにしました。紙は決まりにそって保管してください。")
    return go(request, reverse("sheets"))


def _begun() -> dict[str, str]:
    return {"occurred_on": clock.today().isoformat(), "occurred_time": "", "channel": "visit"}


def _sheet(request: StaffRequest, code: str) -> RecordSheet:
    found = sheet_queries.sheet_by_code(request.actor, read_code(code))
    if found is None:
        raise Http404
    return found


def _entry_form(request: StaffRequest, draft: Draft, **values: Any) -> SheetEntryForm:
    choices = queries.choices(request.actor, clock.today())
    probe = SheetEntryForm(families=(), staff=(), initial=draft.fields)
    roster = queries.roster(request.actor, probe.day)
    here = {line.family.household_id: line.family for line in roster.lines if line.family is not None}
    form = SheetEntryForm(families=list(here.values()), staff=choices.staff, **values)
    form.offer(choices)
    return form


def _entry_page(
    request: StaffRequest, sheet: RecordSheet, draft: Draft, form: SheetEntryForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "sheet": sheet,
        "number": shown_code(sheet.code),
        "draft": draft,
        "form": form,
        "client_id": request.POST.get("client_id") or uuid4().hex,
    }
    return render(request, "encounters/sheet_entry.html", context, status=status)


@allow(access.READ_RECORD)
def day_sheet_pdf(request: StaffRequest) -> HttpResponse:
    """相談状況記録 of a day on A4: every entry in full, for those who may read it; on the trail."""
    day = day_of(request)
    words = mark_words(queries.marks_of_town(request.actor))
    sheet = books.day_sheet(request.actor, day, words, whole=True)
    detail = {"day": day.isoformat(), "list": [line.id for line in sheet.lines], "print": True}
    audit.record(access.READ_RECORD, actor=request.actor, detail=detail)
    page = {"day": f"{format_wareki(day)}（{weekday_ja(day)}）", "qr": None, "number": ""}
    entries = [_on_paper(line) for line in sheet.lines]
    return _pdf(request, [page | {"entries": entries, "blanks": 0}], f"soudan-{day.isoformat()}.pdf")


def _on_paper(line: books.BookLine) -> dict[str, str]:
    """An entry as printed. A protected family stands there without its name."""
    hidden = line.family is not None and line.family.protected
    who = UNWRITTEN if hidden else str(line.family) if line.family else f"お名前なし　{line.who_hint}".strip()
    step = f"{line.next_on:%-m/%-d} {line.next_step}" if line.next_on else line.next_step
    more = f" ほか{line.more_categories}" if line.more_categories else ""
    return {
        "time": f"{line.at:%-H:%M}",
        "mark": line.mark,
        "who": who,
        "ages": line.ages,
        "how": "・".join(part for part in (line.kind, line.channel) if part),
        "category": f"{line.category}{more}",
        "text": line.text,
        "responses": line.responses,
        "next": step,
        "writer": line.author_name,
    }


def _blank_pdf(request: StaffRequest, made: list[RecordSheet]) -> HttpResponse:
    if all(one.form == RecordSheet.Form.CHART for one in made):
        return _blank_charts(request, made)
    pages = [
        {
            "day": "　　　　年　　　月　　　日（　　）",
            "qr": paper.qr(request.build_absolute_uri(reverse("sheet_entry", args=[one.code]))),
            "number": shown_code(one.code),
            "entries": [],
            "blanks": LINES_BLANK,
            "chart": one.form == RecordSheet.Form.CHART,
        }
        for one in made
    ]
    return _pdf(request, pages, "kinyuuyoushi.pdf")


def _blank_charts(request: StaffRequest, made: list[RecordSheet]) -> HttpResponse:
    """相談記録（連携・継続） to write on, front and back."""
    sheets = [
        {
            "qr": paper.qr(request.build_absolute_uri(reverse("sheet_entry", args=[one.code]))),
            "code": shown_code(one.code),
        }
        for one in made
    ]
    data = {
        "issuer": request.actor.agency_name or request.actor.municipality_name,
        "confidential": True,
        "issued_on": format_wareki(clock.today()),
        "agency": request.actor.agency_name,
        "sheets": sheets,
    }
    response = HttpResponse(paper.render(CHART_TEMPLATE, data), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="kojinkiroku.pdf"'
    return response


def _pdf(request: StaffRequest, pages: list[dict[str, Any]], name: str) -> HttpResponse:
    data = {
        "issuer": request.actor.agency_name or request.actor.municipality_name,
        "issued_on": f"{format_wareki(clock.today())}",
        "confidential": True,
        "pages": [{"chart": False} | page for page in pages],
    }
    response = HttpResponse(paper.render(TEMPLATE, data), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
