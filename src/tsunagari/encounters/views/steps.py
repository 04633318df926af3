"""次にすること: what came of it, or another day."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access, queries
from tsunagari.encounters.forms import StepForm
from tsunagari.encounters.models import Consultation
from tsunagari.encounters.operations import records as operations


@allow(access.WRITE_RECORD)
def record_next(request: StaffRequest, record_id: int) -> HttpResponse:
    """Two buttons: 結果を書く and 日を変える."""
    consultation = seen(Consultation, request.actor, pk=record_id)
    form = StepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _act(request, consultation, form)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return go(request, reverse("record", args=[consultation.pk]))
    names = queries.family_names([consultation.household_id])
    context = {
        "record": consultation,
        "family": names.get(consultation.household_id or 0),
        "form": form,
        "late": consultation.next_on is not None and consultation.next_on < clock.today(),
    }
    return render(request, "encounters/record_next.html", context, status=422 if form.errors else 200)


def _act(request: StaffRequest, consultation: Consultation, form: StepForm) -> None:
    if request.POST.get("do") == "reschedule":
        day = form.cleaned_data["next_on"]
        if day is None:
            raise DomainError("あたらしい日を入れてください。", field="next_on")
        operations.reschedule_next_step(consultation, actor=request.actor, next_on=day)
        messages.success(request, "日を変えました。")
        return
    operations.finish_next_step(consultation, actor=request.actor, result=form.cleaned_data["result"])
    messages.success(request, "結果を書きました。")
