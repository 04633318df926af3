"""Texts of records as long and as varied as real ones: common words, rare ones, places. Nobody said any of it."""

from __future__ import annotations

import random
from functools import cache
from itertools import accumulate


def _cut(words: str) -> list[str]:
    return words.split()


WHO = _cut("母 父 祖母 上の子 下の子 長男 長女 本人 きょうだい 双子 保健師 園の先生 友人 夫 義母")
WHAT = _cut(
    "離乳食 夜泣き 寝かしつけ 卒乳 ことば 発達 あそび 一時預かり 保育所の申し込み 幼稚園の見学 予防接種 湿疹 便秘 発熱 アレルギー "
    "トイレトレーニング 人見知り 後追い かんしゃく 食べむら 体重 歩きはじめ 身長 乳児健診 歯みがき 断乳 授乳 ミルク 母乳 おむつ 夜間の授乳 "
    "きょうだいげんか 赤ちゃん返り 育児休業 復職 職場 家計 児童手当 医療費 住まい 引っ越し 転入 孤立 ひとり親 離婚 夫婦げんか 実家 "
    "義理の親 里帰り 産後うつ 眠れないこと 食欲 不安 涙が出ること いらいら 育児疲れ 持病 通院 服薬 妊娠 つわり 出産 双子の育児 低出生体重 "
    "ことばの教室 療育 発達相談 就学相談 学童 小学校 習い事 絵本 外あそび 公園 ベビーカー 抱っこ紐 チャイルドシート 誤飲 けが 事故 防災 "
    "スマートフォン 動画 テレビ 入浴 着がえ 偏食 おやつ 卵 牛乳 小麦 視力 聴力 吃音 指しゃぶり 爪かみ 夜尿 円形脱毛 虐待の心配 多胎 国際結婚 "
    "日本語 通訳 在留資格 ファミリーサポート 産後ケア 訪問看護 赤ちゃん訪問 子育てサロン 公民館 図書館 児童館 民生委員"
)
HOW = _cut(
    "が気になる のことを聞きたい について話した が続いている で困っている が少し落ち着いた をすすめた の見通しを伝えた に不安がある の案内を渡した "
    "を一緒に見た の経過をきいた はうまくいっている をしばらく見守る について家族と話し合う の予約をとった を記録につける にくわしい人を紹介した"
)
SYLLABLES = _cut("架 空 青 緑 雪 割 里 浜 原 沢 峰 瀬 砂 霧 月 星 花 鳥 風 森 谷 峠 橋 泉 岬 島 丘 園 畑 窯")


@cache
def _weights(size: int) -> list[float]:
    """Running sums of 1/rank: the first is a hundred times as common as the hundredth."""
    return list(accumulate(1 / (rank + 1) for rank in range(size)))


def text_of(number: int) -> str:
    """Three to eight sentences, the same for the same number; one in three names a place out of 27,000."""
    chance = random.Random(number)
    sentences = []
    for _ in range(chance.randint(3, 8)):
        who = chance.choices(WHO, cum_weights=_weights(len(WHO)))[0]
        what = chance.choices(WHAT, cum_weights=_weights(len(WHAT)))[0]
        sentences.append(f"{who}の{what}{chance.choice(HOW)}")
    if chance.random() < 0.33:
        sentences.append(f"{''.join(chance.choices(SYLLABLES, k=3))}の集まりで会った")
    return "。".join(sentences) + "。"
