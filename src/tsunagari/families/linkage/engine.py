"""Runs the model over a town in DuckDB: in memory, on two threads, with no way to the network or to files.

Twice: over the pairs of people that block together, to learn which households are worth a look, then over everybody
in those households, so that a parent or sibling who differs is heard as well.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
from splink import DuckDBAPI, Linker

from tsunagari.families.linkage import households, model
from tsunagari.families.linkage.frames import Frame
from tsunagari.families.linkage.households import Found, Met

#: log2 of the odds from which a pair is worth a person's look: 2 to 1.
THRESHOLD = 1.0
#: log2 of the odds of two people being one from which their households are compared as a whole.
GLANCE = -11.0
MEMORY = "1500MB"
_ROWS = 50_000

#: Pairs of people compared at once; what each needs while it is being compared is about a kilobyte.
_AT_ONCE = 250_000

_LOOK = """
CREATE TABLE look AS
SELECT DISTINCT least(household_l, household_r) AS one, greatest(household_l, household_r) AS other
FROM {glanced}
"""
_EVERYBODY = """
CREATE TABLE everybody AS
SELECT least(l.unique_id, r.unique_id) AS join_key_l, greatest(l.unique_id, r.unique_id) AS join_key_r,
       sum(1) OVER (ORDER BY look.one, look.other) // {at_once} AS part
FROM look JOIN people AS l ON l.household = look.one
          JOIN people AS r ON r.household = look.other AND r.child = l.child
"""


_PART = """
CREATE TABLE {name} AS SELECT '0' AS match_key, join_key_l, join_key_r FROM everybody WHERE part = {part}
"""


class Town(NamedTuple):
    """One town laid out for comparison."""

    connection: duckdb.DuckDBPyConnection
    api: DuckDBAPI
    linker: Linker


def find(frame: Frame, *, threshold: float = THRESHOLD, spill: Path | None = None) -> list[Found]:
    """Pairs of households of the frame that may be one family, best first.

    `threshold` is log2 of the odds. `spill` is the folder under which what does not fit in memory is kept, in a
    folder of its own (0700) that is gone afterwards; None: nothing is ever written.
    """
    if frame.households < 2:
        return []
    with opened(frame, spill=spill) as town:
        _glance(town)
        found = [pair for pair in households.weigh(scored(town), of=frame) if pair.weight >= threshold]
    return sorted(found, key=lambda pair: (-pair.weight, pair.left, pair.right))


@contextmanager
def opened(frame: Frame, *, spill: Path | None = None) -> Iterator[Town]:
    """A database that holds the town alone, and the model laid over it."""
    with _database(spill) as connection:
        yield _lay(connection, frame)


@contextmanager
def _database(spill: Path | None) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = Path(tempfile.mkdtemp(prefix="linkage-", dir=spill)) if spill is not None else None
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": 2,
            "memory_limit": MEMORY,
            "temp_directory": str(folder or ""),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
        },
    )
    try:
        connection.execute("SET enable_progress_bar = false")
        yield connection
    finally:
        connection.close()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _lay(connection: duckdb.DuckDBPyConnection, frame: Frame) -> Town:
    connection.register("arriving", frame.people)
    connection.execute("CREATE TABLE people AS SELECT * FROM arriving")
    connection.unregister("arriving")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    api = DuckDBAPI(connection)
    people = api.register(connection.table("people"), dataset_display_name="town")
    settings = model.settings(people=frame.people.num_rows, households=frame.households)
    linker = Linker(people, settings, log_level=None, validate_settings=False)
    for column in model.USUAL:
        connection.execute(f"CREATE TABLE common_{column} AS {model.frequencies(column, 'people')}")
        common = api.register(
            connection.table(f"common_{column}"), dataset_display_name=f"how_common_{column}"
        )
        linker.table_management.register_term_frequency_lookup(common, column)
    return Town(connection, api, linker)


def _glance(town: Town) -> None:
    """Fill `everybody` with the people of households in which two people may be one."""
    glanced = town.linker.inference.predict(threshold_match_weight=GLANCE, warning_mode="never")
    town.connection.execute(_LOOK.format(glanced=glanced.physical_name))
    glanced.drop_table_from_database_and_remove_from_cache()
    town.connection.execute(_EVERYBODY.format(at_once=_AT_ONCE))


def scored(town: Town) -> Iterator[Met]:
    """Every two people of the table `everybody` (join_key_l, join_key_r, part) compared, household by household."""
    for (part,) in town.connection.execute("SELECT DISTINCT part FROM everybody ORDER BY part").fetchall():
        name = f"part_{int(part)}"
        town.connection.execute(_PART.format(name=name, part=int(part)))
        pairs = town.api.register(town.connection.table(name), dataset_display_name=f"pairs_{name}")
        town.linker.table_management.register_blocked_pairs_for_predict(pairs)
        predicted = town.linker.inference.predict(warning_mode="never")
        yield from met(town.connection.execute(households_first(predicted.physical_name)))
        predicted.drop_table_from_database_and_remove_from_cache()
        town.connection.execute(f"DROP TABLE {name}")


def households_first(table: str) -> str:
    """SQL that brings what Splink predicted household by household, the smaller id left, weights summed by kind."""
    weights = ", ".join(f"{_weight(name)} AS {name}" for name in (*model.PERSONAL, *model.SHARED))
    gammas = ", ".join(f"gamma_{name}" for name in model.LADDERS)
    sides = ", ".join(
        f"CASE WHEN household_l < household_r THEN {column}_{a} ELSE {column}_{b} END"
        for column in ("household", "unique_id", "who", "birth")
        for a, b in (("l", "r"), ("r", "l"))
    )
    return f"SELECT {sides}, {weights}, {gammas} FROM {table} ORDER BY 1, 2"  # noqa: S608 names of our own


def _weight(name: str) -> str:
    adjusted = any(level.frequency for level in model.LADDERS[name])
    return f"mw_{name} + mw_tf_adj_{name}" if adjusted else f"mw_{name}"


def met(rows: Any) -> Iterator[Met]:
    """What `households_first` selects, as Met."""
    codes = [model.codes(name) for name in model.LADDERS]
    parts = len(model.PERSONAL) + len(model.SHARED)
    while batch := rows.fetchmany(_ROWS):
        for row in batch:
            levels = tuple(code[value] for code, value in zip(codes, row[8 + parts :], strict=True))
            yield Met._make((*row[:8], sum(row[8:11]), tuple(row[11 : 8 + parts]), levels))
