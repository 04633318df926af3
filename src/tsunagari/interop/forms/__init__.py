"""What is typed and chosen to bring lists and rosters in."""

from tsunagari.interop.forms.columns import ColumnsForm, SheetForm
from tsunagari.interop.forms.uploads import RosterUploadForm, UploadForm

__all__ = ["ColumnsForm", "RosterUploadForm", "SheetForm", "UploadForm"]
