"""HEIC, the photographs of iPhones, is unpacked in a process of its own.

Its decoders are much code that trusts what it reads, and faults in it have let pictures run programs. So what comes
from elsewhere never meets them in the process that knows the database: this one has neither its secrets nor its
connections, little memory and little time, and only pixels come back.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image

BRANDS: Final = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_MEMORY: Final = 2 * 1024**3  # bytes of address space: 60 million pixels three times, and the libraries
_CPU: Final = 30  # seconds of work; the largest of a phone takes about three
_WAIT: Final = 90  # seconds, on a machine with much else to do
_THREADS: Final = 2
_ONE = threading.Lock()  # a large one takes half a gigabyte: one at a time in each process of the server


class _Says(IntEnum):
    """How the other process ends when no pixels come back."""

    BROKEN = 3
    TOO_MANY = 4


class Broken(Exception):
    """Nothing that could be read, or what it asks for is too much."""


class TooMany(Exception):
    """More pixels than asked for, by what the file says of itself; nothing was unpacked."""


def is_heic(data: bytes) -> bool:
    """Whether the content begins as such a picture does."""
    return data[4:8] == b"ftyp" and data[8:12] in BRANDS


def pixels(data: bytes, *, most: int, side: int) -> Image:
    """The picture upright as RGB, no side longer than `side`; nothing else of the file comes along.

    Raises TooMany above `most` pixels, Broken for whatever else does not end well.
    """
    from PIL import Image

    command = [sys.executable, "-I", __file__, str(most), str(side)]
    quiet = {"PATH": os.environ.get("PATH", "")}  # no password, no address of a database
    try:
        with _ONE:
            done = subprocess.run(
                command, input=data, capture_output=True, timeout=_WAIT, check=False, env=quiet
            )
    except subprocess.TimeoutExpired:
        raise Broken from None
    if done.returncode == _Says.TOO_MANY:
        raise TooMany
    head, _, body = done.stdout.partition(b"\n")
    width, height = (int(part) if part.isdigit() else 0 for part in (*head.split(b" "), b"", b"")[:2])
    inside = 0 < width <= side and 0 < height <= side
    if done.returncode != 0 or not inside or len(body) != width * height * 3:
        raise Broken
    return Image.frombytes("RGB", (width, height), body)


def _main() -> int:
    """Standard input to `width height`, a line's end, and the pixels."""
    _bind()
    from PIL import Image, ImageOps
    from pillow_heif import register_heif_opener

    most, side = (int(part) for part in sys.argv[1:3])
    register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=_THREADS)
    Image.MAX_IMAGE_PIXELS = None  # judged here
    try:
        picture = Image.open(sys.stdin.buffer, formats=("HEIF",))
        if picture.width * picture.height > most:
            return _Says.TOO_MANY
        picture.load()
        if picture.width * picture.height > most:  # more came out than the file said
            return _Says.TOO_MANY
        upright = _on_white(ImageOps.exif_transpose(picture))
        upright.thumbnail((side, side))
    except Exception:  # whatever a decoder says of a broken file
        return _Says.BROKEN
    sys.stdout.buffer.write(b"%d %d\n" % upright.size + upright.tobytes())
    return 0


def _bind() -> None:
    for which, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _CPU),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(which, (most, most))


def _on_white(picture: Image) -> Image:
    from PIL import Image

    if "A" not in picture.getbands():
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGBA", layer.size, "white")
    paper.alpha_composite(layer)
    return paper.convert("RGB")


if __name__ == "__main__":
    sys.exit(_main())
