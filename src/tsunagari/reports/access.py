"""Actions about reports and who has them."""

from tsunagari.base.access import AT_AGENCY, AT_CENTRE, Role, action

_MANAGERS = {Role.MANAGER, Role.LEAD}
_READERS = _MANAGERS | {Role.OFFICER}
_CITY = {Role.LEAD, Role.OFFICER}

READ = action("report.read", "日報・月報を見る", _READERS, writes=False)
COMMENT = action("report.comment", "日報・月報にコメントする", _READERS)
MAKE = action("report.make", "日報・月報をつくる・所見を書く", _MANAGERS)
SUBMIT = action("report.submit", "日報・月報を提出する", _MANAGERS)
AMEND = action("report.amend", "提出した報告の訂正版をつくる", _MANAGERS)
SHARE = action("report.share", "そのつど共有する記録を「共有した」にする", _MANAGERS)
RECEIVE = action("report.receive", "報告を受け取る", _CITY)
RETURN = action("report.return", "報告を差しもどす", {Role.OFFICER})
ASK = action("report.ask", "報告を求める項目と期限を決める", {Role.OFFICER})
LAYOUT = action("report.layout", "月報の様式（XLSX）を入れかえる", {Role.OFFICER})
CITY = action("report.city", "市の集計を見る・市の月報をつくる", _CITY)
DRILL = action("report.drill", "数字のもとの記録をひらく", AT_AGENCY | AT_CENTRE, writes=False)
