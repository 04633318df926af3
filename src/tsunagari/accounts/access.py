"""Actions about people who work here."""

from tsunagari.base.access import EVERYONE, Role, action

SIGN_IN = action("session.sign_in", "サインインする", EVERYONE, writes=False)
SIGN_OUT = action("session.sign_out", "サインアウトする", EVERYONE, writes=False)
CHANGE_FACTOR = action("session.factor", "自分のパスワードと二要素を変える", EVERYONE)
CHOOSE_WORKPLACE = action("workplace.choose", "働く場所をえらぶ", EVERYONE, writes=False)
KEEP_SESSION = action("session.keep", "サインインを続ける", EVERYONE, writes=False)
READ_STAFF = action(
    "staff.read", "職員を見る", {Role.MANAGER, Role.LEAD, Role.OFFICER, Role.AUDITOR}, writes=False
)
MANAGE_STAFF = action("staff.manage", "職員を登録・変更する", {Role.OFFICER})

_UNLOCKERS = {Role.COUNSELOR, Role.MANAGER, Role.LEAD, Role.OFFICER}
UNLOCK_DEVICE = action("kiosk.unlock", "端末を受付に使う", _UNLOCKERS)
LOCK_DEVICE = action("kiosk.lock", "受付の端末を止める", _UNLOCKERS)

_WORKING = EVERYONE - {Role.AUDITOR}
_OF_OTHERS = {Role.MANAGER, Role.LEAD, Role.OFFICER}
OWN_SKILLS = action("skill.own", "自分の資格と研修を見る", _WORKING, writes=False)
READ_SKILLS = action("skill.read", "職員の資格と研修を見る", _OF_OTHERS, writes=False)
WRITE_SKILLS = action("skill.write", "職員の資格と研修を入れる・直す", _OF_OTHERS)
MANAGE_COURSES = action("course.manage", "研修の一覧を決める", {Role.OFFICER})
