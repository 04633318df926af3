"""Columns of facility lists. Best header first: where a file has several, the first that is filled counts.

Sources: 自治体標準オープンデータセット (05 子育て施設一覧 53 columns, 01 公共施設一覧 56 columns), the former 推奨データセット
(28 and 24 columns), the portal of Takamatsu, and lists of Nara and Sapporo.
"""

from __future__ import annotations

from tsunagari.interop.imports import cells
from tsunagari.interop.imports.columns import Column, Layout, Need

_NOT_TAKEN = "別の台帳で持つため取り込みません。"
_REPEATED = "所在地から分かるため取り込みません。"


def _note(label: str, *aliases: str) -> Column:
    """A column without a field of its own: its words are kept in the note."""
    return Column(f"note:{label}", label, aliases, cells.note, in_note=True)


FIELDS = (
    Column("town", "全国地方公共団体コード", ("都道府県コード又は市区町村コード", "自治体コード", "市区町村コード",
           "団体コード", "localGovernmentCode"), cells.code(12), Need.IDENTITY),
    Column("identifier", "ID", ("identifier", "施設ID", "HID"), cells.code(40), Need.IDENTITY),
    Column("number", "NO", ("No.", "№", "番号", "#property"), cells.code(20)),
    Column("name", "名称", ("施設名称", "施設名", "事業所名", "園名", "助産所名", "機関名", "name"), cells.line(120),
           Need.REQUIRED),
    Column("kana", "名称_カナ", ("施設名_カナ", "施設名称_カナ", "名称_フリガナ", "施設名カナ", "フリガナ"), cells.kana(200)),
    Column("facility_type", "種別", ("施設種別", "施設種類", "分類", "certifiedType", "Type"), cells.line(60)),
    Column("address", "所在地_連結表記", ("所在地_連結標記", "住所", "所在地", "施設所在地", "fullAddress", "address"),
           cells.line(200)),
    Column("prefecture", "所在地_都道府県", (), cells.line(10)),
    Column("city", "所在地_市区町村", ("Add1",), cells.line(120)),
    Column("town_name", "所在地_町字", (), cells.line(120)),
    Column("block", "所在地_番地以下", ("Add2",), cells.line(120)),
    Column("address_detail", "建物名等(方書)", ("建物名等", "方書", "建物名"), cells.line(120)),
    Column("latitude", "緯度", ("latitude", "lat", "Y"), cells.degrees),
    Column("longitude", "経度", ("longitude", "lng", "lon", "X"), cells.degrees),
    Column("access", "アクセス方法", ("交通アクセス", "行き方", "access"), cells.line(300)),
    Column("parking", "駐車場情報", ("駐車場", "parkingInformation"), cells.line(200)),
    Column("phone", "電話番号", ("連絡先電話番号", "代表電話番号", "電話", "TEL", "telephoneNumber"), cells.phone),
    Column("extension", "内線番号", ("内線",), cells.line(20)),
    Column("fax", "FAX番号", ("FAX", "ファックス番号", "ファクス番号"), cells.line(30)),
    Column("email", "連絡先メールアドレス", ("メールアドレス", "電子メール", "E-mail"), cells.email),
    Column("form_url", "連絡先FormURL", ("問い合わせフォーム",), cells.url),
    Column("postal_code", "郵便番号", ("〒",), cells.post_code),
    Column("operator_number", "法人番号", (), cells.corporate_number),
    Column("operator_name", "団体名", ("運営者", "設置者", "施設設置者", "運営主体", "法人名", "開設者", "Owner"), cells.line(120)),
    Column("opened_on", "開設日", ("開設年月日", "開所日"), cells.day),
    Column("capacity", "収容定員", ("定員", "定員(人)", "利用定員", "capacity", "Full"), cells.whole),
    Column("ages_note", "受入年齢", ("受入開始年齢(歳)", "対象年齢", "acceptedAge"), cells.line(120)),
    Column("age_from", "受入年齢（下限）", ("AgeS",), cells.line(40)),
    Column("age_to", "受入年齢（上限）", ("AgeE",), cells.line(40)),
    Column("days", "利用可能曜日", ("開所曜日", "開館曜日", "利用曜日", "availableDate"), cells.weekdays),
    Column("opens", "開始時間", ("開所時間", "開館時間", "startTime", "Open"), cells.opening),
    Column("closes", "終了時間", ("閉所時間", "閉館時間", "endTime", "Close"), cells.clock_time),
    Column("opens_week", "開園時間(平日)", ("開所時間(平日)", "開始時間(平日)"), cells.opening),
    Column("closes_week", "終園時間(平日)", ("閉園時間(平日)", "閉所時間(平日)", "終了時間(平日)"), cells.clock_time),
    Column("opens_saturday", "開園時間(土曜日)", ("開所時間(土曜日)", "開始時間(土曜日)"), cells.opening),
    Column("closes_saturday", "終園時間(土曜日)", ("閉園時間(土曜日)", "閉所時間(土曜日)", "終了時間(土曜日)"), cells.clock_time),
    Column("hours_note", "利用可能日時特記事項", ("利用可能時間特記事項", "利用可能日時特記", "開所日時特記事項",
           "availableDateNote"), cells.note),
    Column("temporary_care", "一時預かりの有無(有/無)", ("一時預かりの有無", "一時預かり", "temporaryKeeping", "Temp"), cells.yes_no),
    Column("url", "URL", ("ホームページ", "ホームページURL", "公式サイトアドレス", "referenceObject"), cells.url),
    Column("note", "備考", ("特記事項", "note", "Memo"), cells.note),
)  # fmt: skip

