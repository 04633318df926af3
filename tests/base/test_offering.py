"""Choices put on a form reach the form's own field, never the class's."""

from __future__ import annotations

import pytest
from django import forms

from tsunagari.base.offering import field_of, offer, offered, shares_choices


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


@shares_choices
class _Sharing(forms.Form):
    colour = forms.ChoiceField(
        label="色", choices=[("r", "赤"), ("組", [("b", "青")])], widget=forms.RadioSelect
    )


def test_declared_choices_are_made_once_and_change_for_no_other_form() -> None:
    first, second = _Sharing({"colour": "b"}), _Sharing({"colour": "g"})
    assert field_of(first, "colour", forms.ChoiceField).choices is _Sharing.base_fields["colour"].choices
    offer(second, "colour", [("g", "緑")])
    assert first.is_valid()
    assert second.is_valid()
    assert offered(_Sharing(), "colour") == [("r", "赤"), ("組", [("b", "青")])]
    assert "赤" in str(_Sharing()["colour"])
    assert "緑" not in str(first["colour"])
