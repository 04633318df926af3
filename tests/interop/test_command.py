"""`tsunagari import …`: what it prints, its exit codes, and that the walls hold there too."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.interop.importing import csv_of
from tests.interop.residents import HEADERS, family, row
from tests.interop.rosters import book
from tests.interop.rosters import family as make_family
from tests.makers import Town, scope
from tsunagari.config import cli, running
from tsunagari.encounters.models import Visit
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


@pytest.fixture
def old_book(tmp_path: Path) -> Path:
    path = tmp_path / "来所簿.xlsx"
    rows = [
        ("2025/10/1", "架空 花子", "はる", "2024/4/1", "", 1, 1, ""),
        ("13/45", "星川 みどり", "", "", "", 1, 0, ""),
    ]
    path.write_bytes(book(rows))
    return path


def test_an_old_roster_is_brought_in_and_a_dry_run_leaves_nothing(
    town: Town, old_book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["import", "roster", str(old_book), "--agency", str(town.aoba.pk), "--json"]
    assert cli.main([*asked, "--dry-run"]) == 1
    told = json.loads(capsys.readouterr().out)
    with scope(town):
        assert not Import.objects.exists()
        assert not Household.objects.exists()
    assert cli.main(asked) == 1
    assert json.loads(capsys.readouterr().out) == told
    assert (told["added"], [one["row"] for one in told["rejected"]]) == (1, [3])
    with scope(town):
        assert Import.objects.get().status == "done"
        assert Visit.objects.get().agency_id == town.aoba.pk


def test_a_mapping_names_columns_by_heading_letter_or_number(
    town: Town, old_book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = tmp_path / "m.json"
    asked = [
        "import",
        "roster",
        str(old_book),
        "--agency",
        str(town.aoba.pk),
        "--mapping",
        str(mapping),
        "--json",
    ]
    mapping.write_text('{"columns": {"来所日": "来所日", "B": "guardian", "3": "児の氏名"}}')
    assert cli.main(asked) == 1
    with scope(town):
        assert Person.objects.filter(birth_date__isnull=False).count() == 0
    for wrong in ('{"columns": {"ない列": "guardian"}}', '{"columns": {"B": "犬"}}', "{", "[]"):
        mapping.write_text(wrong)
        assert cli.main(asked) == 2
    assert cli.main(["import", "roster", str(old_book), "--agency", "1"]) == 2
    assert "ありません" in capsys.readouterr().err


def test_families_that_may_be_known_are_refused_unless_said_otherwise(
    town: Town, old_book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = make_family(town, ("架空", "花子"))
    asked = ["import", "roster", str(old_book), "--agency", str(town.aoba.pk), "--json"]
    assert cli.main(asked) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["added"], told["families"]["maybe"], len(told["rejected"])) == (0, 1, 2)
    assert cli.main([*asked, "--maybe-new"]) == 1
    with scope(town):
        assert Household.objects.exclude(pk=known.pk).count() == 1