NOTED = (
    _note("英字名称", "名称_英字", "名称_英語"),
    _note("通称", "名称_通称"),
    _note("認可等年月日", "許可等年月日"),
    _note("連絡先備考", "連絡先備考（その他、SNSなど）"),
    _note("子供預かり料金種別"),
    _note("子供預かり料金", "detailPrice"),
    _note("子供預かり料金備考"),
    _note("子供預かり開所時間"),
    _note("子供預かり閉所時間"),
    _note("病児保育", "病児保育の有無(有/無)", "病児保育の有無"),
    _note("病後児保育"),
    _note("延長保育"),
    _note("休日保育"),
    _note("夜間保育"),
    _note("幼稚園での預かり保育"),
    _note("給食"),
    _note("授乳室"),
    _note("おむつ替えコーナー"),
    _note("飲食可否"),
    _note("ベビーカー貸出"),
    _note("ベビーカー利用"),
    _note("説明"),
    _note("バリアフリー情報"),
    _note("車椅子可"),
    _note("車椅子貸出"),
    _note("ツエ貸出"),
    _note("多目的トイレ"),
    _note("スロープ、エレベータ、エスカレータ"),
    _note("点字ブロック等の移動支援"),
    _note("点字や読上による支援"),
    _note("盲導犬・介助犬・聴導犬同伴"),
    _note("字幕"),
    _note("筆談対応"),
    _note("優先駐車場"),
    _note("オストメイト対応トイレ"),
    _note("法人代表者"),
    _note("入所室数"),
    _note("助産行為", "助産行為有"),
    _note("保育標準時間の開始", "保育標準時間の開始時間"),
    _note("保育標準時間の終了", "保育標準時間の終了時間"),
    _note("保育短時間の開始", "保育短時間の開始時間"),
    _note("保育短時間の終了", "保育短時間の終了時間"),
)

LAYOUT = Layout(
    title="施設一覧",
    columns=(*FIELDS, *NOTED),
    must_have=(("name",), ("address", "city", "town_name", "latitude")),
    left_out={
        "地方公共団体名": _REPEATED,
        "都道府県名": _REPEATED,
        "市区町村名": _REPEATED,
        "所在地_全国地方公共団体コード": _REPEATED,
        "所在地_自治体コード": _REPEATED,
        "町字ID": _REPEATED,
        "POIコード": _NOT_TAKEN,
        "外部識別子": _NOT_TAKEN,
        "外部識別子の値": _NOT_TAKEN,
        "高度の種別": _NOT_TAKEN,
        "高度の値": _NOT_TAKEN,
        "画像": _NOT_TAKEN,
        "画像_ライセンス": _NOT_TAKEN,
        "理由": "取り込みでは使いません。",
    },
)

#: Words in a type or name → PlaceKind; the first that fits.
PLACE_WORDS = (
    ("認定こども園", "6"),
    ("こども園", "6"),
    ("幼稚園", "7"),
    ("児童館", "3"),
    ("児童センター", "3"),
    ("保健センター", "2"),
    ("保健所", "2"),
    ("保健ステーション", "2"),
    ("コミュニティセンター", "4"),
    ("公民館", "4"),
    ("医院", "12"),
    ("病院", "12"),
    ("クリニック", "12"),
    ("助産", "12"),
    ("保育", "5"),
    ("認可外", "5"),
)
