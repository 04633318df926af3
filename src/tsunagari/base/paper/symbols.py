"""QR codes as SVG."""

from __future__ import annotations

from io import BytesIO


def qr(text: str, *, level: str = "Q") -> bytes:
    """The text as a QR code with its quiet zone, one unit a module, black on white; SVG with a size from outside.

    `level` is L, M, Q or H: how much may be worn off. Raises ValueError for more text than a QR code holds.
    """
    import segno  # only for processes that print

    out = BytesIO()
    code = segno.make_qr(text, error=level, boost_error=True)
    code.save(out, kind="svg", light="#fff", omitsize=True, svgclass=None, lineclass=None, xmldecl=False)
    return out.getvalue()
