"""A full disk: writes are refused whole, reads go on, and writes resume by themselves once there is room."""

import contextlib
import os
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from app.attachments import sweeping
from app.settings import Settings
from tests import postgres
from tests.conftest import SETTINGS, Tell, running
from tests.faults.accounts import journal_faults, sound
from tests.faults.conftest import Starter, Stronghold, stronghold
from tests.faults.counts import many, only_as_proof
from tests.faults.processes import Mortal
from tests.faults.writers import Load, settle
from tests.town import Json, a_meeting, every, made

LARGE = "x" * 50_000


@pytest.fixture
def small(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A disk of its own, as large as the test says, where PostgreSQL's account reaches it."""
    folder = Path(tempfile.mkdtemp(prefix="minutes-small-disk-", dir=postgres._open_directory()))
    folder.chmod(0o755)
    size = getattr(request, "param", 32)
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={size}m,mode=0755", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mounting, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        folder.rmdir()
        pytest.skip("needs mount, to make a small disk")
    if done.returncode:
        folder.rmdir()
        pytest.skip(f"needs the right to mount a small disk: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
    folder.rmdir()


def fill(disk: Path, *, but: int = 0) -> None:
    """Take all the room there is, but for so many bytes."""
    with (disk / "filler").open("wb") as filler:
        while (room := os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize - but) > 0:
            with contextlib.suppress(OSError):  # somebody else took some meanwhile
                os.posix_fallocate(filler.fileno(), filler.seek(0, os.SEEK_END), room)


def free(disk: Path) -> None:
    (disk / "filler").unlink()


class Author:
    """Writes meetings, each with two items and a participant, until it is refused."""

    def __init__(self, client: httpx.Client, database: Stronghold) -> None:
        self.client, self.database = client, database
        self.kept = list[str]()
        self.refused = Counter[int]()
        self.tried = 0

    def write(self) -> httpx.Response:
        self.tried += 1
        party, front = (str(self.database.town.bodies[name]) for name in ("party", "front"))
        body: Json = {
            "host_organization_id": party,
            "title": f"Hội nghị {self.tried}",
            "held_on": "2025-09-04",
        }
        # The second item is large: a disk with a little room has it for all that goes before.
        body |= {"agenda_items": [{"title": "Một"}, {"title": "Hai", "description": LARGE}]}
        answer = self.client.post(
            "/v1/meetings", json=body | {"participations": [{"organization_id": front}]}
        )
        if answer.status_code == 201:
            self.kept.append(answer.json()["id"])
            return answer
        assert answer.status_code in {503, 507}, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert int(answer.headers["retry-after"]) > 0
        self.refused[answer.status_code] += 1
        return answer

    def write_until_refused(self) -> None:
        end = time.monotonic() + 120
        while self.write().status_code == 201:
            assert time.monotonic() < end

    def write_until_kept(self) -> float:
        began = time.monotonic()
        while self.write().status_code != 201:
            assert time.monotonic() < began + 30
            time.sleep(0.05)
        return time.monotonic() - began

    def reads_go_on(self) -> None:
        assert self.client.get("/v1/meetings", params={"limit": 5}).status_code == 200
        assert self.client.get(f"/v1/meetings/{self.kept[0]}").status_code == 200
        assert self.client.get("/readyz").status_code == 200

    def nothing_is_half_there(self) -> None:
        there = every(self.client, "/v1/meetings", include="agenda_items,participations")
        assert sorted(meeting["id"] for meeting in there) == sorted(self.kept)
        assert {(len(one["agenda_items"]), len(one["participations"])) for one in there} == {(2, 1)}
        assert journal_faults(self.database.engine) == []

    def said(self, waits: list[float]) -> str:
        resumed = ", ".join(f"{seconds:.2f}" for seconds in waits)
        return f"{len(self.kept)} meetings kept, {dict(self.refused)} refused, writing again {resumed} s after room"


def test_a_full_disk_under_sqlite(small: Path, tell: Tell) -> None:
    database = stronghold(f"sqlite:///{small}/minutes.db")
    waits = []
    with running(Settings(database_url=database.url, **SETTINGS)) as service:
        author = Author(service.client(database.town.keys["secretary"]), database)
        author.write()
        for turn in range(many(6, 16)):
            fill(small, but=turn * 30_000)
            author.write_until_refused()
            author.write()
            author.reads_go_on()
            free(small)
            waits.append(author.write_until_kept())
        author.nothing_is_half_there()
    database.engine.dispose()
    sound(database.url)
    tell(f"sqlite, full {len(waits)} times: {author.said(waits)}")


def test_a_full_disk_under_the_files_stores_none_by_half(small: Path, tmp_path: Path) -> None:
    database = stronghold(f"sqlite:///{tmp_path}/minutes.db")
    sent = {"file": ("a.txt", b"x" * 2_000_000)}
    with running(Settings(database_url=database.url, attachments=small.as_uri(), **SETTINGS)) as service:
        secretary = service.client(database.town.keys["secretary"])
        meeting = a_meeting(secretary, database.town.bodies["party"])
        path = f"/v1/meetings/{meeting['id']}/attachments"
        first = made(secretary.post(path, files=sent))
        for room in (0, 100_000, 1_500_000):
            fill(small, but=room)
            told = secretary.post(path, files=sent)
            assert (told.status_code, told.json()["code"]) == (503, "unavailable")
            assert secretary.get(f"/v1/attachments/{first['id']}/content").content == sent["file"][1]
            assert [one["id"] for one in every(secretary, path)] == [first["id"]]
            free(small)
        last = made(secretary.post(path, files=sent))
        store = service.app.state.store
        assert {one.key for one in store.lying()} == {first["id"], last["id"]}
        assert list(sweeping.faults(database.engine, store)) == []
    left = {one.name for one in small.iterdir()}
    assert left == {first["id"], last["id"]}
    database.engine.dispose()


@only_as_proof
def test_a_full_disk_under_sqlite_with_eight_writers_loses_nothing(
    small: Path, serve: Starter, tell: Tell
) -> None:
    database = stronghold(f"sqlite:///{small}/minutes.db")
    load = Load(serve(database, workers=4), database.town).start()
    for turn in range(5):
        load.until(20)
        fill(small, but=turn * 20_000)
        before = load.answers[503]
        while load.answers[503] < before + 20:
            time.sleep(0.05)
        free(small)
    load.until(20)
    load.stop()
    said = settle(load, database.engine, "sqlite, 8 writers, full 5 times")
    assert load.unanswered == 0
    database.engine.dispose()
    sound(database.url)
    tell(said)


@only_as_proof
@pytest.mark.parametrize("small", [96], indirect=True)
def test_a_full_disk_under_the_tables_of_postgresql(
    small: Path, mortal: tuple[Mortal, postgres.Postgres], tell: Tell
) -> None:
    """The tables lie on the small disk; the server's log of changes has room elsewhere."""
    running_server, server = mortal
    running_server.give(small)
    server.run(f"CREATE TABLESPACE small LOCATION '{small}'")
    server.create("narrow")
    server.run("ALTER DATABASE narrow SET TABLESPACE small")
    database = stronghold(server.url("narrow"), running_server)
    waits = []
    with running(Settings(database_url=database.url, **SETTINGS)) as service:
        author = Author(service.client(database.town.keys["secretary"]), database)
        author.write()
        for _ in range(10):
            fill(small)
            author.write_until_refused()
            author.write()
            author.reads_go_on()
            free(small)
            waits.append(author.write_until_kept())
        author.nothing_is_half_there()
    database.engine.dispose()
    server.drop("narrow")
    server.run("DROP TABLESPACE small")
    tell(f"postgresql, tables on a full disk {len(waits)} times: {author.said(waits)}")


@only_as_proof
@pytest.mark.parametrize("small", [160], indirect=True)
def test_a_full_disk_under_all_of_postgresql(small: Path, serve: Starter, tell: Tell) -> None:
    """Its log of changes too: it stops, its supervisor starts it again, and nothing acknowledged is lost."""
    disk = Mortal(small, wal_recycle="off", min_wal_size="32MB", max_wal_size="48MB")
    server = postgres.Postgres(disk.url, running=disk)
    try:
        server.create("narrow")
        database = stronghold(server.url("narrow"), disk)
        load = Load(serve(database, workers=2), database.town).start()
        load.until(20)
        fill(small)
        with contextlib.suppress(psycopg.Error):
            while True:  # each time its log goes on in another file, for which there is no room in the end
                server.run("SELECT pg_switch_wal()")
                server.run("CREATE TABLE more ()", database="narrow")
                server.run("DROP TABLE more", database="narrow")
        before = load.answers[503]
        while load.answers[503] < before + 20:
            time.sleep(0.05)
        was_running = disk.is_running
        free(small)
        if not disk.is_running:
            disk.start_again()
        load.until(20)
        load.stop()
        assert load.unanswered == 0
        tell(settle(load, database.engine, f"postgresql, its whole disk full, {was_running=}"))
        database.engine.dispose()
    finally:
        server.stop()
