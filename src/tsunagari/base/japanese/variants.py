"""Old and variant kanji forms met in personal names, folded to one form for search keys.

Each group is written target first, then the forms folded into it. Compiled from general knowledge of
the 旧字体 → 新字体 simplifications (当用漢字字体表 and its successors) and of the 異体字 common in family and
given names. The groups are wider than strict equivalence on purpose: 斉 and 斎 are different characters,
yet people write one for the other, and a search that misses a child costs more than one extra row.

Compatibility ideographs (U+F900–FAFF such as 神 U+FA19) need no entry: NFKC already unifies them.
"""

from __future__ import annotations

_GROUPS = """
亜亞 悪惡 圧壓 囲圍 医醫 為爲 壱壹 隠隱 栄榮 営營 衛衞 駅驛 円圓 塩鹽 縁緣 艶艷 応應 桜櫻 奥奧 横橫 欧歐
殴毆 温溫 穏穩 仮假 価價 画畫 会會 絵繪 壊壞 懐懷 拡擴 覚覺 学學斈 岳嶽 楽樂 渇渴 寛寬 勧勸 巻卷 歓歡 関關
観觀 陥陷 館舘 顔顏 気氣 帰歸 亀龜 偽僞 戯戲 犠犧 旧舊 拠據 挙擧 峡峽 挟挾 狭狹 教敎 強强 郷鄕 暁曉 尭堯
区區 駆驅駈 勲勳 薫薰 径徑 恵惠 渓溪 経經 継繼 茎莖 蛍螢 軽輕 鶏鷄 芸藝 撃擊 欠缺 県縣 倹儉 剣劍劔剱釼 険險
圏圈 検檢 献獻 権權 顕顯 験驗 厳嚴 効效 恒恆 広廣 鉱鑛 黄黃 号號 国國圀 黒黑 砕碎 済濟 斉齊斎齋 剤劑
崎﨑嵜碕 雑雜 参參 桟棧 蚕蠶 惨慘 賛贊 残殘 糸絲 歯齒 児兒 辞辭 湿濕 実實 写寫 舎舍 釈釋 寿壽 収收 従從
渋澁澀 獣獸 縦縱 粛肅 処處 叙敍敘 将將 称稱 渉涉 焼燒 証證 奨奬獎 条條 状狀 乗乘 浄淨 剰剩 畳疊 縄繩 壌壤
嬢孃 譲讓 醸釀 触觸 嘱囑 真眞 寝寢 慎愼 尽盡 図圖 粋粹 酔醉 穂穗 随隨 髄髓 枢樞 数數 瀬瀨 声聲 静靜 清淸
青靑 税稅 窃竊 摂攝 専專 浅淺 戦戰 践踐 銭錢 潜潛 繊纖 禅禪 双雙 壮壯 荘莊 争爭 総總 聡聰 騒騷 捜搜 挿插
巣巢 装裝 曽曾 蔵藏 臓臟 属屬 続續 堕墮 体體躰 対對 帯帶 滞滯 台臺 滝瀧 択擇 沢澤 担擔 単單 胆膽 団團 弾彈
断斷 痴癡 遅遲 昼晝 虫蟲 鋳鑄 庁廳 徴徵 聴聽 鎮鎭 逓遞 鉄鐵銕 転轉 点點 伝傳 党黨 盗盜 灯燈 当當 闘鬪
徳德悳 独獨 読讀 届屆 弐貳 拝拜 売賣 発發 髪髮 抜拔 蛮蠻 秘祕 浜濱濵 富冨 払拂 仏佛 並竝 辺邊邉 変變
弁辨瓣辯 宝寶寳 豊豐 萌萠 褒襃 翻飜 万萬 満滿 黙默 弥彌 薬藥 訳譯 与與 誉譽 予豫 余餘 揺搖 様樣 謡謠 遥遙
瑶瑤 来來 頼賴 乱亂 覧覽 竜龍 両兩 猟獵 緑綠 塁壘 涙淚 礼禮 励勵 霊靈 齢齡 暦曆 歴歷 恋戀 錬鍊 炉爐 労勞
楼樓 録錄 湾灣 島嶋嶌 高髙 吉𠮷 土𡈽 柳桺栁 峰峯 野埜 松枩 桑桒 橋𣘺 場塲 鶴靏靍鸖 昇曻 昂昻 瑠璢 槙槇 桧檜
篭籠 蛎蠣 蝿蠅 鴎鷗 掴摑 侠俠 莱萊 繋繫 頬頰 鴬鶯 砺礪 祷禱 祢禰 穣穰 秋穐龝 稲稻 窓窗 船舩 鯵鰺 柏栢 梅楳
凛凜 哲喆 淵渕 煕熙 爾尓 珍珎 留畄 研硏 耕畊 薮藪 虎乕 裏裡 諌諫 醤醬 鑑鑒 隣鄰 雁鴈 頴穎 麦麥 麹麴 亘亙
侭儘 兎兔 厨廚 喜㐂 壷壺 卯夘 姫姬 巌巖 彦彥 杯盃 枡桝 歩步 沖冲 涼凉 澄澂 涛濤 煙烟 略畧 皐皋 磯礒 禄祿
竈竃 蓑簑 芦蘆 蕊蘂 覇霸 騨驒 鼓皷 湧涌 鎖鎻 間閒 園薗
"""


def _table(groups: str) -> dict[int, str]:
    return {ord(form): group[0] for group in groups.split() for form in group[1:]}


#: For `str.translate`: code point of an old or variant form → the form used in search keys.
VARIANT_FORMS: dict[int, str] = _table(_GROUPS)
