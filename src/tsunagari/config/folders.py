"""Where the installation keeps its files."""

from __future__ import annotations

import os
from pathlib import Path

import tsunagari


def project_root() -> Path | None:
    """The source tree this program runs from; None when it was installed without one."""
    root = Path(tsunagari.__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").exists() else None


def data_folder() -> Path:
    """The folder of the embedded database and of uploaded files; absolute, perhaps not there yet.

    ``TSUNAGARI_DATA_DIR`` or ``DATA_DIR`` decides; else ``.data`` in the source tree; else the user's own
    (root: the system's) folder for data.
    """
    given = os.environ.get("TSUNAGARI_DATA_DIR") or os.environ.get("DATA_DIR")
    if given:
        return Path(given).expanduser().absolute()
    if root := project_root():
        return root / ".data"
    if os.geteuid() == 0:
        return Path("/var/lib/tsunagari/data")
    return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "tsunagari"
