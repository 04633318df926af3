"""What happens between two writings of a family of `elsewhere`, and how it comes to stand in the registers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain
from random import Random

from benchmarks.linkage import abroad, words
from benchmarks.linkage.elsewhere import (
    EMPTY,
    KIN,
    NAMESAKES,
    TODAY,
    TWICE,
    Home,
    Maker,
    One,
    names,
)
from benchmarks.linkage.names import Part
from benchmarks.linkage.noise import Register, Written
from tsunagari.base.japanese.text import to_hiragana
from tsunagari.families.linkage.frames import Entry

Happening = Callable[[Maker, Home], Home]
_ADDRESSES = (
    "{0}丁目{1}番{2}号", "{0}丁目{1}−{2}", "{0}丁目{1}番地{2}", "{0}－{1}－{2}　ハイツ架空２０３号室", "{0}の{1}の{2}", " {0} - {1} - {2}",
)  # fmt: skip
_SOUNDS: dict[str, tuple[tuple[str, str], ...]] = {
    "kana_ji_zu": (("ヂ", "ジ"), ("ヅ", "ズ"), ("ジ", "ヂ"), ("ズ", "ヅ")),
    "kana_long": (
        ("オオ", "オウ"), ("コウ", "コー"), ("ユウ", "ユー"), ("ユウ", "ユ"), ("ョウ", "ョー"), ("トウ", "トオ"), ("ソウ", "ソー"),
        ("エイ", "エエ"), ("ヨウ", "ヨオ"), ("リー", "リイ"), ("ロウ", "ロー"), ("ー", ""),
    ),
    "kana_vu": (
        ("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴォ", "ボ"), ("ヴ", "ブ"), ("ティ", "チ"), ("ディ", "デイ"), ("トゥ", "ト"), ("ファ", "フア"),
        ("ドゥ", "ド"), ("シュエ", "シェ"),
    ),
    "kana_small": (("ョ", "ヨ"), ("ュ", "ユ"), ("ャ", "ヤ"), ("ッ", "ツ"), ("ィ", "イ"), ("ェ", "エ")),
    "kana_voiced": (
        ("ザキ", "サキ"), ("サキ", "ザキ"), ("ジマ", "シマ"), ("シマ", "ジマ"), ("ガワ", "カワ"), ("ダ", "タ"), ("タ", "ダ"),
        ("ザワ", "サワ"), ("バヤシ", "ハヤシ"),
    ),
}  # fmt: skip


# how a name is written ------------------------------------------------------------------------------------------------
def _sounding(kind: str) -> Happening:
    """The first piece of a reading that can be written otherwise, everywhere in the household."""

    def other(part: Part) -> Part:
        for piece, instead in _SOUNDS[kind]:
            if piece in part.kana:
                kana = part.kana.replace(piece, instead, 1)
                return Part(kana if part.text == part.kana else part.text, kana)
        return part

    return lambda maker, home: home.each(
        lambda one: replace(one, family=other(one.family), given=other(one.given))
    )


def _written(change: Callable[[str], str]) -> Happening:
    def other(part: Part) -> Part:
        return Part(change(part.text), part.kana)

    return lambda maker, home: home.each(
        lambda one: replace(one, family=other(one.family), given=other(one.given))
    )


def _old_forms(maker: Maker, home: Home) -> Home:
    return _written(lambda text: "".join(words.FORMS.get(char, char)[0] for char in text))(maker, home)


def _other_spelling(maker: Maker, home: Home) -> Home:
    """The children's names as a machine converts them first: another spelling of one reading."""
    return home.each(lambda one: replace(one, given=maker.names.spelled(one.given)), kind="child")


def _hiragana(maker: Maker, home: Home) -> Home:
    def plain(part: Part) -> Part:
        return Part(to_hiragana(part.kana), part.kana)

    return home.each(lambda one: replace(one, family=plain(one.family), given=plain(one.given)))


def _joined(between: str) -> Happening:
    """The whole name typed into the field of the family name."""

    def one_field(one: One) -> One:
        text, kana = (
            between.join((one.family.text, one.given.text)),
            between.join((one.family.kana, one.given.kana)),
        )
        return replace(one, family=Part(text, kana), given=Part("", ""))

    return lambda maker, home: home.each(one_field)


def _swapped(maker: Maker, home: Home) -> Home:
    return home.each(lambda one: replace(one, family=one.given, given=one.family))


def _abroad(change: Callable[[Part], Part]) -> Happening:
    def one_of_them(part: Part) -> Part:
        return change(part) if abroad.is_foreign(part) else part

    def foreign(one: One) -> One:
        return replace(one, family=one_of_them(one.family), given=one_of_them(one.given))

    return lambda maker, home: home.each(foreign)


