"""A new family, its address, its registration; nickname families; protection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from tsunagari.base import clock
from tsunagari.base.japanese.text import is_kana, phone_digits
from tsunagari.base.offering import offer, shares_choices
from tsunagari.families.forms.fields import DayField, one_of, phone_words, words
from tsunagari.families.forms.people import ChildRow, empty_rows, relation_words
from tsunagari.families.models import Household, Registration
from tsunagari.families.queries.terms import read_terms
from tsunagari.families.rules import CHILD, AddressInput, PersonInput, read_card

END_REASONS = [("", "えらんでください"), *Registration.End.choices]
SOURCES = [(value, label) for value, label in Registration.Source.choices]
_MONTHS = [("", "分からない"), *[(str(n), f"{n}か月くらい") for n in range(12)]]
_YEARS = [("12", "1歳くらい"), ("18", "1歳半くらい"), *[(str(n * 12), f"{n}歳くらい") for n in range(2, 7)]]


class AddressForm(forms.Form):
    """Where a family lives."""

    postal_code = words("郵便番号", width="w-s", most=12, inputmode="numeric")
    address = words("住所", width="w-l", most=200)
    address_detail = words("建物名・部屋番号", width="w-l", most=120)
    area = one_of("区域", [], required=False)

    def __init__(self, *args: Any, areas: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "area", [("", "郵便番号から決める"), *((str(pk), name) for pk, name in areas)])

    def address_input(self, kept: Household | None = None) -> AddressInput:
        """The address typed; coordinates stay only while the address does."""
        data = self.cleaned_data
        same = kept is not None and kept.address == data["address"]
        return AddressInput(
            postal_code=data["postal_code"],
            address=data["address"],
            address_detail=data["address_detail"],
            latitude=kept.latitude if kept and same else None,
            longitude=kept.longitude if kept and same else None,
            area_id=int(data["area"]) if data["area"] else None,
        )


class EditForm(AddressForm):
    """What a household says of itself."""

    caution = words("配慮すること", width="w-l", most=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


@shares_choices
class FamilyForm(AddressForm):
    """A new family: one guardian, children, perhaps one expected, address, perhaps a registration."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    family_name = words("氏")
    given_name = words("名")
    family_kana = words("氏のふりがな")
    given_kana = words("名のふりがな")
    relation = relation_words()
    birth_date = DayField(label="生年月日")
    phone = phone_words()
    due_date = DayField(label="出産予定日")
    count = one_of("人数", [("1", "ひとり"), ("2", "ふたご"), ("3", "みつご")], bar=True, required=False)
    agency = one_of("登録する機関", [], required=False)
    is_home = forms.BooleanField(label="かかりつけにする", required=False, initial=True)
    source = one_of("登録のきっかけ", SOURCES, required=False)

    def __init__(self, *args: Any, agencies: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = offer(self, "agency", [("", "まだ登録しない"), *((str(pk), name) for pk, name in agencies)])
        field.help_text = "「住所から区域と機関を出す」を押すと、区域の機関が入ります。"
        self.fields["area"].help_text = "分からないときはそのままで。同じ郵便番号の家庭から区域を決めます。"

    def people(self, rows: list[ChildRow]) -> list[PersonInput]:
        """Guardian, children and expected children, in that order."""
        data = self.cleaned_data
        names = ("family_name", "given_name", "family_kana", "given_kana", "relation", "birth_date", "phone")
        guardian = PersonInput(sex=_sex(data["relation"]), **{name: data[name] for name in names})
        children = [row.child(data["family_name"], data["family_kana"]) for row in rows if row.has_changed()]
        expected = [
            PersonInput(kind=CHILD, due_date=data["due_date"], birth_order=order + 1)
            for order in range(int(data["count"] or 1) if data["due_date"] else 0)
        ]
        return [guardian, *children, *expected]


def _sex(relation: str) -> str:
    return {"母": "2", "祖母": "2", "おば": "2", "父": "1", "祖父": "1", "おじ": "1"}.get(relation, "0")


def child_rows(data: Mapping[str, Any] | None, *, more: int = 0, first: date | None = None) -> list[ChildRow]:
    """The lines of children as posted and `more` empty ones; `first` is the first child's birth date, if known."""
    given = len([name for name in data or {} if name.startswith("child") and name.endswith("-given_name")])
    rows = []
    for number in range(empty_rows(given + more)):
        initial = {"sex": "0", "birth_date": first if number == 0 else None}
        posted = data if number < given else None
        row = ChildRow(
            posted,
            prefix=f"child{number}",
            initial=initial,
            empty_permitted=True,
            use_required_attribute=False,
        )
        rows.append(row)
    return rows


def typed_before(text: str) -> dict[str, Any]:
    """What a search that found nobody already says of the new family."""
    if read_card(text).kind is not None:
        return {}
    terms = read_terms(text)
    found: dict[str, Any] = {}
    pieces = [word for word in text.split() if read_terms(word).kana or read_terms(word).names]
    if pieces:
        key = ("family_kana", "given_kana") if is_kana(pieces[0]) else ("family_name", "given_name")
        found.update(zip(key, pieces, strict=False))
    for word in text.split():
        if phone_digits(word) and not read_terms(word).card:
            found["phone"] = word
    if terms.births:
        born = terms.births[0]
        grown = clock.today().year - born.year >= 15
        found["birth_date" if grown else "child0-birth_date"] = born
    return found


class NicknameForm(forms.Form):
    """A family whose names are not known yet."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    nickname = words("呼び名", width="w-l", required=True)
    age = one_of("お子さんのだいたいの月齢", _MONTHS + _YEARS, required=False)
    sex = one_of("お子さんの性別", [("0", "分からない"), ("1", "男"), ("2", "女")], bar=True, required=False)


class RegisterForm(forms.Form):
    """A registration; also how another agency becomes home."""

    agency = one_of("登録する機関", [])
    is_home = forms.BooleanField(label="かかりつけにする", required=False)
    source = one_of("登録のきっかけ", SOURCES)
    starts_on = DayField(label="登録日")

    def __init__(self, *args: Any, agencies: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "agency", [("", "えらんでください"), *((str(pk), name) for pk, name in agencies)])


class EndRegistrationForm(forms.Form):
    """The end of a registration."""

    ends_on = DayField(label="終了日", required=True)
    reason = one_of("終了の理由", END_REASONS)
    words = words("書きたすこと", width="w-l", most=60)


class ReasonForm(forms.Form):
    """Why a protected family's details must be seen."""

    reason = words("見る理由", width="w-l", most=120, required=True)


class ProtectForm(forms.Form):
    """支援措置 on or off."""

    protected = one_of("支援措置", [("on", "支援措置の家庭にする"), ("off", "支援措置をはずす")], bar=True)


class MoveForm(forms.Form):
    """A family left the town, or came back."""

    moved = one_of("転出・転入", [("out", "転出した"), ("back", "もどってきた")], bar=True)
    moved_on = DayField(label="日付", required=True)
