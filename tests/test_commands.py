"""The commands as an operator meets them: what they print, and each foreseeable mistake in words."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.sqlite import library
from tests.conftest import ROOT
from tests.program import Program

KEY = re.compile(r"mm_[0-9a-f]{32}_[0-9a-f]{64}")


class Desk:
    """A shell in the project, with a database of its own."""

    def __init__(self, program: Program, folder: Path) -> None:
        self._program = program
        self.database = folder / "var" / "minutes.db"

    def run(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        known = {"MINUTES_DATABASE_URL": f"sqlite:///{self.database}", "NO_COLOR": "1", **settings}
        return self._program.run(*words, **known)

    def refused(self, *words: str, **settings: str) -> str:
        ended = self.run(*words, **settings)
        assert ended.returncode == 1, ended
        assert "Traceback" not in ended.stderr
        return ended.stderr


@pytest.fixture
def desk(program: Program, tmp_path: Path) -> Desk:
    return Desk(program, tmp_path)


def test_help_names_every_command() -> None:
    """Started from nothing, as an operator starts it."""
    command = [sys.executable, "-m", "app", "--help"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert all(command in said for command in ("serve", "migrate", "demo", "new-key", "openapi"))


def test_migrating_makes_the_folder_and_can_be_done_again(desk: Desk) -> None:
    for _ in range(2):
        assert desk.run("migrate").returncode == 0
    assert desk.database.exists()


def test_a_tenant_gets_its_first_key_once(desk: Desk) -> None:
    made = desk.run("new-key", "--organization", "Tỉnh Thử")
    assert made.returncode == 0
    assert KEY.fullmatch(made.stdout.strip())
    assert "has got its first key already" in desk.refused("new-key", "--organization", "Tỉnh Thử")


def test_the_key_of_the_demo_is_printed_at_every_start_and_readable_by_its_owner_alone(desk: Desk) -> None:
    first, again = desk.run("demo"), desk.run("demo")
    assert KEY.fullmatch(first.stdout.strip())
    assert first.stdout == again.stdout
    assert desk.database.with_suffix(".demo-key").stat().st_mode & 0o077 == 0


def test_plain_serve_does_not_touch_a_database_that_is_behind(desk: Desk) -> None:
    assert "python -m app migrate" in desk.refused("serve", "--port", "1")


def test_a_port_that_is_taken_is_said(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"Port {port} on 127.0.0.1 cannot be had" in desk.refused("serve", "--migrate", "--port", port)


def test_a_wrong_setting_is_named(desk: Desk) -> None:
    assert "MINUTES_POOL_SIZE" in desk.refused("migrate", MINUTES_POOL_SIZE="many")


@pytest.mark.parametrize("url", ["nonsense", "oracle://x/y"])
def test_what_is_no_database_is_said(desk: Desk, url: str) -> None:
    assert "is not a database" in desk.refused("migrate", MINUTES_DATABASE_URL=url)


def test_a_database_that_does_not_answer_is_said_without_its_password(desk: Desk) -> None:
    said = desk.refused("migrate", MINUTES_DATABASE_URL="postgresql://me:hidden@127.0.0.1:1/minutes")
    assert "cannot be used" in said
    assert "hidden" not in said


def test_a_database_of_a_newer_version_is_left_alone(desk: Desk) -> None:
    desk.run("migrate")
    connection = library.connect(desk.database)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    assert "newer version (to 9999)" in desk.refused("migrate")


def test_the_openapi_document_is_printed_as_it_is_served(desk: Desk) -> None:
    assert '"openapi": "3.1.0"' in desk.run("openapi").stdout


@pytest.mark.parametrize(
    ("process", "seldom"),
    [
        ("app.main", {"alembic", "matplotlib", "app.demo", "obstore", "xlsxwriter", "asyncpg"}),
        ("app.__main__", {"app.main", "fastapi", "alembic"}),
    ],
    ids=["one that serves", "one that starts workers"],
)
def test_a_start_loads_nothing_that_only_some_of_them_need(process: str, seldom: set[str]) -> None:
    """The greatest take a tenth of a second or more of the second and a half that a start has."""
    program = f"import sys, {process}; print(*{seldom} & sys.modules.keys())"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.split() == []
