"""The same model on Spark, for a prefecture or the nation: the same people, the same weights.

Optional: needs `pip install .[spark]` and Java. Takes a minute.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.families.linkage_people import home, numbered
from tsunagari.families.linkage import engine, frames, model

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("pyspark") is None, reason="skipped: pyspark is not installed"
    ),
    pytest.mark.skipif(shutil.which("java") is None, reason="skipped: there is no Java"),
    pytest.mark.filterwarnings("ignore"),
]
NEAR = 0.01


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A Spark of this process alone, which keeps nothing after it ends."""
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.default.parallelism", "2")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.ansi.enabled", "false")
        .getOrCreate()
    )
    yield session
    session.stop()


def small_town() -> frames.Frame:
    homes = [home(seed, children=1 + seed % 2) for seed in range(40)]
    again = [
        homes[1],
        homes[2].all(phone="", family_kana="", given_kana=""),
        homes[3].all(address="みどり町1-1-1"),
    ]
    nobody = homes[4].but(0, birth_date=None).but(1, given_name="小夜")
    return frames.of_entries(numbered([*homes, *again, nobody]))


def weights(rows: list[Any]) -> dict[tuple[int, int], tuple[float, tuple[int, ...]]]:
    """(person, person) → weight and levels; the smaller id first."""
    return {(min(row[0], row[1]), max(row[0], row[1])): (row[2], tuple(row[3:])) for row in rows}


def columns(table: str) -> str:
    gammas = ", ".join(f"gamma_{name}" for name in model.LADDERS)
    return f"SELECT unique_id_l, unique_id_r, match_weight, {gammas} FROM {table}"  # noqa: S608 our own names


def on_duckdb(frame: frames.Frame) -> dict[tuple[int, int], tuple[float, tuple[int, ...]]]:
    with engine.opened(frame) as town:
        predicted = town.linker.inference.predict(threshold_match_weight=engine.GLANCE, warning_mode="never")
        return weights(town.connection.execute(columns(predicted.physical_name)).fetchall())


def on_spark(spark: Any, frame: frames.Frame) -> dict[tuple[int, int], tuple[float, tuple[int, ...]]]:
    from splink import Linker, SparkAPI

    api = SparkAPI(spark_session=spark, break_lineage_method="persist", register_udfs_automatically=False)
    spark.createDataFrame(frame.people).createOrReplaceTempView("people")
    people = api.register(spark.table("people"), dataset_display_name="town")
    settings = model.settings(people=frame.people.num_rows, households=frame.households)
    linker = Linker(people, settings, log_level=None, validate_settings=False)
    for column in model.USUAL:
        common = api.register(
            spark.sql(model.frequencies(column, "people")), dataset_display_name=f"common_{column}"
        )
        linker.table_management.register_term_frequency_lookup(common, column)
    predicted = linker.inference.predict(threshold_match_weight=engine.GLANCE, warning_mode="never")
    return weights([tuple(row) for row in spark.sql(columns(predicted.physical_name)).collect()])


def test_spark_and_duckdb_agree_on_people_levels_and_weights(spark: Any) -> None:
    frame = small_town()
    here, there = on_duckdb(frame), on_spark(spark, frame)
    assert len(here) > 20
    assert here.keys() == there.keys()
    for pair, (weight, levels) in here.items():
        assert there[pair][1] == levels
        assert there[pair][0] == pytest.approx(weight, abs=NEAR)
