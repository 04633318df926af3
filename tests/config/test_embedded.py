"""The embedded PostgreSQL: shared, alone on its folder, and safe against sudden death."""

from __future__ import annotations

import json
import os
import socket

import psycopg
import pytest

from tests.config.processes import end, eventually, kill_family, python, ready, tsunagari
from tsunagari.config.embedded import EmbeddedServer

USE = """
import sys
from tsunagari.config.embedded import EmbeddedServer
with EmbeddedServer(sys.argv[1]).in_use():
    print("ready", flush=True)
    sys.stdin.read()
"""
BE_THE_SYSTEM = """
import sys
from tsunagari.config.embedded import EmbeddedServer
with EmbeddedServer(sys.argv[1]).as_only_system():
    print("ready", flush=True)
    sys.stdin.read()
"""
WRITE = """
import sys, psycopg
with psycopg.connect(sys.argv[1], autocommit=True) as connection:
    for number in range(1_000_000):
        connection.execute("INSERT INTO kept VALUES (%s)", [number])
        print(number, flush=True)
"""


def postmaster(server: EmbeddedServer) -> int:
    return int((server.cluster / "postmaster.pid").read_text().split()[0])


def test_start_twice_is_one_server(server: EmbeddedServer) -> None:
    first = server.start()
    pid = postmaster(server)
    assert EmbeddedServer(server.folder).start() == first
    assert postmaster(server) == pid


def test_the_last_user_stops_it(server: EmbeddedServer) -> None:
    with server.in_use():
        with EmbeddedServer(server.folder).in_use():
            assert server.is_running()
        assert server.is_running()
    assert not server.is_running()


def test_a_server_asked_to_keep_running_outlives_its_users(server: EmbeddedServer) -> None:
    server.start()
    server.keep_running()
    with server.in_use():
        pass
    assert server.is_running()
    server.stop()
    assert not server.is_running()
    with server.in_use():
        pass
    assert not server.is_running()


def test_a_server_left_by_a_killed_process_is_used_and_then_stopped(server: EmbeddedServer) -> None:
    with ready(USE, server.folder) as user:
        pid = postmaster(server)
        user.kill()
    assert server.is_running()
    with server.in_use():
        assert postmaster(server) == pid
    assert not server.is_running()


def test_a_second_system_on_the_folder_is_refused_in_one_line(installation: EmbeddedServer) -> None:
    with ready(BE_THE_SYSTEM, installation.folder) as first:
        refused = tsunagari("serve", "--port", "0")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "既に動いています" in refused.stderr
    assert "already runs" in refused.stderr
    assert f"プロセス {first.pid}" in refused.stderr


def test_a_killed_system_does_not_block_the_next(server: EmbeddedServer) -> None:
    with ready(BE_THE_SYSTEM, server.folder) as first:
        first.kill()
    with server.as_only_system():
        assert (server.folder / "system.lock").read_text() == f"{os.getpid()}\n"


def test_every_acknowledged_row_survives_kill_9_of_everything(server: EmbeddedServer) -> None:
    info = server.start()
    with psycopg.connect(server.url("superuser", "postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        connection.execute("TRUNCATE kept")
    writer = python(WRITE, server.url("superuser", "postgres"))
    assert writer.stdout is not None
    acknowledged = [int(writer.stdout.readline()) for _ in range(300)]
    kill_family(postmaster(server))
    acknowledged += [int(line) for line in writer.stdout.read().split()]
    end(writer)
    assert eventually(lambda: not server.is_running())
    assert server.start().password == info.password
    with psycopg.connect(server.url("superuser", "postgres")) as connection:
        kept = {number for (number,) in connection.execute("SELECT number FROM kept")}
    assert kept >= set(acknowledged)
    assert len(acknowledged) >= 300


def test_a_pid_file_that_names_another_program_is_no_obstacle(server: EmbeddedServer) -> None:
    server.start()
    text = (server.cluster / "postmaster.pid").read_text()
    server.stop()
    (server.cluster / "postmaster.pid").write_text(text.replace(text.split()[0], str(os.getpid()), 1))
    assert not server.is_running()
    server.start()
    assert server.is_running()


def test_a_taken_port_is_left_to_its_holder(server: EmbeddedServer) -> None:
    former = server.info().port
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", former))
        holder.listen()
        assert server.start().port != former
    with psycopg.connect(server.url("superuser", "postgres")) as connection:
        assert connection.info.port == server.info().port != former


def test_nobody_gets_in_without_the_password(server: EmbeddedServer) -> None:
    info = server.start()
    for user in ("postgres", "tsunagari"):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(host=info.host, port=info.port, user=user, password="guess", dbname="postgres")


def test_secrets_and_data_are_closed_to_others(server: EmbeddedServer) -> None:
    assert (server.folder / "server.json").stat().st_mode & 0o777 == 0o600
    assert server.cluster.stat().st_mode & 0o777 == 0o700
    assert server.folder.stat().st_mode & 0o066 == 0
    assert len(json.loads((server.folder / "server.json").read_text())["password"]) >= 32


def test_what_is_acknowledged_is_on_the_disk(server: EmbeddedServer) -> None:
    server.start()
    with psycopg.connect(server.url("superuser", "postgres")) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert connection.execute(f"SHOW {setting}").fetchone() == ("on",)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
