"""Families that stand in the town twice, as it happens: the city's list has them, and an agency wrote them down anew.

Each of the twelve is written otherwise the second time in a way of its own, and has been met at both places, so that
joining them brings something together. Three more pairs only look alike. All of it is made up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tsunagari.base.japanese.ages import add_months
from tsunagari.demo.chance import stream
from tsunagari.demo.days import Calendar
from tsunagari.demo.occasions import Occasion
from tsunagari.demo.people import point_in, start_of
from tsunagari.demo.plan import FamilyPlan, NicknamePlan, PersonPlan, TownPlan

#: numbers no family drawn by chance has, at any scale one would build
FIRST, SECOND, NICKNAME = 900_000, 910_000, -900
Person = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class Written:
    """A family as one place wrote it down, `months` ago. `people` are (母, 父, 男 or 女; name; kana; age), the age of
    adults in years, of children in months. `slip` puts a wrong digit into the children's birth dates."""

    agency: str
    months: int
    surname: str
    people: tuple[Person, ...]
    area: str = ""
    address: str = ""
    phone: int = 0
    slip: bool = False
    turned: bool = False
    source: str = "counter"


@dataclass(frozen=True, slots=True)
class Pair:
    """`how` the second writing differs, or what two families have in common who are not one."""

    how: str
    first: Written
    second: Written


_TAKASE = (("母", "美帆", "みほ", 31), ("男", "湊斗", "みなと", 19))
_YAMASAKI = (("母", "佳乃", "よしの", 34), ("女", "琴音", "ことね", 11))
_WATANABE = (("母", "由布子", "ゆうこ", 36), ("父", "高志", "たかし", 38), ("女", "小夏", "こなつ", 23))
_MOMOSE = (("母", "歩美", "あゆみ", 28), ("男", "悠生", "ゆうせい", 16))
_SHINONOME = (("母", "沙希", "さき", 30), ("男", "朔", "さく", 21))
_FUJISHIRO = (("母", "真帆", "まほ", 33), ("女", "楓花", "ふうか", 13))
_KIRITANI = (("母", "奈緒子", "なおこ", 35), ("男", "晴仁", "はるひと", 27), ("女", "千晶", "ちあき", 9))
_YUUNAGI = (("母", "澄佳", "すみか", 29), ("女", "紬希", "つむぎ", 15))
_HASUMI = (("母", "麗", "れい", 32), ("父", "史郎", "しろう", 34), ("男", "柊真", "しゅうま", 18))
_KOHINATA = (("母", "菜穂", "なほ", 31), ("男", "千隼", "ちはや", 20))
_SHRESTHA = (("母", "SUNITA", "すにた", 30), ("女", "ANJU", "あんじゅ", 17))

