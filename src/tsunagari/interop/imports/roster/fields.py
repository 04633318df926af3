"""What a column of an old roster can hold, by which words in a heading it is known, and how often it may stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the mapping. `words` are whole headings, `parts` pieces of one; `many` may be chosen repeatedly."""

    name: str
    label: str
    words: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    many: bool = False


FIELDS = (
    Field(
        "visited_on", "来所日",
        ("来所日", "利用日", "来館日", "参加日", "日付", "年月日", "月日", "日にち", "日", "開催日", "来所年月日"),
        ("来所日", "利用日", "来館日", "参加日", "日付"),
    ),
    Field(
        "arrived_at", "来た時刻",
        ("時刻", "来所時刻", "来所時間", "来館時刻", "入室", "入館", "受付時刻", "時間", "開始"),
        ("来所時", "来館時", "入室時", "受付時"),
    ),
    Field(
        "guardian", "保護者氏名",
        ("保護者", "保護者氏名", "保護者名", "氏名", "名前", "お名前", "母", "母氏名", "母の名前", "父", "ママ", "利用者",
         "利用者名", "代表者", "世帯主"),
        ("保護者氏名", "保護者名", "保護者の氏名", "母の氏名", "母氏名", "お母さん", "保護者"),
        many=True,
    ),
    Field(
        "guardian_kana", "保護者かな",
        ("保護者かな", "保護者カナ", "ふりがな", "フリガナ", "カナ", "かな", "氏名カナ", "氏名かな", "よみ", "読み"),
        ("保護者かな", "保護者カナ", "保護者ふりがな", "保護者フリガナ", "氏名カナ", "氏名フリガナ"),
        many=True,
    ),
    Field(
        "child", "児の氏名",
        ("児", "児氏名", "児の氏名", "児童", "児童名", "児童氏名", "乳幼児氏名", "子ども氏名", "子どもの名前", "子供氏名",
         "子供の名前", "こども氏名", "お子さん", "お子さま", "お子様", "お子様名", "お子さん名", "子氏名", "子の名前", "対象児"),
        ("児氏名", "児の名", "児童名", "児童氏名", "子どもの名", "子どもの氏名", "子供の名", "こどもの名", "お子さん", "お子様",
         "お子さま", "対象児", "第一子", "第二子", "第三子"),
        many=True,
    ),
    Field("child_kana", "児のかな", ("児かな", "児カナ", "児のふりがな", "子かな"),
          ("児かな", "児カナ", "児ふりがな", "児フリガナ", "子どもかな", "子どもふりがな", "子どもフリガナ"), many=True),
    Field(
        "child_birth", "児の生年月日", ("生年月日", "誕生日", "児の生年月日", "生まれ"), ("生年月日", "誕生日"), many=True
    ),
    Field("child_age", "児の年齢", ("年齢", "月齢", "歳", "児の年齢", "児の月齢", "才"), ("年齢", "月齢"), many=True),
    Field("nickname", "呼び名", ("呼び名", "よび名", "愛称", "ニックネーム", "あだ名"), ("呼び名", "愛称", "ニックネーム")),
    Field("address", "住所", ("住所", "所在地", "お住まい", "町名", "居住地", "地区", "住所地"), ("住所", "お住まい", "町名")),
    Field(
        "phone", "電話",
        ("電話", "電話番号", "連絡先", "携帯", "携帯電話", "tel", "緊急連絡先", "携帯番号"),
        ("電話", "携帯", "連絡先", "tel"),
        many=True,
    ),
    Field("adults", "大人の人数", ("大人", "おとな", "大", "大人数", "保護者数", "親"), ("大人", "おとな", "保護者数")),
    Field(
        "children", "子どもの人数",
        ("子ども", "子供", "こども", "小", "子", "児数", "子ども数", "小人", "人数", "子どもの人数", "乳幼児数"),
        ("子どもの数", "子ども数", "子供数", "児数", "子どもの人数"),
    ),
    Field("first", "はじめて", ("初めて", "はじめて", "初回", "初", "新規", "新", "初来所", "初参加"), ("初めて", "はじめて", "初回", "新規")),
    Field("other_town", "市外", ("市外", "町外", "区外", "村外", "市内外", "市内市外"), ("市外", "町外", "区外", "村外")),
    Field("registered_on", "登録日", ("登録日", "申込日", "登録年月日", "受付日"), ("登録日", "申込日")),
    Field("note", "メモ", ("メモ", "備考", "特記", "様子", "内容", "その他", "備考欄", "特記事項", "摘要"),
          ("備考", "メモ", "特記", "様子"), many=True),
    Field(SKIP, "使わない", ("no", "番号", "通番", "曜日", "曜", "計", "合計", "回数", "天気", "記入者", "担当", "確認")),
)  # fmt: skip

BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}
LABELS: Mapping[str, str] = {field.name: field.label for field in FIELDS}
NAMING = ("guardian", "guardian_kana", "child", "child_kana", "nickname")

#: All words a heading of a roster may say, for finding the row of headings.
KNOWN = tuple(dict.fromkeys(word for field in FIELDS for word in field.words))
