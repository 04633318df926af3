#!/usr/bin/env python3
"""Make the virtual environment and fill it from a lock file. Needs Python 3.11 to 3.14 and nothing else.

Debian's python3 comes without pip and without the module that would install it, so the environment is
made empty and pip is run from the wheel beside this script. A stamp holds what was installed: a second run
with the same lock takes a moment, a changed lock installs the difference.

Usage: bootstrap.py VENV run|dev
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}
STAMP = "tsunagari-installed"


def main() -> int:
    if not (3, 11) <= sys.version_info < (3, 15):
        print(f"Python 3.11 から 3.14 が必要です (これは {sys.version.split()[0]})。", file=sys.stderr)
        return 1
    folder, kind = Path(sys.argv[1]).absolute(), sys.argv[2]
    if wanted(kind) in installed(folder):
        return 0
    started = time.monotonic()
    print(f"部品を入れています ({LOCKS[kind]})。初めての時は 1〜2 分かかります…", flush=True)
    if not works(folder):
        venv.EnvBuilder(with_pip=False, clear=(folder / "pyvenv.cfg").exists(), symlinks=True).create(folder)
    install(folder, kind)
    stamps = [line for line in installed(folder) if not line.startswith(f"{kind} ")]
    (folder / STAMP).write_text("\n".join([*stamps, wanted(kind)]) + "\n")
    print(f"部品が入りました ({time.monotonic() - started:.0f} 秒)。", flush=True)
    return 0


def wanted(kind: str) -> str:
    """What the stamp must say: the lock, the package's own description and where the tree lies."""
    digest = hashlib.sha256(str(ROOT).encode())
    for name in (LOCKS[kind], "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return f"{kind} {digest.hexdigest()}"


def installed(folder: Path) -> list[str]:
    stamp = folder / STAMP
    return stamp.read_text().split("\n") if works(folder) and stamp.exists() else []


def works(folder: Path) -> bool:
    """Whether the environment's Python starts: an upgrade of the system's Python can break it."""
    python = folder / "bin" / "python"
    if not python.exists():
        return False
    probe = "import sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([python, "-c", probe], stderr=subprocess.DEVNULL).returncode == 0


def install(folder: Path, kind: str) -> None:
    wheel = next((ROOT / "scripts").glob("pip-*.whl"))
    pip = [str(folder / "bin" / "python"), f"{wheel}/pip", "--disable-pip-version-check", "--quiet"]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["PIP_ROOT_USER_ACTION"] = "ignore"
    locked = ["install", "--no-compile", "--require-hashes", "--requirement", LOCKS[kind]]
    subprocess.run([*pip, *locked], cwd=ROOT, env=environment, check=True)
    # pip would make the byte code on one core; here every core does, while our own package is put in
    compiling = [str(folder / "bin" / "python"), "-m", "compileall", "-qq", "-j", "0", str(folder / "lib")]
    with subprocess.Popen(compiling, env=environment):
        own = ["install", "--no-deps", "--no-build-isolation", "--no-index", "--editable", "."]
        subprocess.run([*pip, *own], cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        print(f"部品を入れられませんでした: {' '.join(map(str, error.cmd[2:]))}", file=sys.stderr)
        sys.exit(1)
