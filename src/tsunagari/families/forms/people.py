"""One person: guardian, child, relative; births and pregnancies."""

from __future__ import annotations

from typing import Any

from django import forms

from tsunagari.base.japanese.dates import format_wareki
from tsunagari.base.japanese.text import format_phone, to_hiragana
from tsunagari.families.forms.fields import DayField, one_of, phone_words, words
from tsunagari.families.models import Person
from tsunagari.families.rules import CHILD, BirthInput, PersonInput

SEX = [("1", "男"), ("2", "女"), ("0", "きいていない")]
KINDS = [("guardian", "保護者"), ("child", "お子さん"), ("relative", "親族など")]
RELATIONS = ["母", "父", "祖母", "祖父", "おば", "おじ", "里親"]
LANGUAGES = [
    ("", "日本語"),
    ("easy", "やさしい日本語"),
    ("en", "英語"),
    ("zh", "中国語"),
    ("vi", "ベトナム語"),
    ("ne", "ネパール語"),
    ("pt", "ポルトガル語"),
    ("tl", "フィリピノ語"),
    ("ko", "韓国語"),
    ("other", "そのほか"),
]


def relation_words() -> forms.CharField:
    """What a person is to the children, in the field's own words."""
    field = words("続柄", width="w-s", most=20, list="relations")
    field.help_text = "母・父・祖母 など、お子さんから見て"
    return field


class PersonForm(forms.Form):
    """Everything known of one person."""

    kind = one_of("どんな人", KINDS, bar=True)
    family_name = words("氏")
    given_name = words("名")
    family_kana = words("氏のふりがな")
    given_kana = words("名のふりがな")
    nickname = words("呼び名")
    relation = relation_words()
    sex = one_of("性別", SEX, bar=True)
    birth_date = DayField(label="生年月日")
    phone = phone_words()
    phone_other = phone_words("ほかの電話番号")
    email = forms.EmailField(
        label="メールアドレス",
        required=False,
        widget=forms.EmailInput(attrs={"class": "w-l", "autocomplete": "off"}),
        error_messages={"invalid": "メールアドレスを確かめてください。"},
    )
    language = one_of("ことば", LANGUAGES, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def person(self, kept: Person | None = None) -> PersonInput:
        """The person typed; what this form does not ask for stays as `kept` says."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        if kept is not None:
            for name in ("due_date", "birth_order", "age_hint_months", "relation_code", "resident_no"):
                data[name] = getattr(kept, name)
            data.update(_kept_words(kept, self.fields))
        return PersonInput(**data)


def _kept_words(kept: Person, asked: dict[str, Any]) -> dict[str, str]:
    """Fields taken out of the form (masked ones) keep their words."""
    return {name: getattr(kept, name) for name in ("phone", "phone_other", "email") if name not in asked}


def person_values(person: Person) -> dict[str, Any]:
    """A kept person as the form shows it: readings in hiragana, phones with hyphens."""
    shown = {name: getattr(person, name) for name in PersonForm.base_fields if name != "version"}
    shown["family_kana"], shown["given_kana"] = (
        to_hiragana(person.family_kana),
        to_hiragana(person.given_kana),
    )
    shown["phone"], shown["phone_other"] = format_phone(person.phone), format_phone(person.phone_other)
    shown["birth_date"] = format_wareki(person.birth_date) if person.birth_date else ""
    shown["sex"] = person.sex if person.sex in ("1", "2") else "0"
    return shown | {"version": person.version}


class ExpectForm(forms.Form):
    """A pregnancy."""

    due_date = DayField(label="出産予定日", required=True)
    count = one_of(
        "お子さんの人数", [("1", "ひとり"), ("2", "ふたご"), ("3", "みつご"), ("4", "よつご")], bar=True
    )


class BirthForm(forms.Form):
    """One child who was born; the name may come later."""

    birth_date = DayField(label="生まれた日", required=True)
    sex = one_of("性別", SEX, bar=True)
    given_name = words("名")
    given_kana = words("名のふりがな")
    family_name = words("氏")
    family_kana = words("氏のふりがな")

    def birth(self) -> BirthInput:
        """The birth typed."""
        return BirthInput(**self.cleaned_data)


class EndForm(forms.Form):
    """A pregnancy that ended: a day, and which of the children."""

    ended_on = DayField(
        label="日付",
        required=True,
        help_text="だいたいの日でもかまいません。「2024/4/1」「令和6年4月1日」のように書けます。",
    )


class LeaveForm(forms.Form):
    """A person who no longer lives in the household."""

    why = one_of("わけ", [("moved", "世帯を出た"), ("died", "亡くなった")], bar=True)
    left_on = DayField(label="日付", required=True)


class SecondHomeForm(forms.Form):
    """Where a person also lives: a household that was found, and a note."""

    q = words("もうひとつの家庭をさがす", width="w-l", most=100)
    household = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = words("備考", width="w-l", most=120)


class ChildRow(forms.Form):
    """One line of the new family's children; empty lines are left out."""

    given_name = words("名", width="w-s")
    given_kana = words("名のふりがな", width="w-s")
    sex = one_of("性別", [("0", "－"), ("1", "男"), ("2", "女")], required=False)
    birth_date = DayField(label="生年月日", help_text="")

    def child(self, family_name: str, family_kana: str) -> PersonInput:
        """The child typed, with the family's name."""
        data = {**self.cleaned_data, "sex": self.cleaned_data["sex"] or "0"}
        return PersonInput(kind=CHILD, family_name=family_name, family_kana=family_kana, **data)

    def clean(self) -> dict[str, Any]:
        """A birth date alone is nobody yet."""
        cleaned: dict[str, Any] = super().clean() or {}
        named = cleaned.get("given_name") or cleaned.get("given_kana")
        if cleaned.get("birth_date") and not named:
            self.add_error(
                "given_name", "お子さんの名前を書いてください。決まる前なら「名前は未定」と書けます。"
            )
        return cleaned


def empty_rows(count: int) -> int:
    """How many lines of children to show, between 3 and 12."""
    return max(3, min(count, 12))
