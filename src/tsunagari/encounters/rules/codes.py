"""Code lists of the common record (E1)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """One of the study's 13 categories: number, its label, and a short form for buttons."""

    code: int
    label: str
    short: str


CATEGORIES: tuple[Category, ...] = (
    Category(1, "保育所、幼稚園、認定こども園等の利用相談、情報提供", "保育所・幼稚園・こども園"),
    Category(2, "自治体が実施している子育て支援事業の利用相談・情報提供", "市の子育て支援事業"),
    Category(3, "民間が実施している子育て支援事業の利用相談・情報提供", "民間の子育て支援事業"),
    Category(4, "離乳食やしつけ等子どもの育て方に関する相談", "離乳食・しつけ・育て方"),
    Category(5, "子どもの健康や発達に関する相談", "子どもの健康や発達"),
    Category(6, "家庭の経済的な問題に関する相談", "家庭の経済"),
    Category(7, "夫婦の関係性に関する相談", "夫婦の関係"),
    Category(8, "親族や友人等との関係性に関する相談", "親族・友人との関係"),
    Category(9, "養育者の精神問題に関する相談", "養育者のこころ"),
    Category(10, "養育者や家族の健康・障害・疾患に関する相談", "養育者・家族の健康や障害"),
    Category(11, "養育者の就労や子育てとの両立支援に関する相談", "仕事と子育ての両立"),
    Category(12, "上記以外の地域情報の提供", "地域の情報"),
    Category(13, "その他", "その他"),
)
CATEGORY: dict[int, Category] = {category.code: category for category in CATEGORIES}

RESPONSES: dict[str, str] = {
    "listened": "話をきいた",
    "advised": "助言した",
    "informed": "情報を伝えた",
    "introduced": "資源を紹介した",
    "proposed": "つなぎを提案した",
    "connected": "機関につないだ",
    "watching": "見守る",
    "other": "その他",
}

CHANNELS: dict[str, str] = {
    "visit": "来所",
    "phone": "電話",
    "home": "訪問",
    "outing": "出張",
    "message": "メール・LINE",
    "online": "オンライン",
}

KINDS: dict[str, str] = {
    "consult": "相談",
    "accompany": "同行",
    "round": "巡回",
    "group": "グループでの話",
    "note": "ようすの記録",
}

SIGHTS: dict[str, str] = {
    "usual": "いつもどおり",
    "manager": "施設長とセンターだけ",
}

#: Levels of concern, lowest first. A city gives them names of its own (KeepingPolicy.concerns).
CONCERNS: tuple[str, ...] = ("気になることはない", "少し気になる", "気になる", "とても気になる")

STYLES: dict[str, str] = {
    "family": "家庭ごと（個人別）",
    "day": "日ごと（時系列）",
    "hybrid": "日ごとに書き、印のあるものは家庭ごとにも追う（ハイブリッド）",
}

CONSENTS: dict[str, str] = {
    "not_asked": "きいていない",
    "asked": "返事待ち",
    "given": "同意",
    "refused": "しない",
}


def main_first(categories: list[int], main: int | None) -> tuple[int, list[int]]:
    """The main category and all of them, main first, without doubles.

    Raises ValueError when none is given or a code is unknown.
    """
    chosen = list(dict.fromkeys(categories if main is None else [main, *categories]))
    if not chosen:
        raise ValueError("分類を1つ以上えらんでください。")
    if unknown := [code for code in chosen if code not in CATEGORY]:
        raise ValueError(f"分類 {unknown[0]} はありません。")
    return chosen[0], chosen
