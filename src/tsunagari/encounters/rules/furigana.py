"""Furigana for what a family is given: readings of words that have one reading only, and of names that are known.

A run of kanji gets its furigana only when the words here cover all of it: a reading that is missing is better than a
wrong one, and `unread` says which are. What a word says may hang on what stands around it: on a number before it, on
the kana after it, on its standing alone. Names come with their own reading.
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
一人ひとり 二人ふたり 子こ 祖父母そふぼ 両親りょうしん 父母ふぼ 親/おや 大人おとな 養育よういく 養育者よういくしゃ 保護者ほごしゃ 本人ほんにん
自分じぶん 仲間なかま 味方みかた 相手あいて 近所きんじょ 上司じょうし 同僚どうりょう 職場しょくば 会社かいしゃ 夜勤やきん 残業ざんぎょう
乳児にゅうじ 幼児ようじ 乳幼児にゅうようじ 園児えんじ 赤/あか 妊婦にんぷ 産婦さんぷ 授乳じゅにゅう 母乳ぼにゅう 夜泣/よな 寝/ね 昼寝ひるね 着替/きが
入浴にゅうよく 食器しょっき 台所だいどころ 冷蔵庫れいぞうこ 玄関げんかん 部屋へや 個室こしつ 別室べっしつ 洗濯せんたく 掃除そうじ 家事かじ 買/か 料理りょうり
献立こんだて 体重たいじゅう 身長しんちょう 体調たいちょう 体操たいそう 病気びょうき 障害しょうがい 療育りょういく 診断しんだん 診察しんさつ 治療ちりょう
入院にゅういん 退院たいいん 歯科しか 小児科しょうにか 産婦人科さんふじんか 保健ほけん 保健所ほけんじょ 保健室ほけんしつ 教育きょういく 教育委員会きょういくいいんかい
支援員しえんいん 支援課しえんか 保育士ほいくし 看護師かんごし 心理士しんりし 栄養士えいようし 民生委員みんせいいいん 児童委員じどういいん 児童じどう
児童相談所じどうそうだんじょ 子育/こそだ 制度せいど 事業じぎょう 登録とうろく 更新こうしん 面会めんかい 面接めんせつ 同行どうこう 同席どうせき 見守/みまも
初回しょかい 前回ぜんかい 今回こんかい 次回じかい 毎回まいかい 回数かいすう 一度いちど 二度にど 一回いっかい 二回にかい 最初さいしょ 最後さいご
今週こんしゅう 今月こんげつ 今年ことし 来年らいねん 先週せんしゅう 先月せんげつ 去年きょねん 昨日きのう 平日へいじつ 休日きゅうじつ 土日どにち 週末しゅうまつ
月曜げつよう 火曜かよう 水曜すいよう 木曜もくよう 金曜きんよう 土曜どよう 日曜にちよう 月曜日げつようび 火曜日かようび 水曜日すいようび
木曜日もくようび 金曜日きんようび 土曜日どようび 日曜日にちようび 曜日ようび 午前ごぜん 午後ごご 午前中ごぜんちゅう 日中にっちゅう 夕方ゆうがた 昼間ひるま
夜中よなか 途中とちゅう 一日いちにち 半日はんにち 期間きかん 時期じき 予約日よやくび 番号ばんごう 電話番号でんわばんごう 携帯けいたい 手紙てがみ
返事へんじ 紹介しょうかい 案内あんない 参加さんか 体験たいけん 経験けいけん 練習帳れんしゅうちょう 合図あいず 約束事やくそくごと 分担ぶんたん 協力きょうりょく
努力どりょく 工夫くふう 方法ほうほう 手順てじゅん 順番じゅんばん 確認かくにん 了解りょうかい 同意どうい 同意書どういしょ 書式しょしき 記入きにゅう
記録きろく 写真しゃしん 資料しりょう 情報じょうほう 通知つうち 連絡帳れんらくちょう 家計かけい 経済けいざい 環境かんきょう 影響えいきょう 収入しゅうにゅう
貯金ちょきん 借金しゃっきん 家賃やちん 税金ぜいきん 年金ねんきん 保険ほけん 保険証ほけんしょう 保育料ほいくりょう 入園にゅうえん 卒園そつえん 通園つうえん
登園とうえん 送迎そうげい 給食きゅうしょく 弁当べんとう 行事ぎょうじ 教材きょうざい 言葉/ことば 会話かいわ 日本語にほんご 通訳つうやく 外国がいこく 文化ぶんか
表情ひょうじょう 笑顔えがお 元気げんき 勇気ゆうき 自信じしん 気分きぶん 危険きけん 事故じこ 地震じしん 避難ひなん 災害さいがい 来所らいしょ 来館らいかん
外出がいしゅつ 散歩さんぽ 運動うんどう 休憩きゅうけい 休息きゅうそく 両方りょうほう 全部ぜんぶ 半分はんぶん 自由じゆう 特別とくべつ 普通ふつう 簡単かんたん
大丈夫だいじょうぶ 大事だいじ 上手じょうず 苦手にがて 得意とくい 好/す 嫌/きら 見方みかた 仕方しかた 味/あじ 何回なんかい 何時なんじ 何人なんにん 何歳なんさい
何日なんにち 何度なんど 少々しょうしょう 色々いろいろ 日本にほん 明後日あさって 来所時らいしょじ 時々ときどき 人々ひとびと 日々ひび 昼夜ちゅうや 離婚りこん 結婚けっこん 別居べっきょ 同居どうきょ
実家じっか 里帰/さとがえ 引越/ひっこ 転出てんしゅつ 転園てんえん 市内しない 市外しがい 地域ちいき 地区ちく 近隣きんりん 交流こうりゅう 相談室そうだんしつ
相談先そうだんさき 相談窓口そうだんまどぐち 支援室しえんしつ 総合そうごう 保育室ほいくしつ 園長えんちょう 館長かんちょう 所長しょちょう 室長しつちょう 大学だいがく 認定にんてい
"""
#: Words of one kanji that stand alone: before a particle or at an end, where they are no stem of a verb.
_ALONE = """
話はなし 月つき 日ひ 人ひと 週しゅう 数かず 力ちから 手て 足あし 口くち 耳みみ 歯は 顔かお 頭あたま 肩かた 腰こし 声こえ 横よこ 前まえ 中なか 外そと 家いえ
気き 例れい 春はる 夏なつ 秋あき 冬ふゆ 水みず 火ひ 木き 花はな 車くるま 道みち 町まち 市し 国くに 本ほん 音おと 色いろ 服ふく 靴くつ 箱はこ 空そら 雨あめ
父ちち 母はは 姉あね 兄あに 夫おっと 妻つま 孫まご 歌うた 絵え 紙かみ 字じ 物もの 事こと 所ところ 時とき 役やく 村むら 誰だれ 私わたし 課か 係かかり 室しつ 今いま
"""
_PARTICLES = "がをにはでとのもへやだかま、。・」）"
#: Stems that are read so before these kana: "来+るれ=く" is 来る, 来れば.
_BEFORE_KANA = """
話+さしすせそ=はな 来+るれ=く 来+たてまそ=き 来+なられよ=こ 出+さしすせそ=だ 出+るたてなまれかよ=で 続+くきけいかこ=つづ 育+ちつてった=そだ
育+むみまん=はぐく 同+じ=おな 分+かけ=わ 取+るっりれらろ=と 言+うっわいえお=い 数+え=かぞ 増+えやすし=ふ 合+うわいえおっ=あ 大+き=おお 広+がいくげめ=ひろ
小+さ=ちい 移+るっりらさし=うつ 感+じ=かん 抱+え=かか 抱+っくき=だ 少+し=すこ 少+な=すく 責+め=せ 軽+いくさけ=かる 代+わ=か 思+いうえっわお=おも
頼+むみめまん=たの 頼+るりれらっ=たよ 得+るてた=え 残+るっりらさし=のこ 選+ぶびべばん=えら 近+いくづ=ちか 送+るっりられ=おく 楽+しん=たの 楽+なに=らく 過+ごぎ=す
離+れす=はな 疲+れ=つか 落+ちとっ=お 着+くいけか=つ 着+るたて=き 変+わえ=か 笑+いうっわえ=わら 暮+らすし=く 重+なね=かさ 重+いくさ=おも 一+つ=ひと
進+めんむみま=すす 組+みむんま=く 要+るりら=い 写+しすっ=うつ 持+つっちてた=も 多+いくさ=おお 何+かもをがに=なに 何+の=なん 上+がげ=あ 上+のにで=うえ 下+がげ=さ
下+のにで=した 早+いくめ=はや 遅+いくか=おそ 遅+れ=おく 長+いくさ=なが 短+いくさ=みじか 高+いくさま=たか 低+いくさ=ひく 強+いくさ=つよ 弱+いくさ=よわ
明+る=あか 暗+いくさ=くら 知+らりるっれ=し 教+え=おし 待+つたちって=ま 会+いうえっわ=あ 作+るりっらろ=つく 買+いうっわえ=か 飲+むみんめま=の 洗+いうっわえ=あら
泣+いくきか=な 怖+いくさ=こわ 起+きこ=お 読+むみんめま=よ 乗+るりっれら=の 走+るりっれら=はし 始+めま=はじ 戻+るりっれらすし=もど 帰+るりっれらす=かえ
入+れ=い 迎+え=むか 連+れ=つ 受+け=う 守+るりっらろ=まも 動+くきいか=うご 働+くきいか=はたら 笑+顔=え 若+いく=わか 忘+れ=わす 覚+え=おぼ
慣+れら=な 叱+るりっら=しか 学+ぶびんば=まな 住+むみんま=す 借+りる=か 返+すしさ=かえ 押+すしさ=お 置+くきいか=お 貸+すしさ=か 悩+むみんま=なや 願+いうっ=ねが
行+くきけこ=い 行+いうわえな=おこな 友+だ=とも 皆+さ=みな 母+さち=かあ 父+さち=とう 姉+さち=ねえ 兄+さち=にい 無+い=な
届+くきけい=とど 付+くきけい=つ 切+るりっれら=き 替+え=か 抜+けくい=ぬ 当+たて=あ 続+け=つづ
"""
#: After a number.
_COUNTERS = """
年ねん 年度ねんど 年生ねんせい 月がつ 歳さい 歳児さいじ 回かい 件けん 時じ 時間じかん 円えん 番ばん 番目ばんめ 号ごう 名めい 枚まい 冊さつ 度ど 人にん 週しゅう 週間しゅうかん 日にち ヶ月かげつ 年間ねんかん
"""
#: Days of a month, and so many days.
_DAYS = dict(
    zip((2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 20, 24), (
        "ふつか", "みっか", "よっか", "いつか", "むいか", "なのか", "ようか", "ここのか", "とおか", "じゅうよっか", "はつか",
        "にじゅうよっか",
    ), strict=True)
)  # fmt: skip
_COUNTED = re.compile(r"(?<!\d)(\d{1,2})(日(?!間)|人(?!前)|分)")
_PEOPLE = {1: "ひとり", 2: "ふたり"}


