"""Actions about places, areas and designations."""

from tsunagari.base.access import EVERYONE, Role, action

READ_PLACES = action("places.read", "場所を見る", EVERYONE, writes=False)
MANAGE_PLACES = action("places.manage", "場所と区域を登録・変更する", {Role.OFFICER})
MANAGE_DESIGNATIONS = action("designation.manage", "地域子育て相談機関に指定する", {Role.OFFICER})
MANAGE_SITES = action("site.manage", "出張ひろば・外出先を決める", {Role.MANAGER, Role.OFFICER})
MANAGE_SLOTS = action("slot.manage", "名簿の時間帯を決める", {Role.MANAGER, Role.OFFICER})
