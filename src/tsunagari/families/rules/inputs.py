"""What people type about a family, and what must be there before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tsunagari.base.japanese import text

GUARDIAN, CHILD, RELATIVE = "guardian", "child", "relative"
PHONE_MESSAGE = "電話番号を読み取れません。「090-1234-5678」のように、市外局番から書いてください。"
#: A due date further away than this is taken for a slip of the pen.
DUE_AHEAD = timedelta(days=300)
DUE_BEHIND = timedelta(days=60)
#: A child is born at most this far from the due date (22 weeks of pregnancy are 126 days before it).
BIRTH_FROM_DUE = timedelta(days=150)
MOST_AT_ONCE = 5


class InputProblem(ValueError):
    """A value that cannot be kept. `field` names the field, `index` the person in a list (from 0, or None)."""

    def __init__(self, message: str, field: str = "", index: int | None = None) -> None:
        super().__init__(message)
        self.message, self.field, self.index = message, field, index


@dataclass(frozen=True, slots=True)
class PersonInput:
    """One person as typed; a child with a due date and without a birth date is expected.

    `kind` is guardian, child or relative; `sex` "0", "1", "2" or "9"; phones in any form.
    """

    kind: str = GUARDIAN
    family_name: str = ""
    given_name: str = ""
    family_kana: str = ""
    given_kana: str = ""
    nickname: str = ""
    sex: str = "0"
    birth_date: date | None = None
    due_date: date | None = None
    birth_order: int = 1
    age_hint_months: int | None = None
    relation: str = ""
    relation_code: str = ""
    resident_no: str | None = None
    phone: str = ""
    phone_other: str = ""
    email: str = ""
    language: str = ""

    @property
    def expected(self) -> bool:
        """Whether this is a child still to be born."""
        return self.due_date is not None and self.birth_date is None


@dataclass(frozen=True, slots=True)
class AddressInput:
    """An address as typed; coordinates in degrees (WGS84); `area_id` None when the area is not known."""

    postal_code: str = ""
    address: str = ""
    address_detail: str = ""
    latitude: float | None = None
    longitude: float | None = None
    area_id: int | None = None


@dataclass(frozen=True, slots=True)
class BirthInput:
    """A birth: the name may come later; without a family name the first guardian's is taken."""

    birth_date: date
    sex: str = "0"
    given_name: str = ""
    given_kana: str = ""
    family_name: str = ""
    family_kana: str = ""


@dataclass(frozen=True, slots=True)
class ResidentKeys:
    """What the resident register says of a household (世帯番号 …); persons carry their own 宛名番号."""

    resident_no: str | None = None
    registered_resident: bool = True
    moved_in_on: date | None = None
    protected: bool = False


def tidy_person(person: PersonInput, *, today: date) -> PersonInput:
    """The person as stored: names untouched but for spaces, kana in full-width katakana, phones as digits.

    Raises InputProblem.
    """
    _check_dates(person, today)
    return replace(
        person,
        family_name=_name(person.family_name, "family_name"),
        given_name=_name(person.given_name, "given_name"),
        nickname=_name(person.nickname, "nickname"),
        family_kana=_kana(person.family_kana, "family_kana"),
        given_kana=_kana(person.given_kana, "given_kana"),
        phone=_phone(person.phone, "phone"),
        phone_other=_phone(person.phone_other, "phone_other"),
        email=person.email.strip(),
        relation=_name(person.relation, "relation"),
        resident_no=(person.resident_no or "").strip() or None,
    )


def tidy_birth(birth: BirthInput) -> BirthInput:
    """The birth as stored, as `tidy_person` does. Raises InputProblem."""
    return replace(
        birth,
        family_name=_name(birth.family_name, "family_name"),
        given_name=_name(birth.given_name, "given_name"),
        family_kana=_kana(birth.family_kana, "family_kana"),
        given_kana=_kana(birth.given_kana, "given_kana"),
    )


def tidy_address(address: AddressInput) -> AddressInput:
    """The address as stored: post code as seven digits. Raises InputProblem."""
    postal = ""
    if address.postal_code.strip():
        found = text.postal_code(address.postal_code)
        if found is None:
            raise InputProblem("郵便番号は7けたの数字で書いてください。", "postal_code")
        postal = found
    return replace(
        address,
        postal_code=postal,
        address=_plain(address.address, "address"),
        address_detail=_plain(address.address_detail, "address_detail"),
    )


def check_people(people: Sequence[PersonInput]) -> None:
    """Raise InputProblem unless everybody can be recognised and somebody is there."""
    if not people:
        raise InputProblem("保護者かお子さんを1人以上書いてください。")
    for index, person in enumerate(people):
        if not (person.expected or called(person)):
            raise InputProblem("お名前か呼び名を書いてください。", "family_name", index)


def check_due_date(due: date, *, today: date) -> None:
    """Raise InputProblem for a due date no pregnancy known today can have."""
    if not today - DUE_BEHIND <= due <= today + DUE_AHEAD:
        raise InputProblem("出産予定日が今日から離れすぎています。年と月を確かめてください。", "due_date")


def check_birth_date(birth: date, due: date | None, *, today: date) -> None:
    """Raise InputProblem for a birth in the future or far from its due date."""
    if birth > today:
        raise InputProblem("生まれた日が今日より先になっています。", "birth_date")
    if due is not None and abs(birth - due) > BIRTH_FROM_DUE:
        raise InputProblem(
            "生まれた日が出産予定日から離れすぎています。年と月を確かめてください。", "birth_date"
        )


def called(person: PersonInput) -> bool:
    """Whether there is anything to call the person by."""
    return bool(
        person.family_name or person.given_name or person.nickname or person.family_kana or person.given_kana
    )


def _check_dates(person: PersonInput, today: date) -> None:
    if person.birth_date is not None and person.birth_date > today:
        raise InputProblem(
            "生年月日が今日より先になっています。生まれる前なら出産予定日に書いてください。", "birth_date"
        )
    if person.expected and person.due_date is not None:
        if person.kind != CHILD:
            raise InputProblem("出産予定日はお子さんの欄に書いてください。", "due_date")
        check_due_date(person.due_date, today=today)


def _name(value: str, field: str) -> str:
    try:
        return text.normalise_name(value)
    except text.TextError as problem:
        raise InputProblem(str(problem), field) from None


def _kana(value: str, field: str) -> str:
    kana = value.strip()
    if kana and not (text.is_kana(kana) or kana.isascii()):
        raise InputProblem("ふりがなは、ひらがなかカタカナで書いてください。", field)
    try:
        return text.to_katakana_full(kana)
    except text.TextError as problem:
        raise InputProblem(str(problem), field) from None


def _phone(value: str, field: str) -> str:
    if not value.strip():
        return ""
    digits = text.phone_digits(value)
    if digits is None:
        raise InputProblem(PHONE_MESSAGE, field)
    return digits


def _plain(value: str, field: str) -> str:
    return _name(value, field).replace(text.FULL_SPACE, " ")
