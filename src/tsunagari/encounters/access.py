"""Actions about visits and consultation records."""

from tsunagari.base.access import AT_AGENCY, AT_CENTRE, Role, action

WORKERS = AT_AGENCY | AT_CENTRE
READERS = WORKERS | {Role.ROUNDS}

READ_VISITS = action("visit.read", "来所を見る", READERS | {Role.OFFICER}, writes=False)
CHECK_IN = action("visit.check_in", "来所を受け付ける", WORKERS)
UNDO_VISIT = action("visit.undo", "来所を取り消す・もどす", WORKERS)
TALLY = action("visit.tally", "人数だけ記録する・取り消す", WORKERS)
READ_RECORD = action("record.read", "相談の記録を読む", READERS, writes=False)
WRITE_RECORD = action("record.write", "相談を記録する・直す", WORKERS)
MOVE_RECORD = action("record.move", "記録をほかの家庭に移す", WORKERS)

KIOSK_CHECK_IN = action("kiosk.check_in", "端末で来所を受け付ける", {Role.KIOSK})
KIOSK_SETTLE = action("kiosk.settle", "端末の受付を確かめる", WORKERS)

# Charts (個別記録)
READ_CHART = action("chart.read", "個別記録を見る", READERS, writes=False)
OPEN_CHART = action("chart.open", "個別記録をはじめる", WORKERS)
WRITE_CHART = action("chart.write", "個別記録の担当・度合い・見直しを変える", WORKERS)
DRAW_INTO_CHART = action("chart.draw", "記録を個別記録に入れる・出す", WORKERS)
HAND_OVER_CHART = action("chart.hand_over", "個別記録をひきつぐ・引き受ける", WORKERS)
CLOSE_CHART = action("chart.close", "個別記録を終える・ふたたび開く", WORKERS)
REASSIGN = action("chart.reassign", "やめる人の担当をまとめてひきつぐ", {Role.MANAGER, Role.LEAD})

# Keeping: styles, marks, texts to start from, sheets, attachments
ATTACH = action("record.attach", "記録に写真・PDFを添付する・外す", WORKERS)
PRINT_SHEETS = action("record.sheet", "記入用紙を印刷する・入力する", WORKERS)
READ_KEEPING = action("keeping.read", "記録のしかたを見る", READERS | {Role.OFFICER}, writes=False)
MANAGE_KEEPING = action(
    "keeping.manage", "記録のしかた・定型文を決める", {Role.MANAGER, Role.LEAD, Role.OFFICER}
)
MANAGE_MARKS = action("mark.manage", "印・気がかりの言い方を決める", {Role.OFFICER})

# Circulation: seals, comments, rules of going round; finding records by their words
READ_SEALS = action("circulation.read", "回覧を見る", READERS, writes=False)
SEAL = action("circulation.seal", "回覧の記録を読んだと押す・確認する", READERS)
ASK_TO_READ = action("circulation.ask", "記録を回覧する・取り下げる", WORKERS)
COMMENT = action("record.comment", "記録にコメントする・取り消す", READERS)
ADVISE = action("record.advise", "記録に助言する", AT_CENTRE | {Role.MANAGER, Role.ROUNDS})
MANAGE_CIRCULATION = action(
    "circulation.manage", "回覧のきまりを決める", {Role.MANAGER, Role.LEAD, Role.OFFICER}
)
SEARCH_RECORDS = action("record.search", "記録をことばでさがす", READERS, writes=False)

# Assessments (見立て) with the city's shared tool, and support plans (支援プラン)
READ_ASSESSMENT = action("assessment.read", "見立てを見る", READERS, writes=False)
ASSESS = action("assessment.write", "見立てを書く・直す", WORKERS)
READ_PLAN = action("plan.read", "支援プランを見る", READERS, writes=False)
WRITE_PLAN = action("plan.write", "支援プランをつくる・見直す・終える", WORKERS)
PRINT_PLAN = action("plan.print", "支援プランを印刷する", WORKERS)
MANAGE_TOOL = action("tool.manage", "見立てのツールを決める", {Role.LEAD, Role.OFFICER})
READ_TOOL = action("tool.read", "見立てのツールを見る", READERS | {Role.OFFICER}, writes=False)

# The guide at hand and partners; finer categories and official tables
READ_GUIDE = action("guide.read", "手引き・連携先を見る", READERS | {Role.OFFICER}, writes=False)
MANAGE_GUIDE = action("guide.manage", "手引き・連携先を決める", {Role.LEAD, Role.OFFICER})
MANAGE_CATEGORIES = action("category.manage", "細かい分類・公の表を決める", {Role.LEAD, Role.OFFICER})
