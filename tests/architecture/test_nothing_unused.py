"""Nothing of the look lies about unused: static files, templates, classes of the style sheets, icons."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

SRC = Path(__file__).resolve().parents[2] / "src" / "tsunagari"
WHERE = ("*.html", "*.py", "*.js", "*.css", "*.typ")
#: Names that django-allauth asks for itself.
ASKED_FOR_ELSEWHERE = re.compile(r"account/|mfa/|429\.html")


@cache
def _texts() -> dict[Path, str]:
    return {
        path: path.read_text(encoding="utf-8")
        for pattern in WHERE
        for path in SRC.rglob(pattern)
        if "vendor" not in path.parts
    }


def _named(name: str, *, besides: Path) -> bool:
    return any(name in text for path, text in _texts().items() if path != besides)


def _words(*endings: str) -> set[str]:
    found = (text for path, text in _texts().items() if path.suffix in endings)
    return {word for text in found for word in re.findall(r"[\w-]+", text)}


def test_every_static_file_is_asked_for() -> None:
    files = [path for path in SRC.glob("*/static/**/*") if path.is_file() and "vendor" not in path.parts]
    assert len(files) > 20
    assert [path.name for path in files if not _named(path.name, besides=path)] == []


def test_every_template_is_rendered_included_or_extended() -> None:
    paths = {str(path).split("/templates/")[1]: path for path in SRC.glob("*/templates/**/*.html")}
    own = {name: path for name, path in paths.items() if not ASKED_FOR_ELSEWHERE.match(name)}
    assert len(own) > 100
    assert [name for name, path in own.items() if not _named(f'"{name}"', besides=path)] == []


def test_every_class_of_our_style_sheets_stands_in_a_page() -> None:
    used = _words(".html", ".py", ".js")
    unused = set()
    for path, text in _texts().items():
        if path.suffix == ".css":
            plain = re.sub(r"\{[^{}]*\}", "{}", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
            unused |= {
                f"{path.name}: {name}"
                for name in re.findall(r"\.(?!htmx-)([a-zA-Z][\w-]*)", plain)
                if name not in used
            }
    assert unused == set()


def test_every_icon_is_drawn_somewhere() -> None:
    shapes = (SRC / "base/static/tsunagari/icons/icons.svg").read_text(encoding="utf-8")
    drawn = {word for text in _texts().values() for word in re.findall(r'["#]([\w-]+)["\s]', text)}
    assert set(re.findall(r'<symbol id="([\w-]+)"', shapes)) - drawn == set()