#: the ninth is a family known by a nickname (`nickname`)
TWICE = (
    Pair("旧字体と新字体",
         Written("aoba", 16, "髙瀬 たかせ", _TAKASE, "J1", "若草2-4-11", 101),
         Written("midori", 7, "高瀬 たかせ", _TAKASE, "J1", "若草2丁目4番11号")),
    Pair("﨑と崎、よみの濁り",
         Written("nijiiro", 9, "山﨑 やまさき", _YAMASAKI, "J2", "駅前3-2-8", 102),
         Written("sorairo", 4, "山崎 やまざき", _YAMASAKI, "J2", "", 102)),
    Pair("邉と辺、引っこし",
         Written("midori", 18, "渡邉 わたなべ", _WATANABE, "J2", "新町1-7-3", 103),
         Written("aoba", 5, "渡辺 わたなべ", _WATANABE[::2], "J1", "花見台4-1-15", 103)),
    Pair("結婚前の姓",
         Written("aoba", 11, "柏木 かしわぎ", _MOMOSE, "J1", "あおば町5-20-2", 104),
         Written("wakaba", 8, "百瀬 ももせ", _MOMOSE, "J1", "若草1-1-9", 104)),
    Pair("姓と名が逆",
         Written("aoba", 14, "東雲 しののめ", _SHINONOME, "J3", "水辺の里3-9-1", 105),
         Written("nijiiro", 6, "東雲 しののめ", _SHINONOME, "J3", "水辺の里3-9-1", turned=True)),
    Pair("生年月日の書きまちがい",
         Written("wakaba", 10, "藤代 ふじしろ", _FUJISHIRO, "J1", "学園前2-8-8", 106),
         Written("aoba", 5, "藤代 ふじしろ", _FUJISHIRO, "J1", "学園前2-8-8", slip=True, source="paper")),
    Pair("引っこしと、電話番号の変更",
         Written("nijiiro", 8, "桐谷 きりたに", _KIRITANI, "J2", "みどり6-3-12", 107),
         Written("aoba", 3, "桐谷 きりたに", _KIRITANI, "J1", "花見台2-2-20", 207)),
    Pair("電話番号の変更、名がかな",
         Written("aoba", 13, "夕凪 ゆうなぎ", _YUUNAGI, "J1", "若草5-5-3", 108),
         Written("midori", 6, "夕凪 ゆうなぎ",
                 (("母", "すみか", "すみか", 29), ("女", "つむぎ", "つむぎ", 15)), "J1", "", 208)),
    Pair("母だけの登録と、父だけの登録",
         Written("sorairo", 12, "蓮見 はすみ", (_HASUMI[0], _HASUMI[2]), "J2", "緑が丘3-14-1", 109),
         Written("nijiiro", 4, "蓮見 はすみ", _HASUMI[1:], "J2", "緑が丘3-14-1", 209)),
    Pair("申込用紙がかなだけ、名の聞きまちがい",
         Written("midori", 15, "小日向 こひなた", _KOHINATA, "J2", "駅前5-11-4", 110),
         Written("nijiiro", 5, "こひなた こひなた",
                 (("母", "なほ", "なほ", 31), ("男", "ちはる", "ちはる", 20)), "J2", "駅前5丁目11-4", 110, source="paper")),
    Pair("ローマ字とカタカナ",
         Written("aoba", 12, "SHRESTHA しゅれすた", _SHRESTHA, "J1", "あおば町4-6-6", 111),
         Written("nijiiro", 5, "シュレスタ しゅれすた",
                 (("母", "スニタ", "すにた", 30), ("女", "アンジュ", "あんじゅ", 17)), "J2", "", 111)),
)  # fmt: skip
#: the twelfth: on the city's list by name, at an agency by what its mother calls the child
NICKNAMED = Written("midori", 12, "鈴原 すずはら", (("母", "朋", "とも", 33), ("女", "うらら", "うらら", 16)),
                    "J2", "みどり2-15-7", 112)  # fmt: skip
#: on how many days before today she came
_CAME = (96, 75, 52, 40, 19)
NICKNAME_OF, NICKNAME_AT = "うららちゃんのママ", "nijiiro"

ALIKE = (
    Pair("同姓同名で、生年月日がちがう",
         Written("aoba", 14, "日向 ひなた", (("母", "美咲", "みさき", 29), ("男", "陽翔", "はると", 22)),
                 "J1", "あおば町1-9-9", 301),
         Written("midori", 8, "日向 ひなた", (("母", "美咲", "みさき", 36), ("男", "陽翔", "はると", 15)),
                 "J2", "新町4-4-18", 302)),
    Pair("ふたごと、同じ家に住むいとこ",
         Written("aoba", 11, "虹野 にじの",
                 (("母", "香澄", "かすみ", 32), ("女", "美音", "みおん", 14), ("女", "美羽", "みう", 14)),
                 "J1", "学園前4-18-2", 303),
         Written("wakaba", 7, "虹野 にじの", (("母", "香苗", "かなえ", 30), ("女", "美緒", "みお", 13)),
                 "J1", "学園前4-18-2", 303)),
    Pair("同じ日に生まれた、同じ名の子",
         Written("nijiiro", 13, "森下 もりした", (("母", "友里", "ゆり", 34), ("男", "蓮", "れん", 17)),
                 "J2", "みどり1-3-3", 305),
         Written("sorairo", 6, "森下 もりした", (("母", "恵里佳", "えりか", 27), ("男", "蓮", "れん", 17)),
                 "J2", "緑が丘1-20-5", 306)),
)  # fmt: skip


def families(town: TownPlan, seed: int, today: date) -> Iterator[FamilyPlan]:
    """Both households of every pair, and the city's household of the nickname."""
    pairs = (*TWICE, *ALIKE)
    for position, pair in enumerate(pairs, start=1):
        yield _Household(town, seed, today, FIRST + position, pair.first).listed()
        known_anew = pair in TWICE
        second = _Household(town, seed, today, SECOND + position, pair.second)
        yield second.at_counter() if known_anew else second.listed()
    yield _Household(town, seed, today, FIRST + len(pairs) + 1, NICKNAMED).listed()


