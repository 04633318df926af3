"""Family names met often in Japan, for splitting 佐藤花子 where nobody in the town is called so yet.

Common knowledge, not a register: a name missing here is still split when the town, the sheet or the reading knows it.
"""

from __future__ import annotations

_COMMON = """
佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 渡邉 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 斉藤 齋藤 清水 山崎 森
池田 橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 福田 太田 西村 藤井 金子 岡本 藤原
中野 三浦 原田 中川 松田 竹内 小野 田村 中山 和田 石田 森田 上田 原 内田 柴田 酒井 宮崎 横山 高木 安藤 宮本 大野 小島 谷口 今井
工藤 高田 増田 丸山 杉山 村田 大塚 新井 小山 平野 藤本 河野 上野 野口 武田 松井 千葉 岩崎 菅原 木下 久保 佐野 野村 松尾 市川
菊地 菊池 杉本 古川 大西 島田 水野 桜井 高野 渡部 吉川 山内 西田 飯田 西川 小松 北村 安田 五十嵐 川口 平田 関 中田 久保田 服部
東 岩田 土屋 川崎 福島 本田 辻 樋口 秋山 永井 田口 川上 中西 吉村 山中 石原 馬場 大橋 松岡 浅野 荒木 大久保 野田 小沢 熊谷
浅井 矢野 松下 川村 星野 松村 荒井 黒田 尾崎 永田 須藤 宮田 片山 大谷 望月 内藤 早川 中井 本間 松永 岡崎 小田 堀 小池 大石
森本 福井 平井 三宅 大島 川島 岡 片岡 栗原 田辺 成田 松浦 小西 西山 大川 南 関口 児玉 古賀 横田 白井 宮川 北川 吉岡 石橋 上原
津田 柏木 奥村 土井 安部 小野寺 長尾 浜田 濱田 榎本 原口 徳永 平山 桑原 富田 神田 広瀬 廣瀬 田代 岸 根本 滝沢 牧野 沢田 澤田
比嘉 金城 大城 宮城 新垣 玉城 島袋 仲村 山城 知念 碓氷 架空
"""

COMMON = frozenset(_COMMON.split())
