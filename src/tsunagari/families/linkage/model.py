"""The one definition of how two records of a person are compared, for DuckDB and for Spark.

Every comparison is a ladder of levels, read from the top. A level is worth log2(m / u): m how often two records
of one person stand on it, u how often those of two people do. m and u are in parameters.json (made by
benchmarks.linkage.train); where a level has a frequency column, u is how common that very name, date or address
is in the town at hand. The SQL keeps to what both engines understand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import splink.comparison_level_library as cll
from splink import SettingsCreator
from splink.blocking_rule_library import CustomRule
from splink.comparison_library import CustomComparison

MISSING = "missing"
#: The rarest a name, date or address counts as: a slip of the pen is rarer still and proves no more.
RAREST = 1e-5
#: How common a value is before the town is counted, and how many people that knowledge weighs: in a village of twenty
#: households 佐藤 is not every tenth name because two of them bear it.
USUAL = {
    "family": 1e-3,
    "family_kana": 1e-3,
    "given": 3e-4,
    "given_kana": 1e-3,
    "birth": 2e-4,
    "address": 1e-4,
}
KNOWN_BEFORE = 300
#: Share of a town's households that stand in it a second time, before anything is compared.
STANDING_TWICE = 0.02


@dataclass(frozen=True, slots=True)
class Level:
    """A step of the ladder. `frequency` is the column whose own frequency stands for u."""

    code: str
    condition: str
    frequency: str = ""


def _either_missing(*columns: str) -> str:
    return " AND ".join(f"({column}_l IS NULL OR {column}_r IS NULL)" for column in columns)


def _name(part: str, other: str) -> tuple[Level, ...]:
    """Written form and reading in one ladder: apart they would count the same agreement twice."""
    text, kana = f"{part}_l = {part}_r", f"{part}_kana_l = {part}_kana_r"
    one_kana = f"({part}_kana_l IS NULL OR {part}_kana_r IS NULL)"
    one_text = f"({part}_l IS NULL OR {part}_r IS NULL)"
    crossed = (
        f"(({part}_kana_l = {other}_kana_r AND {other}_kana_l = {part}_kana_r)"
        f" OR ({part}_l = {other}_r AND {other}_l = {part}_r))"
    )
    return (
        Level(MISSING, f"{one_text} AND {one_kana}"),
        Level("swapped", f"turned_l <> turned_r AND {kana}", f"{part}_kana"),
        Level("same", f"{text} AND {kana}", part),
        Level("same_text", f"{text} AND {one_kana}", part),
        Level("text_alike_kana", f"{text} AND {_slip(f'{part}_sound')}", part),
        Level("crossed", crossed),
        Level("same_kana", f"{kana} AND {one_text}", f"{part}_kana"),
        Level("kana_other_text", kana, f"{part}_kana"),
        Level("text_other_kana", text, part),
        Level("alike", f"({_slip(f'{part}_sound')} OR ({one_kana} AND {_one_other_letter(part)}))"),
        Level("text_alike", _one_other_letter(part)),
    )


def _slip(column: str) -> str:
    """One letter more, less or other in three and more, two in six and more."""
    length = f"least(length({column}_l), length({column}_r))"
    distance = f"levenshtein({column}_l, {column}_r)"
    return f"(({length} >= 3 AND {distance} <= 1) OR ({length} >= 6 AND {distance} <= 2))"


def _one_other_letter(part: str) -> str:
    """The first or the last of two and more written letters is another."""
    left, right, length = f"{part}_l", f"{part}_r", f"length({part}_l)"
    return (
        f"({length} >= 2 AND {length} = length({right}) AND"
        f" (substr({left}, 2, {length} - 1) = substr({right}, 2, {length} - 1)"
        f" OR substr({left}, 1, {length} - 1) = substr({right}, 1, {length} - 1)))"
    )


_PREFIX = (
    "((nick_l OR nick_r) AND least(length(given_kana_l), length(given_kana_r)) >= 2 AND"
    " (given_kana_l LIKE concat(given_kana_r, '%') OR given_kana_r LIKE concat(given_kana_l, '%')))"
)


def _ends(column: str) -> str:
    """One begins or ends with the other. Both must be there: DuckDB's concat and least pass over NULL."""
    left, right = f"{column}_l", f"{column}_r"
    either = " OR ".join(
        f"{whole} LIKE concat({part})"
        for whole, other in ((left, right), (right, left))
        for part in (f"{other}, '%'", f"'%', {other}")
    )
    there = f"{left} IS NOT NULL AND {right} IS NOT NULL"
    return f"({there} AND least(length({left}), length({right})) >= 2 AND ({either}))"


_PART = f"((several_l OR several_r) AND ({_ends('given_kana')} OR {_ends('given')}))"
_YEARS_APART = "abs(cast(substr(birth_l, 1, 4) AS int) - cast(substr(birth_r, 1, 4) AS int))"
_DAY = "substr(birth_l, 5, 4) = substr(birth_r, 5, 4)"
_TURNED = (
    "(substr(birth_l, 1, 4) = substr(birth_r, 1, 4) AND substr(birth_l, 5, 2) = substr(birth_r, 7, 2)"
    " AND substr(birth_l, 7, 2) = substr(birth_r, 5, 2))"
)
_MONTHS_APART = "abs(about_l - about_r)"

