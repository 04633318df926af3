"""When a benefit can be given, to whom, and how much of it is left. Pure; days are inclusive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tsunagari.base.japanese.ages import add_months
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.families.rules.inputs import InputProblem

HOUSEHOLD, CHILD = "household", "child"
MOST = 999
MOST_MONTHS = 240
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BenefitRule:
    """What the city defines. Months are ages, or counted from the family's first registration.

    `from_months`: from the day the child is so many months old (0: from birth; None: even before).
    `until_months`: to the day before it is so many months old.
    """

    name: str
    description: str = ""
    each: str = HOUSEHOLD
    quantity: int = 1
    unit: str = "回"
    needs_registration: bool = True
    from_months: int | None = None
    until_months: int | None = None
    months_from_registration: int | None = None
    valid_from: date = date.min
    valid_to: date | None = None

    @property
    def of_ages(self) -> bool:
        return self.from_months is not None or self.until_months is not None


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the family; `birth` None: not born yet."""

    id: int
    birth: date | None


@dataclass(frozen=True, slots=True)
class Registered:
    """The family's registrations: the first day of all, and whether one holds on the day asked about."""

    first: date | None
    today: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a benefit can be given on a day: `reason_not` in words (empty: it can), and its last day if known."""

    reason_not: str = ""
    expires_on: date | None = None


def check_rule(rule: BenefitRule) -> BenefitRule:
    """The rule with tidy words; InputProblem names the first field that cannot be."""
    name, unit = " ".join(rule.name.split()), " ".join(rule.unit.split()) or "回"
    if not name:
        raise InputProblem("名前を書いてください。", field="name")
    if rule.each not in (HOUSEHOLD, CHILD):
        raise InputProblem("だれに渡すかをえらんでください。", field="each")
    if not 1 <= rule.quantity <= MOST:
        raise InputProblem(f"数は1から{MOST}までで書いてください。", field="quantity")
    _check_months(rule)
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        raise InputProblem("おわりの日が、はじめの日より前です。", field="valid_to")
    return BenefitRule(
        name=name[:60],
        description=" ".join(rule.description.split())[:200],
        each=rule.each,
        quantity=rule.quantity,
        unit=unit[:10],
        needs_registration=rule.needs_registration,
        from_months=rule.from_months,
        until_months=rule.until_months,
        months_from_registration=rule.months_from_registration,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
    )


def _check_months(rule: BenefitRule) -> None:
    for field in ("from_months", "until_months", "months_from_registration"):
        months = getattr(rule, field)
        if months is not None and not 0 <= months <= MOST_MONTHS:
            raise InputProblem(f"月数は0から{MOST_MONTHS}までで書いてください。", field=field)
    if rule.months_from_registration == 0:
        raise InputProblem("1か月からにしてください。", field="months_from_registration")
    if rule.until_months is not None and rule.until_months <= (rule.from_months or 0):
        raise InputProblem("「月齢まで」は「月齢から」より大きくしてください。", field="until_months")


def standing(rule: BenefitRule, day: date, *, registered: Registered, children: Sequence[Child]) -> Standing:
    """Whether the benefit can be given on `day`: to one child (`children` holds it alone), or to the family.

    A family's benefit tied to ages needs one child of that age; its last day is the latest of theirs.
    """
    ends = [rule.valid_to] if rule.valid_to else []
    if day < rule.valid_from:
        return Standing(f"{format_wareki(rule.valid_from)}からです", rule.valid_to)
    if rule.valid_to is not None and day > rule.valid_to:
        return Standing(f"{format_wareki(rule.valid_to)}まででした", rule.valid_to)
    if rule.needs_registration and not registered.today:
        return Standing("登録すると使えます", min(ends, default=None))
    if rule.months_from_registration is not None and registered.first is not None:
        last = last_day(registered.first, rule.months_from_registration)
        ends.append(last)
        if day > last:
            return Standing(f"登録から{rule.months_from_registration}か月まででした", last)
    if rule.of_ages:
        age = _by_age(rule, day, children)
        if age.reason_not:
            return age
        ends += [age.expires_on] if age.expires_on else []
    return Standing("", min(ends, default=None))


def last_day(first: date, months: int) -> date:
    """The day before `months` months after `first` are full: one month from 31 January ends on 27 February."""
    return add_months(first, months) - _DAY


def _by_age(rule: BenefitRule, day: date, children: Iterable[Child]) -> Standing:
    """The best that any of these children gives."""
    found = [_of_child(rule, day, child) for child in children]
    if not found:
        return Standing("お子さんの生年月日を書くと使えます")
    possible = [one for one in found if not one.reason_not]
    if not possible:
        return found[-1]
    if any(one.expires_on is None for one in possible):
        return Standing()
    return Standing("", max(one.expires_on for one in possible if one.expires_on))


def _of_child(rule: BenefitRule, day: date, child: Child) -> Standing:
    if child.birth is None or child.birth > day:
        return Standing() if rule.from_months is None else Standing("生まれてから使えます")
    last = last_day(child.birth, rule.until_months) if rule.until_months is not None else None
    first = add_months(child.birth, rule.from_months or 0)
    if day < first:
        return Standing(f"{format_wareki(first)}からです", last)
    if last is not None and day > last:
        return Standing(f"{format_wareki(last)}まででした", last)
    return Standing("", last)


def left(quantity: int, given: int) -> int:
    """How much is left; never below zero, though two joined families may have had more between them."""
    return max(0, quantity - given)


def age_text(months: int) -> str:
    """ "1歳", "1歳6か月", "4か月"."""
    years, rest = divmod(months, 12)
    if years and not rest:
        return f"{years}歳"
    return f"{years}歳{rest}か月" if years else f"{rest}か月"


def conditions(rule: BenefitRule) -> str:
    """Who can have it, in one line."""
    parts = ["登録している家庭" if rule.needs_registration else "どの家庭でも"]
    if rule.from_months is not None:
        parts.append("生まれてから" if rule.from_months == 0 else f"{age_text(rule.from_months)}から")
    if rule.until_months is not None:
        parts.append(f"{age_text(rule.until_months)}になる前の日まで")
    if rule.months_from_registration is not None:
        parts.append(f"登録から{rule.months_from_registration}か月")
    return "・".join(parts)
