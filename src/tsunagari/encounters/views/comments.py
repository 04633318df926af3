"""Comments and advice on a record."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access, queries
from tsunagari.encounters.forms.circulation import CommentForm
from tsunagari.encounters.models import Consultation, RecordComment
from tsunagari.encounters.operations import comments as operations


@allow(access.COMMENT)
def comment_new(request: StaffRequest, record_id: int) -> HttpResponse:
    """Say something of a record; what was typed stays in the page when it cannot be kept."""
    record = seen(Consultation, request.actor, pk=record_id)
    form = CommentForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            operations.comment(
                record, given["text"], actor=request.actor, key=given["key"], advice=given["advice"]
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "助言を書きました。" if given["advice"] else "コメントを書きました。")
            return go(request, f"{reverse('record', args=[record.pk])}#comments")
    family = queries.family_names([record.household_id]).get(record.household_id or 0)
    context = {
        "record": record,
        "family": family,
        "form": form,
        "may_advise": request.actor.may(access.ADVISE),
    }
    return render(request, "encounters/comment_new.html", context, status=422 if form.errors else 200)


@require_POST
@allow(access.COMMENT)
def comment_strike(request: StaffRequest, record_id: int, comment_id: int) -> HttpResponse:
    """Take one's own comment back; it stays, struck."""
    record = seen(Consultation, request.actor, pk=record_id)
    found = get_object_or_404(RecordComment, consultation=record, pk=comment_id)
    operations.strike(found, actor=request.actor)
    messages.success(request, "コメントを取り消しました。線を引いて残ります。")
    return go(request, f"{reverse('record', args=[record.pk])}#comments")
