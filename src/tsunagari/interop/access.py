"""What a person can do with the city's lists."""

from __future__ import annotations

from tsunagari.base.access import Role, action

RUN_IMPORT = action("import.run", "名簿・一覧を取り込む", {Role.OFFICER})