#: comparison → its levels from the best to the last but one; what is on none of them "differs".
LADDERS: dict[str, tuple[Level, ...]] = {
    "given": (*_name("given", "family"), Level("part", _PART), Level("nickname", _PREFIX)),
    "birth": (
        Level(MISSING, _either_missing("about")),
        Level("same", "birth_l = birth_r", "birth"),
        Level("about", f"({_either_missing('birth')}) AND {_MONTHS_APART} <= 3"),
        Level("hardly", f"({_either_missing('birth')}) AND {_MONTHS_APART} <= 12"),
        Level("digit", "levenshtein(birth_l, birth_r) <= 1"),
        Level("turned", _TURNED),
        Level("year", f"({_DAY} AND {_YEARS_APART} IN (1, 12, 30, 63))"),
        Level("month", "substr(birth_l, 1, 6) = substr(birth_r, 1, 6)"),
        Level("digits", "levenshtein(birth_l, birth_r) <= 2"),
        Level("near", f"NOT child_l AND {_MONTHS_APART} <= 24"),
    ),
    "sex": (Level(MISSING, _either_missing("sex")), Level("same", "sex_l = sex_r")),
    "family": (
        *_name("family", "given"),
        Level("married", "who_l = 'mother' AND who_r = 'mother'"),
    ),
    "contact": (Level(MISSING, _either_missing("contacts")), Level("same", "ANY CONTACT")),
    "address": (
        Level(MISSING, _either_missing("address", "town", "post")),
        Level("same", "address_l = address_r", "address"),
        Level("near", "(town_l = town_r OR post_l = post_r)"),
    ),
}
DIFFERS = "differs"
#: What speaks of the person, and what of the household: the latter counts once however many people agree.
PERSONAL = ("given", "birth", "sex")
SHARED = ("family", "contact", "address")

_APART = "l.child = r.child AND l.household <> r.household"
_RULES = (
    "l.given_kana = r.given_kana AND l.birth = r.birth",
    "l.given = r.given AND l.birth = r.birth",
    "l.family_kana = r.family_kana AND l.given_kana = r.given_kana",
    "l.family = r.family AND l.given = r.given",
    "l.family_kana = r.family_kana AND l.birth = r.birth",
    "l.family = r.family AND l.birth = r.birth",
    "l.birth = r.birth AND l.town = r.town",
    "l.birth = r.birth AND l.post = r.post",
    "l.address = r.address AND l.given_kana = r.given_kana",
    "l.address = r.address AND l.given = r.given",
    "l.given_kana = r.family_kana AND l.family_kana = r.given_kana",
    "l.given = r.family AND l.family = r.given",
    "l.family_kana = r.family_kana AND substr(l.birth, 1, 6) = substr(r.birth, 1, 6)"
    " AND substr(l.given_kana, 1, 1) = substr(r.given_kana, 1, 1)",
)


def settings(*, people: int, households: int) -> SettingsCreator:
    """The model for a town of that size. The larger the town, the less likely that two of its people are one."""
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        comparisons=[_comparison(name, ladder) for name, ladder in LADDERS.items()],
        blocking_rules_to_generate_predictions=[
            *(CustomRule(f"{_APART} AND {rule}") for rule in _RULES),
            CustomRule(f"{_APART} AND l.contacts = r.contacts", arrays_to_explode=["contacts"]),
        ],
        probability_two_random_records_match=min(0.5, 2 * STANDING_TWICE / max(people - 1, 1)),
        retain_intermediate_calculation_columns=True,
        retain_matching_columns=True,
        additional_columns_to_retain=["household", "who", "birth"],
    )


def frequencies(column: str, table: str) -> str:
    """SQL for how common each value of a column is in the town: the table Splink looks it up in."""
    before = USUAL[column] * KNOWN_BEFORE
    people = f"(SELECT count({column}) FROM {table}) + {KNOWN_BEFORE}"  # noqa: S608 names of our own
    share = f"(count(*) + {before}) / ({people}) AS tf_{column}"
    return f"SELECT {column}, {share} FROM {table} WHERE {column} IS NOT NULL GROUP BY {column}"  # noqa: S608


def codes(comparison: str) -> dict[int, str]:
    """Splink's value of a comparison (its gamma) → code of the level."""
    real = [level.code for level in LADDERS[comparison] if level.code != MISSING]
    return {-1: MISSING, 0: DIFFERS, **{len(real) - place: code for place, code in enumerate(real)}}


@cache
def parameters() -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    """comparison → level → {m, u}, as trained."""
    return json.loads(files(__package__).joinpath("parameters.json").read_text())["comparisons"]


def _comparison(name: str, ladder: tuple[Level, ...]) -> CustomComparison:
    trained = parameters()[name]
    return CustomComparison(
        output_column_name=name,
        comparison_levels=[_level(level, trained.get(level.code)) for level in ladder]
        + [cll.ElseLevel().configure(**_probabilities(trained[DIFFERS]))],
    )


def _level(level: Level, trained: Mapping[str, float] | None) -> Any:
    if level.code == MISSING:
        return cll.CustomLevel(level.condition, MISSING).configure(is_null_level=True)
    made = (
        cll.ArrayIntersectLevel("contacts", 1)
        if level.condition == "ANY CONTACT"
        else cll.CustomLevel(level.condition, level.code)
    )
    assert trained is not None
    made.configure(**_probabilities(trained))
    if level.frequency:
        made.configure(
            tf_adjustment_column=level.frequency,
            tf_minimum_u_value=RAREST,
            disable_tf_exact_match_detection=True,
        )
    return made


def _probabilities(trained: Mapping[str, float]) -> dict[str, Any]:
    return {"m_probability": trained["m"], "u_probability": trained["u"]}
