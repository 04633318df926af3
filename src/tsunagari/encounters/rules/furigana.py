"""Furigana for what a family is given: readings of words that have one reading only, and of names that are known.

A run of kanji gets its furigana only when the words here cover all of it: a reading that is missing is better than a
wrong one. Names come with their own reading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_RUN = re.compile(r"[一-龠々〆ヶ]+")
_WORDS = """
相談そうだん 相談員そうだんいん 支援しえん 支/ささ 申/もう 込/こ 令和れいわ 家庭かてい 家族かぞく 子育/こそだ 育児いくじ 保育ほいく 保育園ほいくえん 保育所ほいくしょ
幼稚園ようちえん 児童館じどうかん 学校がっこう 小学校しょうがっこう 中学校ちゅうがっこう 先生せんせい 保健師ほけんし 助産師じょさんし
医師いし 病院びょういん 医療いりょう 健診けんしん 健康けんこう 発達はったつ 成長せいちょう 予防接種よぼうせっしゅ 離乳食りにゅうしょく
食事しょくじ 睡眠すいみん 夜/よる 朝/あさ 昼/ひる 毎日まいにち 毎週まいしゅう 毎月まいつき 今日きょう 明日あした 来週らいしゅう 来月らいげつ
一時預/いちじあず 利用りよう 予約よやく 電話でんわ 訪問ほうもん 面談めんだん 見学けんがく 申請しんせい 申込/もうしこ 手続/てつづ 書類しょるい
窓口まどぐち 市役所しやくしょ 役所やくしょ 手当てあて 給付きゅうふ 費用ひよう 無料むりょう 仕事しごと 育休いくきゅう 復帰ふっき 時間じかん
場所ばしょ 場/ば 機関きかん 担当たんとう 連絡れんらく 連絡先れんらくさき 予定よてい 準備じゅんび 練習れんしゅう 安心あんしん 安全あんぜん
目標もくひょう 希望きぼう 説明せつめい 計画けいかく 内容ないよう 様子ようす 生活せいかつ 関係かんけい 友達ともだち
祖父そふ 祖母そぼ 弟/おとうと 妹/いもうと 夫婦ふうふ 妊娠にんしん 出産しゅっさん 産後さんご 産前さんぜん 赤/あか 歩/ある
遊/あそ 聞/き 休/やす 眠/ねむ 食/た 使/つか 見/み 書/か 決/き 考/かんが 伝/つた 手伝/てつだ 助/たす 困/こま 心配しんぱい
不安ふあん 大切たいせつ 必要ひつよう 一緒いっしょ 次/つぎ
確/たし 会議かいぎ 親子おやこ 教室きょうしつ 講座こうざ 広場ひろば 公園こうえん 図書館としょかん 絵本えほん 言葉ことば 気持/きも
体/からだ 心/こころ 薬/くすり 熱/ねつ 受診じゅしん 通院つういん 検査けんさ 届出とどけで 転入てんにゅう 引越/ひっこ 住所じゅうしょ 氏名しめい
署名しょめい 署名欄しょめいらん 渡/わた 名前なまえ 支払/しはら 見通/みとお 預/あず 先/さき 立/た 約束やくそく 終/お 園/えん 目/め 控/ひか
一人ひとり 二人ふたり
"""


def _entry(entry: str) -> tuple[str, str]:
    if "/" in entry:
        written, _, read = entry.partition("/")
        return written, read
    split = next(place for place, letter in enumerate(entry) if "ぁ" <= letter <= "ん")
    return entry[:split], entry[split:]


READINGS: dict[str, str] = dict(_entry(entry) for entry in _WORDS.split())
_LONGEST = max(map(len, READINGS))


def ruby(text: str, names: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """The text in runs of (written, reading); the reading is "" where none is set. Joined, the written runs are the
    text. `names`: written names with their readings; they come first and may stand inside a run of kanji."""
    known = {written: read for written, read in (names or {}).items() if written and read and written != read}
    if known:
        pattern = re.compile("|".join(re.escape(one) for one in sorted(known, key=len, reverse=True)))
        found: list[tuple[str, str]] = []
        end = 0
        for match in pattern.finditer(text):
            found += _plain(text[end : match.start()])
            found.append((match[0], known[match[0]]))
            end = match.end()
        return found + _plain(text[end:])
    return _plain(text)


def _plain(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    end = 0
    for match in _RUN.finditer(text):
        parts = _split(match[0])
        if parts is None:
            continue
        if match.start() > end:
            found.append((text[end : match.start()], ""))
        found += [(part, READINGS[part]) for part in parts]
        end = match.end()
    return [*found, (text[end:], "")] if end < len(text) else found


@lru_cache(maxsize=2_000)
def _split(run: str) -> tuple[str, ...] | None:
    """The run in known words, the longest first; None when they do not cover it."""
    if not run:
        return ()
    for length in range(min(len(run), _LONGEST), 0, -1):
        if run[:length] in READINGS and (rest := _split(run[length:])) is not None:
            return (run[:length], *rest)
    return None
