"""The two municipalities: districts, agencies and the people who work there. None of them exists.

The towns lie in the open sea, so that no map pins a fictional family on a real house.
"""

from __future__ import annotations

from datetime import time

from tsunagari.demo.plan import AgencyPlan, AreaPlan, Span, StaffPlan, TownPlan

_ORIGIN = (142.0, 35.28)
_DEGREES_A_KM = (0.01102, 0.00902)
WEEKDAYS = (0, 1, 2, 3, 4)


def place(east_km: float, north_km: float, origin: tuple[float, float] = _ORIGIN) -> tuple[float, float]:
    """(longitude, latitude) of a point so many kilometres from the town's south-west corner."""
    longitude = origin[0] + east_km * _DEGREES_A_KM[0]
    latitude = origin[1] + north_km * _DEGREES_A_KM[1]
    return round(longitude, 6), round(latitude, 6)


def _ring(*points: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    return tuple(place(*point) for point in (*points, points[0]))


def _hours(*rows: tuple[tuple[int, ...], str, str]) -> tuple[tuple[tuple[int, ...], time, time], ...]:
    return tuple(
        (days, time.fromisoformat(opens), time.fromisoformat(closes)) for days, opens, closes in rows
    )


_AREAS = (
    AreaPlan(
        "J1", "あおば中学校区",
        _ring((0, 0), (2.4, -0.2), (2.6, 1.5), (2.2, 3.0), (2.5, 4.8), (0.4, 5.0), (-0.2, 2.5)),
        ("あおば町", "若草", "学園前", "花見台"), "0000001", 0.44,
    ),
    AreaPlan(
        "J2", "みどり中学校区",
        _ring((2.5, 4.8), (2.2, 3.0), (4.2, 2.6), (5.9, 2.9), (6.1, 4.6), (4.3, 5.3)),
        ("みどり", "駅前", "緑が丘", "新町"), "0000002", 0.36,
    ),
    AreaPlan(
        "J3", "かわべ中学校区",
        _ring((2.4, -0.2), (5.2, -0.1), (6.0, 1.2), (5.9, 2.9), (4.2, 2.6), (2.2, 3.0), (2.6, 1.5)),
        ("かわべ", "水辺の里", "新田"), "0000003", 0.20,
    ),
)  # fmt: skip

_AGENCIES = (
    AgencyPlan(
        key="aoba", identifier="KS-001", name="子育て支援センター あおばひろば", kana="コソダテシエンセンターアオバヒロバ",
        area="J1", point=place(1.2, 2.4), pull=1.0, summer_days=2,
        hours=_hours(((0, 1, 2, 3, 4, 7), "09:00", "16:30"), ((5, 6), "09:00", "16:00")),
        facts={
            "operator_kind": "1", "operator_name": "つながり市（架空）", "place_kind": "9",
            "facility_type": "地域子育て支援拠点", "ages": ("1", "2", "3", "4", "5", "6"), "ages_note": "妊娠中〜就学前",
            "programmes": ("kyoten", "kihon", "3", "5"), "address": "つながり市あおば町1-2-3", "postal_code": "0000001",
            "phone": "0400-00-0101", "fax": "0400-00-0191", "email": "aoba@example.jp",
            "channels": (("phone", "0400-00-0101", "毎日 9:00〜16:00"), ("mail", "aoba@example.jp", "24時間受付"),
                         ("visit", "", "平日（予約）")),
            "capacity": 25, "private_room": True, "parking": "12台（ひろば利用中は無料）",
            "access": "つながり駅から歩いて15分", "languages": ("en", "vi"), "temporary_care": True,
            "hours_note": "12:00〜13:00はランチタイムとして開放",
        },
    ),
    AgencyPlan(
        key="midori", identifier="KS-002", name="みどり児童館", kana="ミドリジドウカン",
        area="J2", point=place(3.7, 3.9), pull=0.8, summer_days=3,
        hours=_hours(((1, 2, 3, 4, 5), "09:30", "17:00"), ((6,), "09:30", "15:00")),
        facts={
            "operator_kind": "5", "operator_name": "NPO法人 そだちの輪（架空）", "place_kind": "3", "facility_type": "児童館",
            "ages": ("2", "3", "4", "5", "6", "7"), "ages_note": "0歳〜18歳（乳幼児は保護者と）",
            "programmes": ("kyoten", "1", "9"), "address": "つながり市みどり2-8", "postal_code": "0000002",
            "phone": "0400-00-0102", "channels": (("phone", "0400-00-0102", "火〜土 9:30〜17:00"),),
            "capacity": 40, "private_room": False, "parking": "5台", "access": "みどり駅から歩いて6分",
            "temporary_care": False, "hours_note": "乳幼児のひろばは午前が中心",
        },
        spans=(Span(None, {"operator_kind": "2", "operator_name": "つながり市社会福祉協議会（架空）",
                           "hours_note": ""}), Span(1)),
    ),
    AgencyPlan(
        key="wakaba", identifier="HO-004", name="わかば保育園 子育て相談室", kana="ワカバホイクエンコソダテソウダンシツ",
        area="J1", point=place(1.9, 0.9), pull=0.45, summer_days=3,
        hours=_hours((WEEKDAYS, "09:30", "15:00")),
        facts={
            "operator_kind": "3", "operator_name": "社会福祉法人 若葉の会（架空）", "place_kind": "5", "facility_type": "保育所",
            "ages": ("1", "2", "3", "4"), "ages_note": "妊娠中〜2歳", "programmes": ("myhoikuen", "5"),
            "address": "つながり市若草3-1", "postal_code": "0000001", "phone": "0400-00-0104",
            "channels": (("phone", "0400-00-0104", "平日 9:30〜15:00"),), "capacity": 8, "private_room": True,
            "parking": "3台", "temporary_care": True, "note": "園庭開放は水曜日",
        },
    ),
    AgencyPlan(
        key="sorairo", identifier="KO-002", name="認定こども園 そらいろ", kana="ニンテイコドモエンソライロ",
        area="J2", point=place(5.0, 3.6), pull=0.4, summer_days=5,
        hours=_hours(((0, 2, 4), "10:00", "14:30")),
        facts={
            "operator_kind": "4", "operator_name": "学校法人 空色学園（架空）", "place_kind": "6", "facility_type": "認定こども園",
            "ages": ("2", "3", "4", "5", "6"), "ages_note": "0歳〜就学前", "programmes": ("kyoten", "5", "6"),
            "address": "つながり市緑が丘5-10", "postal_code": "0000002", "phone": "0400-00-0105",
            "channels": (("phone", "0400-00-0105", "月・水・金 10:00〜14:30"), ("form", "", "")), "capacity": 12,
            "private_room": True, "parking": "8台", "temporary_care": True,
        },
    ),
    AgencyPlan(
        key="nijiiro", identifier="KS-003", name="つどいの広場 にじいろ", kana="ツドイノヒロバニジイロ",
        area="J2", point=place(3.1, 3.3), pull=0.75,
        hours=_hours(((0, 2, 3, 4, 5, 6, 7), "10:00", "16:00")),
        facts={
            "operator_kind": "5", "operator_name": "NPO法人 にじのはし（架空）", "place_kind": "13",
            "facility_type": "つどいの広場", "ages": ("1", "2", "3", "4", "5", "6"), "ages_note": "妊娠中〜就学前",
            "programmes": ("kyoten", "7"), "address": "つながり市駅前1-1", "address_detail": "つながりモール3階",
            "postal_code": "0000002", "phone": "0400-00-0103",
            "channels": (("phone", "0400-00-0103", "10:00〜16:00（火曜休み）"), ("sns", "LINE公式", "平日 10:00〜15:00")),
            "capacity": 20, "private_room": False, "parking": "モール駐車場（2時間無料）", "access": "つながり駅 直結",
            "languages": ("en", "zh"), "temporary_care": False,
        },
    ),
    AgencyPlan(
        key="daigaku", identifier="KS-005", name="つながり大学 子育てステーション", kana="ツナガリダイガクコソダテステーション",
        area="J1", point=place(0.7, 4.2), pull=0.35, designated=False, term_time=True,
        hours=_hours(((0, 1, 2, 3), "10:00", "15:00")),
        facts={
            "operator_kind": "4", "operator_name": "学校法人 つながり大学（架空）", "place_kind": "11",
            "facility_type": "子育てひろば", "ages": ("2", "3", "4"), "ages_note": "0歳〜2歳", "programmes": ("9",),
            "address": "つながり市学園前100", "address_detail": "A棟1階", "postal_code": "0000001", "phone": "0400-00-0106",
            "channels": (("phone", "0400-00-0106", "月〜木 10:00〜15:00"),), "capacity": 10, "private_room": False,
            "parking": "なし", "access": "バス停 学園前 すぐ", "hours_note": "授業のある期間だけ開きます",
        },
    ),
    AgencyPlan(
        key="centre", identifier="KC-001", name="つながり市こども家庭センター", kana="ツナガリシコドモカテイセンター",
        area="J1", point=place(1.9, 2.9), centre=True, hiroba=False, designated=False, pull=0.2,
        hours=_hours((WEEKDAYS, "08:30", "17:15")),
        facts={
            "operator_kind": "1", "operator_name": "つながり市（架空）", "place_kind": "2",
            "facility_type": "こども家庭センター", "ages": ("1", "2", "3", "4", "5", "6", "7"), "programmes": ("3", "4"),
            "address": "つながり市あおば町5-1", "address_detail": "保健福祉センター2階", "postal_code": "0000001",
            "phone": "0400-00-0100",
            "channels": (("phone", "0400-00-0100", "平日 8:30〜17:15"), ("visit", "", "平日（予約）"), ("online", "", "予約")),
            "private_room": True, "parking": "30台", "languages": ("en", "zh", "vi", "pt"),
        },
    ),
)  # fmt: skip

_STAFF = (
    StaffPlan("soudan", "三浦 架空", "みうら かくう", (("counselor", "aoba"),)),
    StaffPlan("soudan2", "原田 架空", "はらだ かくう", (("counselor", "aoba"),)),
    StaffPlan("kanchou", "岡本 架空", "おかもと かくう", (("manager", "aoba"),)),
    StaffPlan("midori", "森山 架空", "もりやま かくう", (("counselor", "midori"),)),
    StaffPlan("wakaba", "小野 架空", "おの かくう", (("counselor", "wakaba"),)),
    StaffPlan("sorairo", "空井 架空", "そらい かくう", (("counselor", "sorairo"),)),
    StaffPlan("nijiiro", "橋本 架空", "はしもと かくう", (("counselor", "nijiiro"),)),
    StaffPlan("daigaku", "大江 架空", "おおえ かくう", (("counselor", "daigaku"),)),
    StaffPlan("kakemochi", "両角 架空", "もろずみ かくう",
              (("counselor", "midori"), ("counselor", "nijiiro"), ("rounds", "aoba"))),
    StaffPlan("junkai", "巡田 架空", "めぐりた かくう", (("rounds", "aoba"), ("rounds", "wakaba"))),
    StaffPlan("hokenshi", "保坂 架空", "ほさか かくう", (("nurse", "centre"),)),
    StaffPlan("toukatsu", "束原 架空", "つかはら かくう", (("lead", "centre"),)),
    StaffPlan("shi", "市川 架空", "いちかわ かくう", (("officer", ""),)),
    StaffPlan("kansa", "監物 架空", "けんもつ かくう", (("auditor", ""),)),
    StaffPlan("midori-kanchou", "緑川 架空", "みどりかわ かくう", (("manager", "midori"),)),
    StaffPlan("nijiiro-daihyo", "虹村 架空", "にじむら かくう", (("manager", "nijiiro"),)),
    StaffPlan("wakaba-encho", "若林 架空", "わかばやし かくう", (("manager", "wakaba"),)),
    StaffPlan("sorairo-encho", "空野 架空", "そらの かくう", (("manager", "sorairo"),)),
    StaffPlan("daigaku-shunin", "学田 架空", "がくた かくう", (("manager", "daigaku"),)),
)  # fmt: skip

TSUNAGARI = TownPlan(
    key="tsunagari", code="999997", name="つながり市（架空）", kana="つながりし", prefecture="架空県",
    households=1500, areas=_AREAS, agencies=_AGENCIES, staff=_STAFF,
)  # fmt: skip

_NEXT = (142.2, 35.30)

TONARI = TownPlan(
    key="tonari", code="999989", name="となり町（架空）", kana="となりちょう", prefecture="架空県", households=120,
    areas=(
        AreaPlan(
            "T1", "となり中学校区",
            tuple(place(x, y, _NEXT) for x, y in ((0, 0), (4, 0.3), (4.4, 3.2), (1.0, 3.6), (0, 0))),
            ("中央", "山手", "浜辺"), "0000009", 1.0,
        ),
    ),
    agencies=(
        AgencyPlan(
            key="hamabe", identifier="T-01", name="となり町子育てひろば はまべ", kana="トナリチョウコソダテヒロバハマベ",
            area="T1", point=place(2.0, 1.4, _NEXT), pull=1.0, hours=_hours(((0, 1, 3, 4), "09:30", "15:30")),
            facts={
                "operator_kind": "1", "operator_name": "となり町（架空）", "place_kind": "4", "facility_type": "子育てひろば",
                "ages": ("1", "2", "3", "4", "5", "6"), "programmes": ("kyoten",), "address": "となり町中央1-1",
                "postal_code": "0000009", "phone": "0400-00-0901",
                "channels": (("phone", "0400-00-0901", "9:30〜15:30"),), "capacity": 15, "private_room": True,
                "parking": "10台",
            },
        ),
        AgencyPlan(
            key="tonari-centre", identifier="T-02", name="となり町こども家庭センター", kana="トナリチョウコドモカテイセンター",
            area="T1", point=place(2.3, 1.6, _NEXT), centre=True, hiroba=False, designated=False, pull=0.2,
            hours=_hours((WEEKDAYS, "08:30", "17:15")),
            facts={
                "operator_kind": "1", "operator_name": "となり町（架空）", "place_kind": "1",
                "facility_type": "こども家庭センター", "ages": ("1", "2", "3", "4", "5", "6", "7"), "programmes": ("3",),
                "address": "となり町中央1-3", "postal_code": "0000009", "phone": "0400-00-0900",
                "channels": (("phone", "0400-00-0900", "平日 8:30〜17:15"),), "private_room": True,
            },
        ),
    ),
    staff=(
        StaffPlan("tonari-soudan", "浜野 架空", "はまの かくう", (("counselor", "hamabe"),)),
        StaffPlan("tonari-kanchou", "磯部 架空", "いそべ かくう", (("manager", "hamabe"),)),
        StaffPlan("tonari-hokenshi", "潮田 架空", "しおた かくう", (("nurse", "tonari-centre"),)),
        StaffPlan("tonari-shi", "町田 架空", "まちだ かくう", (("officer", ""),)),
        StaffPlan("tonari-kansa", "目黒 架空", "めぐろ かくう", (("auditor", ""),)),
    ),
)  # fmt: skip

TOWNS = (TSUNAGARI, TONARI)
