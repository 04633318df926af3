"""`tsunagari import …`: what it prints, its exit codes, and that the walls hold there too."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.interop.importing import csv_of
from tests.interop.residents import HEADERS, family, row
from tests.makers import Town, scope
from tsunagari.config import cli, running
from tsunagari.families.models import Household, Person
from tsunagari.interop.models import Import

pytestmark = pytest.mark.django_db
type_run = Callable[..., int]


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command in the test's own transaction: Django is set up already."""

    @contextmanager
    def ready(role: str | None = None, *, demo: bool = False) -> Iterator[None]:
        yield

    monkeypatch.setattr(running, "django_ready", ready)


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "juki.csv"
    path.write_text(csv_of(family(), HEADERS), encoding="utf-8-sig")
    return path


def test_all_rows_taken_exits_0_and_prints_exactly_the_counts(
    town: Town, extract: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["import", "residents", str(extract), "--json", "--municipality", "999999"]) == 0
    assert json.loads(capsys.readouterr().out) == {"added": 3, "changed": 0, "unchanged": 0, "rejected": []}
    with scope(town):
        assert Import.objects.get().status == "done"
        assert Person.objects.count() == 3


def test_some_refused_exits_1_and_names_row_column_value_and_reason(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "juki.csv"
    path.write_text(
        csv_of([*family(), row(4, 1, "架空　空", "ソラ", "令和9年99月", "20")], HEADERS), encoding="cp932"
    )
    assert cli.main(["import", "residents", str(path), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["added"] == 3
    assert [(r["row"], r["column"], r["value"]) for r in told["rejected"]] == [(5, "生年月日", "令和9年99月")]
    assert told["rejected"][0]["reason"].endswith("。")


def test_an_unreadable_file_exits_2_with_words_and_nothing_on_stdout(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "juki.csv"
    path.write_bytes(b"%PDF-1.7")
    for arguments in (
        ["residents", str(path)],
        ["agencies", str(tmp_path / "none.csv")],
        ["residents", str(path), "--sheet", "x"],
    ):
        assert cli.main(["import", *arguments, "--json"]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.startswith("tsunagari: ")


def test_a_dry_run_writes_nothing(town: Town, extract: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["import", "residents", str(extract), "--dry-run"]) == 0
    assert "追加 3" in capsys.readouterr().out
    with scope(town):
        assert not Household.objects.exists()
        assert not Import.objects.exists()


def test_the_town_must_be_named_when_there_are_two(
    town: Town, other_town: Town, extract: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["import", "residents", str(extract)]) == 2
    assert "--municipality" in capsys.readouterr().err
    assert cli.main(["import", "residents", str(extract), "--municipality", "99999"]) == 0
    with scope(other_town):
        assert not Household.objects.exists()
    assert cli.main(["import", "residents", str(extract), "--municipality", "999981"]) == 1
