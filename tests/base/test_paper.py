"""Paper: what is printed, what cannot be, and that words of people are never taken for markup."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tsunagari.base import paper
from tsunagari.base.paper.coverage import FONTS
from tsunagari.base.paper.printing import ROOT

ROSTER = "encounters/paper/roster.typ"
TEMPLATES = sorted(ROOT.glob("*/paper/**/*.typ"))
MARKUP = [
    '#panic("x")',
    "\\",
    "$a$",
    "*b*",
    "_c_",
    "`d`",
    "<e>",
    "@f",
    "= g",
    "- h",
    "//i",
    "#{1+1}",
    '"',
    "~",
    "[j]",
]


def visit(name: str = "髙橋 綾", **values: Any) -> dict[str, Any]:
    line = {
        "number": 1,
        "time": "9:05",
        "name": name,
        "kana": "たかはし あや",
        "children": "颯太 2歳",
        "adults": 1,
    }
    return line | {"children_count": 1, "first": True, "other_town": False, "note": ""} | values


def roster(*visits: dict[str, Any], **values: Any) -> dict[str, Any]:
    head = {
        "issuer": "つながり市",
        "issued_on": "令和8年11月23日 印刷",
        "confidential": True,
        "place": "あおば",
    }
    counts = {"slots": [], "ages": [], "tallied": "", "blanks": 2, "day": "令和8年11月23日（月）"}
    return head | counts | {"visits": list(visits)} | values


def words(pdf: bytes) -> str:
    """All text of a PDF without spaces and line ends."""
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_a_sheet_says_who_issued_it_when_and_that_it_is_confidential() -> None:
    said = words(paper.render(ROSTER, roster(visit())))
    for word in ("つながり市", "令和8年11月23日印刷", "取扱注意", "1/1ページ", "髙橋綾", "颯太2歳"):
        assert word in said
    assert "取扱注意" not in words(paper.render(ROSTER, roster(visit(), confidential=False)))


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_in_a_name_is_printed_as_it_is(markup: str) -> None:
    said = words(paper.render(ROSTER, roster(visit(f"綾{markup}", note=markup), place=markup)))
    assert f"綾{markup}".replace(" ", "") in said


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=40))
def test_no_words_break_the_sheet(text: str) -> None:
    pdf = paper.render(ROSTER, roster(visit(text, kana=text, note=text), issuer=text, day=text))
    assert pdf.startswith(b"%PDF-")


def test_a_character_no_font_has_is_marked_and_named_on_its_page_only() -> None:
    many = [visit("木村 葵", number=number) for number in range(2, 60)]
    pages = PdfReader(BytesIO(paper.render(ROSTER, roster(visit("山田😀"), *many)))).pages
    first, last = pages[0].extract_text(), pages[-1].extract_text()
    assert "山田〓" in first
    assert "U+1F600" in first
    assert "U+1F600" not in last


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("髙橋 﨑山 渡邉 𠮷野 祇園 辻 ①㈱ ﾀｶﾊｼ ゔ 〇々", ""),
        ("山田😀と😀", "😀"),
        ("\u200b見えない\x07字\ufeff", ""),
        ("葛\U000e0100城", ""),
        ("葛\U000e01ef城", "葛\U000e01ef"),
        ("한글", "한글"),
        ("", ""),
    ],
)
def test_what_cannot_be_printed_is_known(text: str, lacking: str) -> None:
    assert paper.unprintable(text) == lacking


@given(st.text())
def test_what_is_printed_can_be_printed(text: str) -> None:
    printed, _ = paper.printable(text)
    assert paper.unprintable(printed) == ""


def test_every_width_and_weight_holds_the_same_characters() -> None:
    cmaps = {font.name: set(TTFont(font).getBestCmap()) for font in FONTS.glob("BIZ*.ttf")}
    assert len(cmaps) == 4
    assert len(set(map(frozenset, cmaps.values()))) == 1


def test_only_our_fonts_are_in_a_pdf() -> None:
    page = PdfReader(BytesIO(paper.render(ROSTER, roster(visit("𠮷野"))))).pages[0]
    names = {str(font["/BaseFont"]).partition("+")[2] for font in page["/Resources"]["/Font"].values()}
    assert names
    assert all(name.startswith(("BIZUD", "NotoSansJP")) for name in names)


def test_a_pdf_is_tagged_and_names_no_family_in_its_title() -> None:
    reader = PdfReader(BytesIO(paper.render(ROSTER, roster(visit()))))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"].startswith("ja")
    assert (reader.metadata.title, reader.metadata.author) == ("来所名簿", "つながり市")


def test_nothing_is_left_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    paper.render(ROSTER, roster(visit()))
    assert list(tmp_path.iterdir()) == []


def test_a_code_is_an_svg_with_its_quiet_zone_and_no_style() -> None:
    drawn = ElementTree.fromstring(paper.qr("3469CDFHJKMPRTVX3469CDFHJK"))  # noqa: S314
    assert drawn.get("viewBox") == "0 0 33 33"
    assert "style" not in drawn.attrib


def test_a_full_day_prints_every_visit() -> None:
    printed = paper.render(ROSTER, roster(*[visit(f"木村 {number}", number=number) for number in range(200)]))
    pages = PdfReader(BytesIO(printed)).pages
    said = "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")
    assert len(pages) > 3
    assert [number for number in range(200) if f"木村{number}" not in said] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_evaluate_nothing_and_fetch_nothing(template: Path) -> None:
    source = template.read_text()
    assert "eval(" not in source
    assert "@preview" not in source
    assert "read(" not in source.replace("read-data(", "")


def test_every_page_after_the_first_says_whose_paper_it_is() -> None:
    first, second, *_ = PdfReader(BytesIO(paper.render(ROSTER, roster(*[visit()] * 60)))).pages
    assert first.extract_text().count("来所名簿") == 1
    assert "来所名簿" in second.extract_text()