def _no_middle(maker: Maker, home: Home) -> Home:
    def last(part: Part) -> Part:
        return Part(part.text.split()[-1], part.kana.split("・")[-1]) if " " in part.text else part

    return home.each(lambda one: replace(one, given=last(one.given)))


def _latin_order(maker: Maker, home: Home) -> Home:
    """MARIA CLARA SILVA in one field, as in a passport of some lands."""

    def passport(one: One) -> One:
        if not one.family.text.isascii():
            return one
        text, kana = f"{one.given.text} {one.family.text}", f"{one.given.kana}　{one.family.kana}"
        return replace(one, family=Part(text, kana), given=Part("", ""))

    return home.each(passport)


def _hyphenated(maker: Maker, home: Home) -> Home:
    """佐藤スミス: both names of the parents, as some families bear them and some counters write them."""
    for_all = Part("スミス", "スミス")
    return home.each(
        lambda one: replace(
            one, family=Part(f"{one.family.text}={for_all.text}", f"{one.family.kana}・{for_all.kana}")
        )
    )


# what happens in life -------------------------------------------------------------------------------------------------
def _married(maker: Maker, home: Home) -> Home:
    """Mother and children with another name and another telephone; the former husband is not there."""
    family, phone = maker.names.family(), maker.phone()
    kept = tuple(
        replace(one, family=family, phone=phone if one.phone else "")
        for one in home.people
        if one.relation != "父"
    )
    return replace(home, people=kept)


def _other_parents_phone(maker: Maker, home: Home) -> Home:
    phones = [one.phone for one in home.people if one.phone]
    return home.each(lambda one: replace(one, phone=phones[-1]) if one.phone else one)


def _moved(maker: Maker, home: Home) -> Home:
    there = maker.home()
    return replace(home, town=there.town, numbers=there.numbers)


def _new_phone(maker: Maker, home: Home) -> Home:
    return home.each(lambda one: replace(one, phone=maker.phone()) if one.phone else one)


def _address_otherwise(maker: Maker, home: Home) -> Home:
    return replace(home, style=maker.chance.choice(_ADDRESSES))


def _birth_turned(maker: Maker, home: Home) -> Home:
    def turned(one: One) -> One:
        born = one.birth
        return replace(one, birth=date(born.year, born.day, born.month)) if born and born.day <= 12 else one

    return home.each(turned, kind="child")


def _era_off(maker: Maker, home: Home) -> Home:
    def off(one: One) -> One:
        born = one.birth
        return replace(one, birth=born + timedelta(days=maker.chance.choice((-365, 366)))) if born else one

    def exact(one: One) -> One:
        moved = off(one)
        return replace(moved, birth=_same_day(moved.birth, one.birth)) if moved.birth and one.birth else one

    return home.each(exact, kind="child")


def _same_day(near: date, exact: date) -> date:
    return near if (exact.month, exact.day) == (2, 29) else date(near.year, exact.month, exact.day)


