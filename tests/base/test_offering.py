"""Choices put on a form reach the form's own field, never the class's."""

from __future__ import annotations

import pytest
from django import forms

from tsunagari.base.offering import field_of, offer, offered


class _Form(forms.Form):
    who = forms.TypedChoiceField(label="だれ", coerce=int)
    note = forms.CharField(label="メモ", required=False)


def test_what_is_offered_is_accepted_on_this_form_alone() -> None:
    form = _Form({"who": "7"})
    offer(form, "who", ((number, f"{number}番") for number in (7, 8)))
    assert form.is_valid()
    assert form.cleaned_data["who"] == 7
    assert offered(form, "who") == [(7, "7番"), (8, "8番")]
    assert not _Form({"who": "7"}).is_valid()


def test_a_field_of_another_kind_is_not_taken_for_one() -> None:
    with pytest.raises(AssertionError, match="note is a CharField"):
        offer(_Form(), "note", [])
    with pytest.raises(KeyError):
        field_of(_Form(), "nothing", forms.CharField)
