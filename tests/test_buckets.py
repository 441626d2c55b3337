"""Files in an S3-compatible bucket: sent and downloaded to the byte, removed, and what is said when it is down."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.attachments import storing, sweeping
from app.db import new_id
from app.settings import Settings
from tests import files
from tests.buckets import KEY_ID, SECRET, Bucket, served
from tests.conftest import DATABASES, PROOF, ROOT, SETTINGS, Service, _database, running
from tests.test_attachments import content, of, send
from tests.test_journal import books, every_change_has_its_event  # noqa: F401  they watch these tests too
from tests.town import ANY, Json, a_meeting, build, every, made, shown

pytestmark = pytest.mark.in_turn  # most of them wait until a bucket that is down is given up
LARGE = b"".join(b"%07d\n" % n for n in range(12 * 1024 * 1024 // 8))  # of three parts, none like another
SOON = 30  # seconds, within which whoever asks is told that it is down


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    """It is up in every test; one that needs it down takes it down."""
    bucket = Bucket()
    with pytest.MonkeyPatch.context() as known, served(bucket):
        known.setenv("AWS_ACCESS_KEY_ID", KEY_ID)
        known.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        if not PROOF:  # to wait as long as the service does tells no more than to wait
            known.setattr(storing, "RETRYING", timedelta(seconds=1))
        yield bucket


@pytest.fixture(scope="module", params=DATABASES)
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, bucket: Bucket
) -> Iterator[Service]:
    url, drop = _database(request, tmp_path_factory.mktemp("data"))
    bucket.objects.clear()
    known = {**SETTINGS, "attachments": bucket.setting}
    with running(Settings(database_url=url, allow_weak_durability=True, **known)) as started:
        started.town = build(started.engine)
        yield started
    drop()


@pytest.fixture(scope="module")
def secretary(service: Service) -> httpx.Client:
    return service.as_("secretary")


@pytest.fixture
def path(secretary: httpx.Client, service: Service, bucket: Bucket) -> Iterator[str]:
    """Where files are sent to."""
    yield of("meetings", a_meeting(secretary, service.town.bodies["party"]))
    bucket.fails, bucket.secret, bucket.cuts = lambda _: None, SECRET, 0
    assert bucket.uploads == {}, "an upload in parts was neither ended nor given up"


def lies(bucket: Bucket, row: Json) -> bytes | None:
    """The object of a file, under the setting's prefix and the row's id."""
    found = bucket.objects.get(f"tep/{row['id']}")
    return found[0] if found else None


def down(bucket: Bucket) -> None:
    """It refuses whatever it is asked, as one whose machines are overloaded."""
    bucket.fails = lambda _: 503


def is_unavailable(answer: httpx.Response) -> bool:
    assert answer.elapsed.total_seconds() < SOON
    return (answer.status_code, answer.json()["code"]) == (503, "unavailable")


@pytest.mark.parametrize("sent", [files.PDF, LARGE], ids=["small", "large"])
def test_what_is_sent_lies_in_the_bucket_and_is_downloaded_to_the_byte(
    secretary: httpx.Client, path: str, bucket: Bucket, sent: bytes
) -> None:
    name = "a.pdf" if sent == files.PDF else "a.txt"
    row = made(send(secretary, path, name, sent))
    assert (row["size"], lies(bucket, row)) == (len(sent), sent)
    got = content(secretary, row)
    assert (got.status_code, got.content) == (200, sent)
    assert content(secretary, row, **{"if-none-match": got.headers["etag"]}).status_code == 304


def test_a_name_never_becomes_a_key(secretary: httpx.Client, path: str, bucket: Bucket) -> None:
    before = set(bucket.objects)
    row = made(send(secretary, path, "Biên bản đã ký.pdf"))
    assert set(bucket.objects) - before == {f"tep/{row['id']}"}


def test_a_removed_file_is_gone_from_the_bucket(secretary: httpx.Client, path: str, bucket: Bucket) -> None:
    row = made(send(secretary, path))
    assert secretary.delete(f"/v1/attachments/{row['id']}", headers=ANY).status_code == 204
    told = content(secretary, row)
    assert (told.status_code, told.json()["code"]) == (410, "gone")
    assert lies(bucket, row) is None


def test_a_file_that_is_removed_while_somebody_downloads_it_is_gone_and_no_failure(
    service: Service, secretary: httpx.Client, path: str, bucket: Bucket
) -> None:
    """It was there when it was looked up, and is not any more when its bytes are asked for."""
    row, other = made(send(secretary, path)), service.as_("secretary")

    def first_removed(asked: str) -> None:
        if asked == "GET":
            bucket.fails = lambda _: None
            assert other.delete(f"/v1/attachments/{row['id']}", headers=ANY).status_code == 204

    bucket.fails = first_removed
    told = content(secretary, row)
    assert (told.status_code, told.json()["code"]) == (410, "gone")
    assert lies(bucket, row) is None


def test_a_download_that_is_cut_off_goes_on_where_it_was(
    secretary: httpx.Client, path: str, bucket: Bucket
) -> None:
    row = made(send(secretary, path, "a.txt", LARGE))
    asked, bucket.cuts = len(bucket.asked), 2
    assert content(secretary, row).content == LARGE
    assert bucket.asked[asked:] == ["GET"] * 3


# -- who may


def test_every_request_is_signed(path: str, secretary: httpx.Client, bucket: Bucket) -> None:
    refused = bucket.refused
    row = made(send(secretary, path, "a.txt", LARGE))
    assert content(secretary, row).status_code == 200
    secretary.delete(f"/v1/attachments/{row['id']}", headers=ANY)
    assert bucket.refused == refused
    assert httpx.get(f"{bucket.url}/minutes?list-type=2").status_code == 403
    bucket.secret = "another"
    assert is_unavailable(send(secretary, path))
    assert bucket.refused > refused + 1


# -- neither without the other


def test_a_bucket_that_is_down_refuses_uploads_clearly_and_leaves_no_row(
    secretary: httpx.Client, path: str, bucket: Bucket
) -> None:
    before = set(bucket.objects)
    down(bucket)
    assert is_unavailable(send(secretary, path))
    assert every(secretary, path) == []
    assert set(bucket.objects) == before


def test_a_part_that_is_refused_gives_the_whole_upload_up(
    secretary: httpx.Client, path: str, bucket: Bucket
) -> None:
    before = set(bucket.objects)
    bucket.fails = lambda asked: 400 if asked.startswith("PUT") else None
    assert is_unavailable(send(secretary, path, "a.txt", LARGE))
    assert every(secretary, path) == []
    assert (set(bucket.objects), bucket.uploads) == (before, {})


def test_a_bucket_that_is_down_refuses_downloads_clearly(
    secretary: httpx.Client, path: str, bucket: Bucket
) -> None:
    row = made(send(secretary, path))
    down(bucket)
    assert is_unavailable(content(secretary, row))
    assert shown(secretary.get(f"/v1/attachments/{row['id']}")) == row
    bucket.fails = lambda _: None
    assert content(secretary, row).content == files.PDF


def test_a_file_removed_while_the_bucket_is_down_is_gone_and_what_stays_behind_is_found(
    secretary: httpx.Client, service: Service, path: str, bucket: Bucket
) -> None:
    row = made(send(secretary, path))
    down(bucket)
    assert secretary.delete(f"/v1/attachments/{row['id']}", headers=ANY).status_code == 204
    assert content(secretary, row).status_code == 410
    bucket.fails = lambda _: None
    aged(bucket, f"tep/{row['id']}")
    assert found(service) == [
        f"attachments: {row['id']} lies in the store, and no row names it: it can be deleted"
    ]
    del bucket.objects[f"tep/{row['id']}"]


def aged(bucket: Bucket, key: str) -> None:
    """So old that it belongs to no request that goes on."""
    bucket.objects[key] = bucket.objects[key][0], datetime.now(UTC) - timedelta(hours=2)


def found(service: Service) -> list[str]:
    """What a check finds; nothing where all is well."""
    return sorted(sweeping.faults(service.engine, service.app.state.store))


def checked(service: Service, bucket: Bucket) -> list[str]:
    """The same, of the command itself."""
    known = {"MINUTES_DATABASE_URL": service.database_url, "MINUTES_ATTACHMENTS": bucket.setting}
    ended = subprocess.run(
        [sys.executable, "-m", "app", "check"],
        env={**os.environ, **known, "MINUTES_ALLOW_WEAK_DURABILITY": "true"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    return sorted(one for one in ended.stderr.splitlines() if one.startswith("attachments: "))


def test_check_finds_what_is_missing_changed_or_left_behind_in_a_bucket(
    secretary: httpx.Client, service: Service, path: str, bucket: Bucket
) -> None:
    """Of more files than one answer lists."""
    missing, changed, *rest = (made(send(secretary, path)) for _ in range(5))
    assert found(service) == []
    whole = dict(bucket.objects)
    old, young = (f"tep/{new_id()}" for _ in range(2))
    bucket.objects |= {key: (b"x", datetime.now(UTC)) for key in (old, young)}
    aged(bucket, old)
    del bucket.objects[f"tep/{missing['id']}"]
    bucket.objects[f"tep/{changed['id']}"] = files.PDF.replace(b"1.7", b"1.6"), datetime.now(UTC)
    assert found(service) == checked(service, bucket)
    assert found(service) == sorted(
        [
            f"attachments: the bytes of {missing['id']} are missing",
            f"attachments: the bytes of {changed['id']} are not those that were sent",
            f"attachments: {old.removeprefix('tep/')} lies in the store, and no row names it: it can be deleted",
        ]
    )
    assert {content(secretary, one).status_code for one in rest} == {200}
    assert content(secretary, missing).status_code == 500
    down(bucket)
    assert found(service) == ["attachments: the store does not answer, and not every file could be looked at"]
    bucket.objects = whole


def test_a_bucket_where_nobody_listens_is_unavailable_soon(
    secretary: httpx.Client, service: Service, path: str
) -> None:
    """As the service finds it that is started while its bucket is not."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    known = {**SETTINGS, "attachments": f"s3://minutes?endpoint_url=http://127.0.0.1:{port}&region=vn-1"}
    settings = Settings(database_url=service.database_url, allow_weak_durability=True, **known)
    with running(settings) as started:
        assert is_unavailable(send(started.client(service.town.keys["secretary"]), path))
    assert every(secretary, path) == []