def _entry(entry: str) -> tuple[str, str]:
    if "/" in entry:
        written, _, read = entry.partition("/")
        return written, read
    split = next(place for place, letter in enumerate(entry) if "ぁ" <= letter <= "ん")
    return entry[:split], entry[split:]


def _stems() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for entry in _BEFORE_KANA.split():
        written, _, rest = entry.partition("+")
        kana, _, read = rest.partition("=")
        found.setdefault(written, []).append((kana, read))
    return found


READINGS: dict[str, str] = dict(_entry(entry) for entry in _WORDS.split())
ALONE: dict[str, str] = dict(_entry(entry) for entry in _ALONE.split())
COUNTERS: dict[str, str] = dict(_entry(entry) for entry in _COUNTERS.split())
STEMS = _stems()
_LONGEST = max(map(len, READINGS))


def ruby(text: str, names: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """The text in runs of (written, reading); the reading is "" where none is set. Joined, the written runs are the
    text. `names`: written names with their readings; they come first and may stand inside a run of kanji."""
    known = {written: read for written, read in (names or {}).items() if written and read and written != read}
    if not known:
        return _plain(text)
    pattern = re.compile("|".join(re.escape(one) for one in sorted(known, key=len, reverse=True)))
    found: list[tuple[str, str]] = []
    end = 0
    for match in pattern.finditer(text):
        found += _plain(text[end : match.start()])
        found.append((match[0], known[match[0]]))
        end = match.end()
    return found + _plain(text[end:])


def unread(text: str, names: Mapping[str, str] | None = None) -> list[str]:
    """Runs of kanji that get no furigana, each once, in their order."""
    bare = (match[0] for written, read in ruby(text, names) if not read for match in _RUN.finditer(written))
    return list(dict.fromkeys(bare))


def _plain(text: str) -> list[tuple[str, str]]:
    """Numbers that are read as one with what they count, then the rest."""
    found: list[tuple[str, str]] = []
    end = 0
    for match in _COUNTED.finditer(text):
        if read := _counted(text, match):
            found += [*_runs(text, end, match.start()), (match[0], read)]
            end = match.end()
    return found + _runs(text, end, len(text))


def _counted(text: str, match: re.Match[str]) -> str:
    number, what = int(match[1]), match[2]
    if what == "人":
        return _PEOPLE.get(number, "")
    if what == "日":
        first = "ついたち" if text[: match.start()].endswith("月") else "いちにち"
        return first if number == 1 else _DAYS.get(number, "")
    return ""


def _runs(text: str, start: int, stop: int) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    end = start
    for match in _RUN.finditer(text, start, stop):
        parts = _read(
            match[0], text[max(0, match.start() - 2) : match.start()], text[match.end() : match.end() + 1]
        )
        if parts is None:
            continue
        if match.start() > end:
            found.append((text[end : match.start()], ""))
        found += parts
        end = match.end()
    return [*found, (text[end:stop], "")] if end < stop else found


def _read(run: str, before: str, after: str) -> tuple[tuple[str, str], ...] | None:
    """The run in known words with their readings, by what stands around it; None when they do not cover it."""
    if before[-1:].isdigit():
        for length in range(min(len(run), _LONGEST), 0, -1):
            if run[:length] in COUNTERS and (rest := _rest(run[length:], after)) is not None:
                return ((run[:length], COUNTERS[run[:length]]), *rest)
        if run[0] == "分":
            minutes = "ふん" if before[-1] in "2579２５７９" else "ぷん"
            return ((run, minutes),) if run == "分" else None
        return None
    if before[-1:] in "かカ" and before[:1].isdigit() and before:
        pieces = {"月": "げつ", "所": "しょ", "国": "こく", "年": "ねん"}
        if run[0] in pieces and (rest := _rest(run[1:], after)) is not None:
            return ((run[0], pieces[run[0]]), *rest)
        return None
    if run == "方" and before[-1:] and before[-1] in "みりしちびきえけめれせべ":  # 休み方, 話し方
        return ((run, "かた"),)
    whole = _rest(run, after)
    if whole is None and run in ALONE and (not after or after in _PARTICLES or not "ぁ" <= after <= "ん"):
        return ((run, ALONE[run]),)
    return whole


@lru_cache(maxsize=4_000)
def _rest(run: str, after: str) -> tuple[tuple[str, str], ...] | None:
    """Known words, the longest first, the last one perhaps a stem before its kana."""
    if not run:
        return ()
    for length in range(min(len(run), _LONGEST), 0, -1):
        piece = run[:length]
        if piece in READINGS and (rest := _rest(run[length:], after)) is not None:
            return ((piece, READINGS[piece]), *rest)
    return next((((run, read),) for kana, read in STEMS.get(run, ()) if after and after in kana), None)
