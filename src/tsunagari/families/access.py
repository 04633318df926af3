"""Actions about families and who has them."""

from __future__ import annotations

from tsunagari.base.access import AT_AGENCY, AT_CENTRE, Role, action

_WORKERS = AT_AGENCY | AT_CENTRE | {Role.OFFICER}
_READERS = _WORKERS | {Role.ROUNDS}

FIND = action("family.find", "家庭をさがす", _READERS, writes=False)
READ = action("family.read", "家庭を見る", _READERS, writes=False)
CREATE = action("family.create", "家庭をつくる", _WORKERS)
CHANGE = action("family.change", "家庭の内容を変える", _WORKERS)
REGISTER = action("family.register", "かかりつけを登録する", _WORKERS)
JOIN = action("family.join", "同じ家庭をまとめる・もどす", AT_AGENCY | AT_CENTRE)
RUN_LINKAGE = action("linkage.run", "似ている家庭をさがす", AT_CENTRE)
REVIEW = action("linkage.review", "似ている家庭を見くらべて決める", AT_AGENCY | AT_CENTRE)
UNMASK = action(
    "family.unmask", "支援措置で伏せた内容を見る", AT_CENTRE | {Role.MANAGER, Role.OFFICER}, writes=False
)

CARD_PRINT = action("card.print", "利用カードを出す・印刷する", _WORKERS)
CARD_REVOKE = action("card.revoke", "利用カードを止める", _WORKERS)

RENEW = action("family.renew", "登録を更新する", _WORKERS)
ENTER_FORM = action("family.enter_form", "申込用紙を入力する", _WORKERS)
PRINT_FORM = action("form.print", "申込用紙を印刷する", _WORKERS)

READ_POLICY = action("policy.read", "きまりを見る", _READERS | {Role.AUDITOR}, writes=False)
MANAGE_POLICY = action("policy.manage", "きまりを変える", {Role.OFFICER})
MANAGE_BENEFIT = action("benefit.manage", "特典・チケットを決める", {Role.OFFICER})
USE_BENEFIT = action("benefit.use", "特典・チケットを渡す・使う・もどす", _WORKERS)

#: On the trail when an agency meets a family for the first time: from then on its workers see the family.
OPENED = "family.open"
#: On the trail when the only meeting was taken back: its workers no longer see the family.
CLOSED = "family.close"