def nickname(town: TownPlan, today: date) -> NicknamePlan:
    """The twelfth family as the agency knows it: it came a few times and was never asked for its name."""
    calendar = Calendar(town.agency(NICKNAME_AT), start_of(today), today)
    came = tuple(_open_before(calendar, today - timedelta(days=gap)) for gap in _CAME)
    months = NICKNAMED.people[-1][3] - 3
    phone = _phone(NICKNAMED.phone)
    return NicknamePlan(NICKNAME, NICKNAME_OF, "2", months, came, NICKNAME_AT, phone=phone)


def same() -> list[tuple[int, int]]:
    """Numbers of the households that are one family."""
    found = [(FIRST + position, SECOND + position) for position in range(1, len(TWICE) + 1)]
    return [*found, (FIRST + len(TWICE) + len(ALIKE) + 1, NICKNAME)]


def talks(plans: Sequence[FamilyPlan], today: date) -> Iterator[Occasion]:
    """Everybody who stands twice has been listened to at both places."""
    for plan in plans:
        first = plan.known + timedelta(days=16 + plan.number % 11)
        yield Occasion(first, plan.number, plan.home, "visit")
        second = plan.known + timedelta(days=60 + plan.number % 17)
        if second < today - timedelta(days=21):
            yield Occasion(second, plan.number, plan.home, "phone" if plan.number % 2 else "visit")


class _Household:
    """Makes a plan of what was written down."""

    def __init__(self, town: TownPlan, seed: int, today: date, number: int, written: Written) -> None:
        self.town, self.today, self.number, self.written = town, today, number, written
        self.random = stream(seed, town.key, "twice", number)
        self.calendar = Calendar(town.agency(written.agency), start_of(today), today)

    def listed(self) -> FamilyPlan:
        """On the city's list since the family moved here."""
        known = _workday(add_months(self.today, -self.written.months))
        return self._plan("move_in", known, self._open_day(known + timedelta(days=3)))

    def at_counter(self) -> FamilyPlan:
        """Written down and registered by the agency on one day."""
        known = self._open_day(add_months(self.today, -self.written.months))
        return self._plan("counter", known, known)

    def _plan(self, how: str, known: date, registered: date) -> FamilyPlan:
        written = self.written
        area = next(area for area in self.town.areas if area.code == written.area)
        city = self.town.name.replace("（架空）", "")
        return FamilyPlan(
            number=self.number, how=how, known=known, people=tuple(self._people()), pregnancies=(), area=area.code,
            postal_code=area.postal_code if written.address else "",
            address=f"{city}{written.address}" if written.address else "", address_detail="",
            point=point_in(area, self.random), home=written.agency, registered=registered,
            source=written.source if how == "counter" else "city", eager=0.8,
        )  # fmt: skip

    def _open_day(self, day: date) -> date:
        while self.calendar.span(day) is None:
            day += timedelta(days=1)
        return day

    def _people(self) -> Iterator[PersonPlan]:
        for place, person in enumerate(self.written.people):
            yield self._person(place, *person)

    def _person(self, place: int, role: str, given: str, kana: str, age: int) -> PersonPlan:
        family, family_kana = self.written.surname.split()
        names = (family, family_kana, given, kana)
        if self.written.turned:
            names = (given, kana, family, family_kana)
        child = role in "男女"
        plan = PersonPlan(
            kind="child" if child else "guardian", relation="子" if child else role,
            relation_code="20" if child else {"母": "12", "父": "02"}[role],
            family=names[0], family_kana=names[1], given=names[2], given_kana=names[3],
            sex="1" if role in ("男", "父") else "2", birth=self._birth(role, given, age, child=child),
            resident_no=f"{self.number:08}{place + 1:02}",
        )  # fmt: skip
        if child or not self.written.phone or place:
            return plan
        return replace(plan, phone=_phone(self.written.phone))

    def _birth(self, role: str, given: str, age: int, *, child: bool) -> date:
        if not child:
            return date(self.today.year - age, 1 + (age * 5) % 12, 1 + (age * 11) % 28)
        births = add_months(self.today, -age).replace(day=2 + (age * 7) % 8)
        return births + timedelta(days=10) if self.written.slip else births


def _phone(number: int) -> str:
    return f"0900{8_000_000 + number:07}"


def _open_before(calendar: Calendar, day: date) -> date:
    while calendar.span(day) is None:
        day -= timedelta(days=1)
    return day


def _workday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= 5 else day
