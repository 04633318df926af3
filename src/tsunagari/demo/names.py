"""Names put together from lists. A coincidence with a living person is one of chance."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_FAMILY = """
青葉 あおば 虹野 にじの 星川 ほしかわ 花園 はなぞの 空知 そらち 若草 わかくさ 小鳥 ことり 春日野 かすがの 月島 つきしま
風間 かざま 森下 もりした 水沢 みずさわ 朝倉 あさくら 夕凪 ゆうなぎ 白浜 しらはま 緑川 みどりかわ 桜庭 さくらば 梅原 うめはら
竹内 たけうち 松永 まつなが 杉山 すぎやま 柏木 かしわぎ 楠本 くすもと 榎本 えのもと 桐谷 きりたに 椿 つばき 藤代 ふじしろ
萩原 はぎわら 菊池 きくち 蓮見 はすみ 葵 あおい 雪村 ゆきむら 霧島 きりしま 雨宮 あまみや 雲井 くもい 日向 ひなた 光本 みつもと
岩瀬 いわせ 石塚 いしづか 砂川 すながわ 谷口 たにぐち 沢田 さわだ 滝本 たきもと 川辺 かわべ 江口 えぐち 浦野 うらの 湊 みなと
島崎 しまざき 島﨑 しまざき 山崎 やまざき 山﨑 やまさき 高梨 たかなし 髙梨 たかなし 高瀬 たかせ 髙瀬 たかせ 渡瀬 わたせ
渡辺 わたなべ 渡邊 わたなべ 渡邉 わたなべ 斉木 さいき 齋木 さいき 齊木 さいき 浜口 はまぐち 濱口 はまぐち 沢井 さわい 澤井 さわい
広瀬 ひろせ 廣瀬 ひろせ 桧山 ひやま 檜山 ひやま 東雲 しののめ 西園 にしぞの 南条 なんじょう 北見 きたみ 大空 おおぞら 小野寺 おのでら
中里 なかざと 上村 うえむら 下田 しもだ 長谷部 はせべ 早乙女 さおとめ 五十嵐 いがらし 千早 ちはや 百瀬 ももせ 八木 やぎ 三田村 みたむら
一色 いっしき 二宮 にのみや 七海 ななみ 九条 くじょう 小日向 こひなた 鳥居 とりい 鹿野 かの 熊谷 くまがや 牛尾 うしお 馬場 ばば
羽田 はねだ 鶴見 つるみ 鷺沢 さぎさわ 兎田 うさだ 猪瀬 いのせ 亀山 かめやま 糸川 いとかわ 絹田 きぬた 織部 おりべ 染谷 そめや
笛木 ふえき 鈴原 すずはら 鼓 つづみ 琴平 ことひら 結城 ゆうき 縁 えにし 真壁 まかべ 新堀 にいぼり 古沢 ふるさわ 永田 ながた
"""
_GIRLS = """
結衣 ゆい 葵 あおい 陽菜 ひな 凛 りん 紬 つむぎ 芽依 めい 咲良 さくら 莉子 りこ 美月 みつき 心春 こはる 琴葉 ことは 花 はな 杏 あん
澪 みお 彩葉 いろは 柚葉 ゆずは 楓 かえで 詩 うた 朱莉 あかり 千尋 ちひろ ひまり ひまり すみれ すみれ 小春 こはる 真央 まお 栞 しおり
優奈 ゆうな 一花 いちか 乃愛 のあ 茉莉 まり 沙羅 さら 光莉 ひかり 七海 ななみ ののか ののか 美羽 みう 初音 はつね 灯 あかり 翠 すい
"""
_BOYS = """
蓮 れん 陽翔 はると 湊 みなと 樹 いつき 碧 あお 朝陽 あさひ 悠真 ゆうま 律 りつ 颯太 そうた 大和 やまと 蒼 そう 結翔 ゆいと 新 あらた
陸 りく 奏太 かなた 岳 がく 航 わたる 晴 はる 旭 あさひ 伊織 いおり 暖 だん 慧 けい 瑛太 えいた 直人 なおと 柊 しゅう 匠 たくみ 青空 そら
拓海 たくみ 空 そら 健 けん 智也 ともや 昴 すばる 光 ひかる 仁 じん 友樹 ともき 理久 りく 渚 なぎさ 大地 だいち 翼 つばさ 歩 あゆむ
"""
_MOTHERS = """
美咲 みさき 愛 あい 彩 あや 麻衣 まい 千尋 ちひろ 智子 ともこ 裕子 ゆうこ 香織 かおり 真由美 まゆみ 恵 めぐみ 由香 ゆか 奈々 なな
沙織 さおり 早紀 さき 瞳 ひとみ 綾乃 あやの 舞 まい 亜希子 あきこ 優子 ゆうこ 直美 なおみ 久美子 くみこ 友香 ともか 里奈 りな 遥 はるか
加奈 かな 梨沙 りさ 明日香 あすか 典子 のりこ さやか さやか 美穂 みほ 志保 しほ 理恵 りえ 真紀 まき 文香 ふみか 桃子 ももこ 葉月 はづき
"""
_FATHERS = """
翔太 しょうた 大輔 だいすけ 健太 けんた 拓也 たくや 直樹 なおき 達也 たつや 哲也 てつや 雄介 ゆうすけ 和也 かずや 亮 りょう 誠 まこと
学 まなぶ 浩二 こうじ 隆 たかし 翔 しょう 洋平 ようへい 祐樹 ゆうき 慎一 しんいち 健一 けんいち 徹 とおる 純 じゅん 聡 さとし 剛 つよし
正樹 まさき 俊介 しゅんすけ 康平 こうへい 大樹 だいき 圭 けい 一輝 かずき 悟 さとる 淳 じゅん 智 さとし 晃 あきら 恭平 きょうへい
"""
_ELDERS_F = "和子 かずこ 節子 せつこ 洋子 ようこ 幸子 さちこ 京子 きょうこ 恵子 けいこ 悦子 えつこ 信子 のぶこ 文子 ふみこ 澄子 すみこ"
_ELDERS_M = (
    "勇 いさむ 清 きよし 茂 しげる 実 みのる 進 すすむ 修 おさむ 昭夫 あきお 利夫 としお 武 たけし 博 ひろし"
)
#: language, family name, its reading, mothers, fathers, girls, boys (name and reading)
_ABROAD = (
    ("vi", "グエン", "ぐえん", "ティ ラン/てぃ らん", "ヴァン ナム/ゔぁん なむ", "アン/あん", "ミン/みん"),
    ("vi", "TRAN", "ちゃん", "THI HOA/てぃ ほあ", "VAN DUC/ゔぁん どぅっく", "LINH/りん", "BAO/ばお"),
    ("zh", "王", "おう", "麗華/れいか", "志偉/しい", "思涵/しかん", "子軒/しけん"),
    ("zh", "リュウ", "りゅう", "シャオ/しゃお", "ウェイ/うぇい", "メイ/めい", "ハオ/はお"),
    (
        "tl",
        "サントス",
        "さんとす",
        "マリア クララ/まりあ くらら",
        "ジョセフ/じょせふ",
        "アンジェラ/あんじぇら",
        "ミゲル/みげる",
    ),
    (
        "pt",
        "シルバ",
        "しるば",
        "アナ パウラ/あな ぱうら",
        "カルロス/かるろす",
        "ジュリア/じゅりあ",
        "ルーカス/るーかす",
    ),
    ("ne", "SHRESTHA", "しゅれすた", "SITA/した", "BIKASH/びかす", "ANJALI/あんじゃり", "AARAV/あーらゔ"),
    (
        "en",
        "ハリス",
        "はりす",
        "エミリー/えみりー",
        "マイケル/まいける",
        "ソフィー/そふぃー",
        "オリバー/おりばー",
    ),
    ("id", "プトリ", "ぷとり", "デウィ/でうぃ", "ブディ/ぶでぃ", "アユ/あゆ", "リズキ/りずき"),
    ("ko", "金", "きむ", "ミンジ/みんじ", "ジュノ/じゅの", "ソア/そあ", "シウ/しう"),
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name and how it is read (hiragana)."""

    text: str
    kana: str


