"""Files that people attach: pictures are made anew without hidden data, PDFs are opened and refused when not plain.

Nothing of the given bytes is trusted: the kind is read from the content, sizes are bounded before anything is unpacked.
"""

from __future__ import annotations

import re
import time
import unicodedata
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from tsunagari.base import heic
from tsunagari.base.errors import DomainError

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST: Final = 10 * 1024 * 1024  # bytes, as sent and as kept
LONGEST_SIDE: Final = 2_400  # pixels of a picture as kept
MOST_PIXELS: Final = 60_000_000  # of a picture as sent: more than any phone's
PREVIEW_SIDE: Final = 360
MOST_PAGES: Final = 300
MOST_OBJECTS: Final = 60_000  # of a PDF
LONGEST_LOOK: Final = 8.0  # seconds to read a PDF
LONGEST_NAME: Final = 100

_ACTS = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound"})
_ACTIVE = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/RichMediaContent", "/XFA"})
_UNFIT = re.compile(r'[\x00-\x1f\x7f"<>|:*?\\/]+')


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it may be kept. `media_type` is image/jpeg, image/png or application/pdf; `preview` a small JPEG."""

    name: str
    media_type: str
    data: bytes
    pages: int | None = None
    preview: bytes | None = None


def checked(data: bytes, name: str) -> Upload:
    """The file made fit to keep. Raises DomainError in words for who chose it. Pictures take about 0.3 s, a HEIC
    about one."""
    if not data:
        raise DomainError("ファイルが空です。えらびなおしてください。", field="files")
    if len(data) > LARGEST:
        raise DomainError(
            f"ファイルが大きすぎます（{len(data) / 1024 / 1024:.1f}MB）。10MBまでです。", field="files"
        )
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or heic.is_heic(data):
        return _picture(data, name)
    if b"%PDF-" in data[:1024]:
        return Upload(_named(name, "pdf"), "application/pdf", data, pages=_pages(data))
    raise DomainError("写真（JPEG・PNG・HEIC）かPDFをえらんでください。", field="files")


def _named(name: str, ending: str) -> str:
    """The name without folders and signs, with the ending of what it really is."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    plain = "".join(one for one in plain if unicodedata.category(one) not in ("Cf", "Cc", "Co", "Cs", "Cn"))
    stem = _UNFIT.sub("_", plain).rpartition(".")[0] or _UNFIT.sub("_", plain)
    return f"{stem.strip(' .')[:LONGEST_NAME] or 'file'}.{ending}"


def _picture(data: bytes, name: str) -> Upload:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a size is judged below, not warned of
            return _made_anew(data, name)
    except DomainError:
        raise
    except Exception as error:  # whatever a decoder says of a broken file
        raise DomainError(
            "写真がこわれていて読みこめません。別の写真をえらぶか、撮りなおしてください。", field="files"
        ) from error


def _made_anew(data: bytes, name: str) -> Upload:
    from PIL import ImageOps  # only processes that take pictures load it

    picture = _opened(data)
    jpeg = picture.format in ("JPEG", None)  # pixels alone come of a HEIC
    if picture.format == "JPEG":
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # decodes a big photo small
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    plain = _on_white(upright)
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    kept = _saved(plain, "JPEG" if jpeg else "PNG")
    if len(kept) > LARGEST:
        jpeg, kept = True, _saved(plain, "JPEG")
    small = plain.copy()
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    ending, kind = ("jpg", "image/jpeg") if jpeg else ("png", "image/png")
    return Upload(_named(name, ending), kind, kept, preview=_saved(small, "JPEG"))


def _opened(data: bytes) -> Image:
    """The picture, a HEIC's pixels, others not decoded yet: nothing is unpacked before its size is known."""
    from PIL import Image

    too_many = DomainError(
        "写真の画素が多すぎます。小さい写真にするか、撮りなおしてください。", field="files"
    )
    try:
        if heic.is_heic(data):
            return heic.pixels(data, most=MOST_PIXELS, side=LONGEST_SIDE)
        picture = Image.open(BytesIO(data), formats=("JPEG", "PNG"))
    except (Image.DecompressionBombError, heic.TooMany):
        raise too_many from None
    if picture.width * picture.height > MOST_PIXELS:
        raise too_many
    return picture


def _on_white(picture: Image) -> Image:
    """Colours alone, on white paper where it was see-through."""
    from PIL import Image

    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        paper.alpha_composite(layer)
        return paper.convert("RGB")
    return picture.convert("RGB")


def _saved(picture: Image, form: str) -> bytes:
    """The pixels as a file; nothing that came with them."""
    from PIL import Image

    clean = Image.frombytes("RGB", picture.size, picture.tobytes())
    out = BytesIO()
    if form == "JPEG":
        clean.save(out, "JPEG", quality=85, optimize=True)
    else:
        clean.save(out, "PNG", optimize=False)
    return out.getvalue()


def _pages(data: bytes) -> int:
    """How many pages a plain PDF has."""
    from pypdf import PdfReader

    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise DomainError(
                "パスワードのかかったPDFです。パスワードを外してからえらんでください。", field="files"
            )
        pages = len(reader.pages)
        _require_plain(reader, data)
    except DomainError:
        raise
    except Exception as error:  # whatever a parser says of a broken file
        raise DomainError("PDFがこわれていて読みこめません。作りなおしてください。", field="files") from error
    if not pages:
        raise DomainError("PDFにページがありません。作りなおしてください。", field="files")
    if pages > MOST_PAGES:
        raise DomainError(f"ページが多すぎます（{pages}ページ）。{MOST_PAGES}ページまでです。", field="files")
    return pages


def _require_plain(reader: Any, data: bytes) -> None:
    """Every object of the file, also those no page leads to: nothing that runs, opens or carries something else."""
    until = time.monotonic() + LONGEST_LOOK
    for number, thing in enumerate(_objects(reader)):
        if number > MOST_OBJECTS or time.monotonic() > until:
            raise DomainError("PDFが複雑すぎて調べられません。印刷して作りなおしてください。", field="files")
        if hasattr(thing, "keys") and _acts(thing):
            raise _active()
    if b"/JavaScript" in data:  # in a part this reader passes over and another may not
        raise _active()


def _active() -> DomainError:
    return DomainError(
        "動くしかけ（スクリプトや別のファイル）が入ったPDFは、安全のため添付できません。"
        "印刷してPDFを作りなおしてください。",
        field="files",
    )


def _objects(reader: Any) -> Iterator[Any]:
    from pypdf.generic import IndirectObject

    generations = [(number, key) for key, entries in reader.xref.items() for number in entries]
    packed = [(number, 0) for number in reader.xref_objStm]
    known = dict([*packed, *generations])
    yield from _inside(reader.trailer)
    for number, key in known.items():
        try:
            thing = IndirectObject(number, key, reader).get_object()
        except Exception:  # noqa: S112  # an entry nothing stands at is no object
            continue
        yield from _inside(thing)


def _inside(thing: Any) -> Iterator[Any]:
    """The object and what stands directly in it; what it points to is an object of its own."""
    from pypdf.generic import ArrayObject, DictionaryObject

    waiting = [thing]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, DictionaryObject):
            waiting.extend(
                value for value in dict.values(one) if isinstance(value, DictionaryObject | ArrayObject)
            )
        elif isinstance(one, ArrayObject):
            waiting.extend(
                value for value in list.__iter__(one) if isinstance(value, DictionaryObject | ArrayObject)
            )


def _acts(thing: Any) -> bool:
    return bool(_ACTIVE & set(thing.keys())) or str(thing.get("/S", "")) in _ACTS
