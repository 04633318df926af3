"""What a city decides about registrations: the values, their checks, and what each means in a sentence."""

from __future__ import annotations

from dataclasses import dataclass, fields

from tsunagari.families.rules.inputs import InputProblem

RENEWAL = {
    "none": ("更新しない", "登録は、終わりにするまで続きます。"),
    "fiscal_year": (
        "年度ごとに更新する",
        "年度ごとに、窓口で本人を確かめて更新します。書類は種類だけを残し、番号は残しません。",
    ),
}
HOME_RULES = {
    "none": ("何もしない", "登録のことは出しません。家庭の希望をきいて、職員が登録します。"),
    "propose": (
        "区域の機関をすすめる",
        "区域の機関を入れた登録欄を出します。その場で別の機関に変えたり、やめたりできます。",
    ),
    "set": (
        "区域の機関をかかりつけにする",
        "かかりつけのない家庭を、区域の機関に登録します。あとから、いつでも変えられます。",
    ),
}
HISTORY = {
    "all": ("すべての機関の利用を見せる", "どの機関も、家庭がほかの機関に行ったことを1行で見られます。"),
    "home_and_used": (
        "かかりつけと、利用のある機関に見せる",
        "かかりつけの機関と、その家庭に会ったことのある機関だけが見られます。",
    ),
    "own": ("自分の機関の利用だけを見せる", "機関は、自分の機関の利用だけを見られます。"),
}
MONTHS = range(1, 13)
GROWN_OUT_AGES = range(3, 19)
CARD_NOTE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class PolicyValues:
    """Everything a city decides. `renewal_opens_month` is 1-12; `grown_out_after` an age in years."""

    renewal: str = "none"
    renewal_opens_month: int = 3
    at_handbook: str = "propose"
    at_birth: str = "propose"
    grown_out_after: int = 6
    card_note: str = ""
    history_scope: str = "home_and_used"


def check_policy(values: PolicyValues) -> PolicyValues:
    """The values with tidy words. InputProblem names the first field that cannot be."""
    for name, known in (
        ("renewal", RENEWAL),
        ("at_handbook", HOME_RULES),
        ("at_birth", HOME_RULES),
        ("history_scope", HISTORY),
    ):
        if getattr(values, name) not in known:
            raise InputProblem("一覧からえらんでください。", field=name)
    if values.renewal_opens_month not in MONTHS:
        raise InputProblem("月は1から12までで書いてください。", field="renewal_opens_month")
    if values.grown_out_after not in GROWN_OUT_AGES:
        raise InputProblem("年齢は3から18までで書いてください。", field="grown_out_after")
    note = " ".join(values.card_note.split())
    if len(note) > CARD_NOTE_LENGTH:
        raise InputProblem(f"カードに書くことばは{CARD_NOTE_LENGTH}文字までです。", field="card_note")
    return PolicyValues(
        **{field.name: getattr(values, field.name) for field in fields(values)} | {"card_note": note}
    )
