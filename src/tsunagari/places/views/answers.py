"""What the pages of places answer alike."""

from __future__ import annotations

from collections.abc import Sequence

from django.forms import Form
from django.http import HttpResponse

from tsunagari.base.doors import StaffRequest
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import render

PAGE = 100


def blame(form: Form, error: DomainError) -> None:
    """Put a refusal on the form, at its field where it has one."""
    form.add_error(error.field if error.field in form.fields else None, f"{error.message}{error.what_to_do}")


def form_page(
    request: StaffRequest,
    form: Form,
    *,
    title: str,
    action: str,
    back: str,
    danger: bool = False,
    above: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """A page with one short form; 422 when something is wrong with it. `above`: (address, name) of the pages between
    場所 and this one."""
    context = {"form": form, "title": title, "action": action, "back": back, "danger": danger, "above": above}
    return render(request, "places/form.html", context, status=422 if form.errors else 200)
