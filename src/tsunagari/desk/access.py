"""Actions of the pages that span apps."""

from tsunagari.base.access import EVERYONE, Role, action

OPEN_DESK = action("desk.open", "サインイン後の最初の画面をひらく", EVERYONE, writes=False)
READ_TODAY = action("today.read", "今日の画面を見る", EVERYONE - {Role.AUDITOR}, writes=False)
READ_TRAIL = action("trail.read", "操作の記録を見る", {Role.MANAGER, Role.AUDITOR}, writes=False)
READ_OWN_TRAIL = action("trail.own", "自分の操作の記録を見る", EVERYONE, writes=False)
VERIFY_TRAIL = action(
    "trail.verify", "操作の記録が書きかえられていないか確かめる", {Role.AUDITOR}, writes=False
)
EXPORT_TRAIL = action("trail.export", "操作の記録をExcelに出す", {Role.AUDITOR}, writes=False)
