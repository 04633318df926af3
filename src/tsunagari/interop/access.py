"""What a person can do with the city's lists and with old rosters."""

from __future__ import annotations

from tsunagari.base.access import Role, action

RUN_IMPORT = action("import.run", "市の一覧を取り込む", {Role.OFFICER})

_ROSTERS = {Role.MANAGER, Role.LEAD, Role.OFFICER}
READ_IMPORTS = action("import.read", "取り込みの一覧を見る", _ROSTERS, writes=False)
IMPORT_ROSTER = action("roster.import", "これまでの名簿を取り込む", _ROSTERS)
UNDO_ROSTER = action("roster.undo_import", "名簿の取り込みを元にもどす", _ROSTERS)