def _nickname(maker: Maker, home: Home) -> Home:
    """Known by what the children are called and about how old they are; a telephone for four in ten."""
    blank = Part("", "")

    def called(one: One) -> One:
        phone = one.phone if maker.chance.random() < 0.4 else ""
        if one.kind != "child" or one.birth is None:
            return replace(one, family=blank, given=blank, birth=None, phone=phone, nickname="ママ")
        kana = to_hiragana(one.given.kana)
        short = kana[:2] if len(kana) > 2 and maker.chance.random() < 0.4 else kana
        months = max(0, (TODAY - one.birth).days // 30 + maker.chance.randint(-2, 2))
        return replace(one, family=blank, given=blank, birth=None, nickname=f"{short}ちゃん", months=months)

    kept = tuple(called(one) for one in home.people if one.relation != "父")
    return replace(home, people=kept, town="")


def _grandmother(maker: Maker, home: Home) -> Home:
    """The mother's mother brings the children and is written down as who looks after them."""
    born = min((one.birth for one in home.people if one.birth), default=TODAY) - timedelta(days=27 * 365)
    maker.humans += 1
    elder = One(
        maker.humans,
        "guardian",
        "祖母",
        maker.names.family(),
        maker.names.given("2"),
        "2",
        born,
        maker.phone(),
    )
    return replace(home, people=(elder, *(one for one in home.people if one.kind == "child")))


def _renamed(maker: Maker, home: Home) -> Home:
    """A child's given name was changed by the family court."""
    return home.each(lambda one: replace(one, given=maker.names.given(one.sex)), kind="child")


def _only(*relations: str) -> Happening:
    return lambda maker, home: replace(
        home, people=tuple(one for one in home.people if one.relation in relations)
    )


def _one_child(maker: Maker, home: Home) -> Home:
    children = [one for one in home.people if one.kind == "child"]
    return replace(home, people=(maker.chance.choice(children),))


HAPPENINGS: dict[str, Happening] = {
    **{kind: _sounding(kind) for kind in _SOUNDS},
    "old_forms": _old_forms,
    "other_spelling": _other_spelling,
    "hiragana": _hiragana,
    "one_field_space": _joined("　"),
    "one_field": _joined(""),
    "swapped": _swapped,
    "latin_order": _latin_order,
    "no_middle_name": _no_middle,
    "katakana_alone": _abroad(lambda part: Part(part.kana, part.kana)),
    "han_reading": _abroad(lambda part: Part(part.text, abroad.HAN_READINGS.get(part.text, (part.kana,))[-1])),
    "hyphenated": _hyphenated,
    "married": _married,
    "other_parents_phone": _other_parents_phone,
    "moved": _moved,
    "new_phone": _new_phone,
    "address_otherwise": _address_otherwise,
    "birth_turned": _birth_turned,
    "era_off": _era_off,
    "nickname": _nickname,
    "grandmother": _grandmother,
    "renamed": _renamed,
    "mother_only": _only("母", "子"),
    "father_only": _only("父", "子"),
    "one_child": _one_child,
}  # fmt: skip
_ABROAD = ("latin_order", "no_middle_name", "katakana_alone", "han_reading", "kana_vu")


def registers(*, people: int, seed: int = 4711) -> list[Register]:
    """Everybody as written down, those written twice apart from each other in the list."""
    chance = Random(seed)
    maker = Maker(names(seed), chance)
    first, second = [], []
    family = 0
    while maker.humans < people:
        family += 1
        home = maker.home()
        first.append((family, home, frozenset[str]()))
        if chance.random() < TWICE:
            second.append((family, *_turned(maker, home)))
        elif chance.random() < KIN:
            first.append((-family, maker.kin(home), frozenset()))
        elif chance.random() < NAMESAKES:
            first.append((-family, maker.namesake(home), frozenset()))
    return list(_written_down(chance, first, second))


def _turned(maker: Maker, home: Home) -> tuple[Home, frozenset[str]]:
    """The home after one to three happenings, and which of them left a trace."""
    foreign = any(one.family.text.isascii() for one in home.people)
    open_to = _ABROAD if foreign and maker.chance.random() < 0.7 else tuple(HAPPENINGS)
    happened = set()
    drawn = maker.chance.sample(open_to, maker.chance.choices((1, 2, 3), (5, 3, 2))[0])
    for kind in sorted(drawn, key=lambda kind: kind == "nickname"):
        turned = HAPPENINGS[kind](maker, home)
        if turned != home and any(one.kind == "child" for one in turned.people):
            home = turned
            happened.add(kind)
    return home, frozenset(happened)


def _written_down(chance: Random, *several: list[tuple[int, Home, frozenset[str]]]) -> Iterator[Register]:
    person = 0
    for household, (family, home, kinds) in enumerate(chain(*several), start=1):
        register = Register(household, family, kinds=kinds)
        empty = _left_empty(chance)
        for one in home.people:
            person += 1
            register.people.append(Written(_entry(person, household, one, home, empty), one.human, empty))
        yield register


def _left_empty(chance: Random) -> frozenset[str]:
    """Fields nobody filled in: in three forms of ten one or two."""
    if chance.random() >= EMPTY:
        return frozenset()
    fields = ("no_kana", "no_birth", "no_phone", "no_address", "no_sex")
    return frozenset(chance.sample(fields, chance.choice((1, 1, 2))))


def _entry(person: int, household: int, one: One, home: Home, empty: frozenset[str]) -> Entry:
    kana = (one.family.kana, one.given.kana) if "no_kana" not in empty else ("", "")
    return Entry(
        person=person,
        household=household,
        kind=one.kind,
        family_name=one.family.text,
        given_name=one.given.text,
        family_kana=kana[0],
        given_kana=kana[1],
        nickname=one.nickname,
        sex=one.sex if "no_sex" not in empty else "",
        birth_date=one.birth if "no_birth" not in empty else None,
        about_months=one.months,
        about_on=TODAY if one.months is not None else None,
        relation=one.relation if one.kind != "child" and "no_sex" not in empty else "",
        phone=one.phone if "no_phone" not in empty else "",
        address=home.address if "no_address" not in empty else "",
    )
