"""Paper: PDF by Typst, with fonts of our own, from data that is never read as markup.

    pdf = render("families/paper/cards.typ", {"issuer": "つながり市", "title": "利用カード", ...})

Templates (`*.typ`) lie in `paper/` beside an app's templates and stand in the frame of `base/paper/templates`.
"""

from tsunagari.base.paper.coverage import GETA, printable, unprintable
from tsunagari.base.paper.printing import render
from tsunagari.base.paper.symbols import qr

__all__ = ["GETA", "printable", "qr", "render", "unprintable"]