@dataclass(frozen=True, slots=True)
class Family:
    """What the names of one family are drawn from. `language` is ISO 639-1, empty for Japanese."""

    name: Name
    language: str
    mothers: tuple[Name, ...]
    fathers: tuple[Name, ...]
    girls: tuple[Name, ...]
    boys: tuple[Name, ...]


def _pairs(text: str) -> tuple[Name, ...]:
    words = text.split()
    return tuple(Name(*pair) for pair in zip(words[::2], words[1::2], strict=True))


FAMILY_NAMES = _pairs(_FAMILY)
GIRLS, BOYS, MOTHERS, FATHERS = _pairs(_GIRLS), _pairs(_BOYS), _pairs(_MOTHERS), _pairs(_FATHERS)
ELDER_WOMEN, ELDER_MEN = _pairs(_ELDERS_F), _pairs(_ELDERS_M)


def _given(text: str) -> Name:
    return Name(*text.split("/"))


def draw_family(random: Random, *, abroad_share: float = 0.04) -> Family:
    """A family's names; one in 25 from abroad."""
    if random.random() >= abroad_share:
        return Family(random.choice(FAMILY_NAMES), "", MOTHERS, FATHERS, GIRLS, BOYS)
    language, family, kana, mother, father, girl, boy = random.choice(_ABROAD)
    own = (_given(mother), _given(father), _given(girl), _given(boy))
    girls = (own[2], *(name for name in GIRLS if name.text == name.kana or len(name.text) == 1))
    boys = (own[3], *(name for name in BOYS if len(name.text) == 1))
    return Family(Name(family, kana), language, (own[0],), (own[1],), girls, boys)
