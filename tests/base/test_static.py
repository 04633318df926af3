"""The look ships whole: licences beside vendored files, nothing from outside, nothing inline."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "src" / "tsunagari" / "base" / "static" / "tsunagari"
TEMPLATES = sorted(ROOT.glob("src/tsunagari/*/templates/**/*.html"))
MANIFESTS = [STATIC / "vendor" / "vendor.json", ROOT / "tests" / "browser" / "vendor" / "vendor.json"]
OWN_FILES = sorted([*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")])
COMMENTS = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("manifest", MANIFESTS, ids=name)
def test_each_vendored_package_has_its_files_and_its_licence(manifest: Path) -> None:
    packages = json.loads(manifest.read_text(encoding="utf-8"))["packages"]
    assert packages
    for package in packages:
        for file in [*package["files"], package["licence_file"]]:
            assert (manifest.parent / file).stat().st_size > 0, file
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])


@pytest.mark.parametrize("manifest", MANIFESTS, ids=name)
def test_no_vendored_file_goes_unnamed(manifest: Path) -> None:
    packages = json.loads(manifest.read_text(encoding="utf-8"))["packages"]
    named = {file for package in packages for file in package["files"]}
    present = {
        path.relative_to(manifest.parent).as_posix()
        for path in manifest.parent.rglob("*.*s")
        if path.is_file()
    }
    assert present == named


@pytest.mark.parametrize("path", OWN_FILES, ids=name)
def test_style_sheets_and_scripts_name_nothing_outside(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(https?:)?//[\w-]+\.\w", text)
    assert "@import" not in text


@pytest.mark.parametrize("path", sorted(STATIC.glob("js/*.js")), ids=name)
def test_scripts_keep_personal_data_out_of_storage_and_evaluate_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for word in (
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "innerHTML",
        "insertAdjacentHTML",
        "eval(",
        "Function(",
    ):
        assert word not in text, word


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_hold_no_inline_style_or_script(path: Path) -> None:
    text = COMMENTS.sub("", path.read_text(encoding="utf-8"))
    assert not re.search(r"<style\b|\sstyle\s*=|\shx-on|\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"<script(?![^>]*\s(?:src=|type=.application/json))", text)
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", text)


def test_every_icon_named_in_a_template_exists() -> None:
    drawn = set(
        re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons" / "icons.svg").read_text(encoding="utf-8"))
    )
    used = {
        word
        for path in TEMPLATES
        for word in re.findall(r'\{% icon "([\w-]+)"', path.read_text(encoding="utf-8"))
    }
    assert used
    assert used <= drawn
