"""Names of residents from abroad and the readings a counter gives them. Put together from pieces; nobody
is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from benchmarks.linkage.names import Part, pairs

#: 王 stands as ワン or オウ, 李 as リー, リ or イ: whoever reads it first.
HAN_READINGS = {
    "王": ("ワン", "オウ"), "李": ("リー", "リ"), "張": ("チャン", "チョウ"), "陳": ("チェン", "チン"), "劉": ("リウ", "リュウ"),
    "楊": ("ヤン", "ヨウ"), "黄": ("ホアン", "コウ"), "金": ("キム", "キン"), "朴": ("パク", "ボク"), "崔": ("チェ", "サイ"),
    "林": ("リン", "ハヤシ"), "鄭": ("チョン", "テイ"),
}  # fmt: skip
_HAN = (
    "雪 シュエ 静 ジン 欣 シン 思 スー 美 メイ 麗 リー 雨 ユー 佳 ジア 秀 ス 智 チ 子 ズー 志 ジー 浩 ハオ 宇 ユー 天 ティエン 博 ボー 俊 チュン 民 ミン",
    "梅 メイ 怡 イー 琪 チー 玲 リン 英 ヨン 賢 ヒョン 華 ホワ 桐 トン 慧 フイ 然 ラン 軒 シュエン 明 ミン 熙 ヒ 航 ハン 佑 ヨウ 文 ウェン 国 グオ 偉 ウェイ",
)
_VIET = "NGUYEN グエン NGUYEN グエン NGUYEN グエン TRAN チャン LE レ PHAM ファム HOANG ホアン VO ヴォ DANG ダン BUI ブイ DO ドー VU ヴー"
_VIET_WOMEN = (
    "THI ティ THI.THU ティ・トゥ THI.NGOC ティ・ゴック NGOC ゴック THI.MINH ティ・ミン BAO バオ",
    "LAN ラン HOA ホア HUONG フオン LINH リン TRANG チャン HA ハー YEN イエン PHUONG フオン THAO タオ HIEN ヒエン HANG ハン MAI マイ",
)
_VIET_MEN = (
    "VAN ヴァン MINH ミン DUC ドゥック QUANG クアン HUU フウ XUAN スアン GIA ザー",
    "NAM ナム HUY フイ TUAN トゥアン HUNG フン DUNG ズン LONG ロン HAI ハイ THANH タイン ANH アイン SON ソン BAO バオ KHANH カイン",
)
_LATIN = (
    "SILVA シルヴァ SANTOS サントス OLIVEIRA オリベイラ SOUZA ソウザ DELA.CRUZ デラ・クルス GARCIA ガルシア REYES レイエス BAUTISTA バウティスタ "
    "SMITH スミス MULLER ミュラー THAPA タパ SHRESTHA シュレスタ GURUNG グルン RAI ライ TAMANG タマン TANAKA.SOUZA タナカ・ソウザ"
)
_LATIN_WOMEN = (
    "MARIA マリア ANA アナ GRACE グレイス EMILY エミリー SOFIA ソフィア SITA シタ JULIANA ジュリアナ VIVIAN ヴィヴィアン LUCIA ルシア CARMEN カルメン",
    "CLARA クララ BEATRIZ ベアトリス ANN アン ROSE ローズ LUISA ルイザ KUMARI クマリ FATIMA ファティマ JOY ジョイ PAULA パウラ",
)
_LATIN_MEN = (
    "JOAO ジョアン MIGUEL ミゲル LUCAS ルーカス JOHN ジョン DAVID デイヴィッド BIKASH ビカス RAM ラム GABRIEL ガブリエル RAFAEL ラファエル MARK マーク",
    "PEDRO ペドロ ANGELO アンジェロ PAUL ポール BAHADUR バハドゥル HENRIQUE エンリケ VICTOR ヴィクトル KUMAR クマール JAY ジェイ OSCAR オスカル",
)


@dataclass(frozen=True, slots=True)
class Stock:
    """One family's names. `apart`: the mother keeps her own (China, Korea, Vietnam)."""

    family: Part
    given: Callable[[str], Part]
    other_family: Callable[[], Part]
    apart: bool


def people(chance: Random) -> Stock:
    """A family from China or Korea, from Viet Nam, or from a land of Latin letters."""
    if chance.random() < 0.4:
        return Stock(_han(chance), lambda sex: _put_together(chance, _HAN, ""), lambda: _han(chance), True)
    viet = chance.random() < 0.5
    family, women, men = (_VIET, _VIET_WOMEN, _VIET_MEN) if viet else (_LATIN, _LATIN_WOMEN, _LATIN_MEN)

    def own() -> Part:
        return _spaced(chance.choice(pairs(family)))

    return Stock(own(), lambda sex: _put_together(chance, women if sex == "2" else men, " "), own, viet)


def _han(chance: Random) -> Part:
    text = chance.choice(list(HAN_READINGS))
    return Part(text, HAN_READINGS[text][0])


def _put_together(chance: Random, pieces: tuple[str, str], between: str) -> Part:
    first, last = (chance.choice(pairs(several)) for several in pieces)
    kana = f"{first.kana}・{last.kana}" if between else first.kana + last.kana
    return _spaced(Part(f"{first.text}{between}{last.text}", kana))


def _spaced(part: Part) -> Part:
    return Part(part.text.replace(".", " "), part.kana)


def is_foreign(part: Part) -> bool:
    """Whether a name is one of these, and not a Japanese one that happens to look alike (林)."""
    return part.text.isascii() or (part.text in HAN_READINGS and part.kana == HAN_READINGS[part.text][0])
