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
