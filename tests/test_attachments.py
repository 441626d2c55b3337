"""Files beside meetings, agenda items, entries, minutes and notices: sent, found, downloaded, removed, refused."""

import hashlib
import io
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import checking
from app.attachments import sweeping
from app.attachments.naming import disposition
from app.attachments.storing import Store
from app.attachments.vocabulary import OwnerKind
from app.db import new_id
from app.events import Event
from app.settings import Settings
from tests import files
from tests.conftest import SETTINGS, Service, _database, running
from tests.test_journal import (
    books,  # noqa: F401  it watches these tests too
    every_change_has_its_event,  # noqa: F401  as above
    last_event,
)
from tests.town import ANY, Json, a_key, a_meeting, a_task, build, every, made, move, shown

pytestmark = pytest.mark.in_turn

MIB = 1024 * 1024
FORM = {"content-type": "multipart/form-data; boundary=b"}


@pytest.fixture(scope="module")
def store(service: Service) -> Store:
    found: Store = service.app.state.store
    return found


@pytest.fixture(scope="module")
def secretary(service: Service, store: Store) -> Iterator[httpx.Client]:
    yield service.as_("secretary")
    assert list(checking.faults(service.engine)) == []
    assert list(sweeping.faults(service.engine, store)) == []


@pytest.fixture(scope="module")
def party(service: Service) -> Any:
    return service.town.bodies["party"]


@pytest.fixture
def meeting(secretary: httpx.Client, party: Any) -> Json:
    return a_meeting(secretary, party)


def of(noun: str, row: Json) -> str:
    return f"/v1/{noun}/{row['id']}/attachments"


def send(
    client: httpx.Client,
    path: str,
    name: str = "a.pdf",
    content: bytes = files.PDF,
    headers: dict[str, str] | None = None,
    **fields: str,
) -> httpx.Response:
    return client.post(
        path, files={"file": (name, content, "application/octet-stream")}, data=fields, headers=headers
    )


def content(client: httpx.Client, row: Json, **headers: str) -> httpx.Response:
    return client.get(f"/v1/attachments/{row['id']}/content", headers=headers)


def refused(answer: httpx.Response) -> str:
    assert (answer.status_code, answer.json().get("code")) == (422, "validation-error"), answer.text
    (one,) = answer.json()["errors"]
    assert one["pointer"] == "#/file"
    assert one["detail"]
    code: str = one["code"]
    return code


def kept(store: Store) -> set[str]:
    return {one.key for one in store.lying()}


# -- sent and found


@pytest.mark.parametrize("kind", files.TAKEN)
def test_what_is_sent_is_what_is_downloaded(secretary: httpx.Client, meeting: Json, kind: str) -> None:
    name, sent, media_type = files.TAKEN[kind]
    first = send(secretary, of("meetings", meeting), name, sent, description="Tài liệu họp")
    row = made(first)
    digest = hashlib.sha256(sent).hexdigest()
    told = {
        "owner_kind": "meeting",
        "owner_id": meeting["id"],
        "file_name": name,
        "media_type": media_type,
        "size": len(sent),
        "sha256": digest,
        "description": "Tài liệu họp",
        "added_by": "secretary",
        "removed_at": None,
        "version": 1,
    }
    assert {member: row[member] for member in told} == told
    assert first.headers["location"] == f"/v1/attachments/{row['id']}"
    assert secretary.get(first.headers["location"]).text == first.text
    assert every(secretary, of("meetings", meeting)) == [row]
    got = content(secretary, row)
    assert (got.status_code, got.content) == (200, sent)
    assert got.headers["content-type"].partition(";")[0] == media_type
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["etag"].removeprefix("W/") == f'"{digest}"'
    assert got.headers["etag"].startswith("W/") == media_type.startswith("text/")  # which is sent packed
    assert "sandbox" in got.headers["content-security-policy"]
    plain, _, encoded = got.headers["content-disposition"].removeprefix("attachment; ").partition("; ")
    assert unquote(encoded.removeprefix("filename*=UTF-8''")) == name
    assert plain.isascii()
    again = content(secretary, row, **{"if-none-match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    asked = secretary.head(f"/v1/attachments/{row['id']}/content", headers={"accept-encoding": "identity"})
    assert (asked.headers["content-length"], asked.headers["etag"]) == (str(len(sent)), f'"{digest}"')


def test_a_name_is_kept_in_one_form_and_offered_in_two(secretary: httpx.Client, meeting: Json) -> None:
    name = "Thông báo kết luận số 05-TB/ĐU".replace("/", "-") + ".pdf"
    row = made(send(secretary, of("meetings", meeting), unicodedata.normalize("NFD", name)))
    assert row["file_name"] == name
    told = content(secretary, row).headers["content-disposition"]
    assert told.startswith('attachment; filename="Tho_ng ba_o')
    assert told.endswith("-%C4%90U.pdf")
    assert (
        disposition('a"b;c%0d.pdf')
        == "attachment; filename=\"a_b_c_0d.pdf\"; filename*=UTF-8''a%22b%3Bc%250d.pdf"
    )


def test_everything_that_owns_files_lists_its_own(
    secretary: httpx.Client, party: Any, service: Service
) -> None:
    items = [{"title": "Báo cáo"}]
    meeting = a_meeting(secretary, party, record="reported", agenda_items=items)
    (item,) = every(secretary, f"/v1/meetings/{meeting['id']}/agenda-items")
    move(secretary, meeting, "hold")
    minutes = made(secretary.post(f"/v1/meetings/{meeting['id']}/minutes", json={}))
    notice = made(secretary.post(f"/v1/meetings/{meeting['id']}/conclusion-notice", json={}))
    task = a_task(secretary, party, party)
    entry = move(secretary, task, "issue")
    owners = {
        "meeting": of("meetings", meeting),
        "agenda_item": of("agenda-items", item),
        "minutes": of("minutes", minutes),
        "conclusion_notice": of("conclusion-notices", notice),
        "task_entry": of("task-entries", entry),
    }
    assert owners.keys() == {one.value for one in OwnerKind}
    for kind, path in owners.items():
        row = made(send(secretary, path))
        assert row["owner_kind"] == kind
        assert every(secretary, path) == [row]
        assert every(secretary, path, media_type="image/png") == []
        assert content(secretary, row).content == files.PDF
    assert secretary.get(f"/v1/meetings/{new_id()}/attachments").status_code == 404


@pytest.mark.parametrize("last", ["sign", "issue"])
@pytest.mark.parametrize("noun", ["minutes", "conclusion-notice"])
def test_a_scan_of_what_is_signed_is_attached_with_one_event_and_changes_nothing_that_is_signed(
    secretary: httpx.Client, service: Service, party: Any, noun: str, last: str
) -> None:
    document = a_signed(secretary, service.as_("approver"), party, noun, last)
    before = as_it_stands(secretary, document)
    row, names = told(service, lambda: send(secretary, f"{document}/attachments", "Biên bản đã ký.pdf"))
    assert names == ["attachment.created"]
    assert every(secretary, f"{document}/attachments") == [row]
    assert as_it_stands(secretary, document) == before


def test_a_scan_of_what_is_signed_is_never_replaced_in_silence(
    secretary: httpx.Client, service: Service, party: Any
) -> None:
    document = a_signed(secretary, service.as_("approver"), party, "minutes", "sign")
    before = as_it_stands(secretary, document)
    row = made(send(secretary, f"{document}/attachments", "Bản quét.pdf"))
    path = f"/v1/attachments/{row['id']}"
    another = {"file": ("Bản quét.pdf", files.PDF + b"%%EOF")}
    assert secretary.put(path, files=another, headers=ANY).status_code == 405
    assert secretary.put(f"{path}/content", files=another, headers=ANY).status_code == 405
    assert secretary.patch(path, files=another, headers=ANY).status_code == 415
    assert shown(secretary.get(path)) == row
    second = made(send(secretary, f"{document}/attachments", "Bản quét.pdf", files.PDF + b"%%EOF"))
    assert second["id"] != row["id"]
    _, names = told(service, lambda: secretary.delete(path, headers=ANY))
    assert names == ["attachment.removed"]
    kept = every(secretary, f"{document}/attachments")
    assert [(one["id"], one["sha256"], one["removed_at"] is None) for one in kept] == [
        (row["id"], row["sha256"], False),
        (second["id"], second["sha256"], True),
    ]
    assert as_it_stands(secretary, document) == before


def a_signed(secretary: httpx.Client, approver: httpx.Client, host: Any, noun: str, last: str) -> str:
    """The path of minutes or of a notice, moved that far."""
    meeting = a_meeting(secretary, host, record="reported")
    move(secretary, meeting, "hold")
    row = made(secretary.post(f"/v1/meetings/{meeting['id']}/{noun}", json={}))
    path = f"/v1/{noun.replace('notice', 'notices')}/{row['id']}"
    moves = {"submit": secretary, "sign": approver, "issue": secretary}
    for step, who in moves.items():
        made(who.post(f"{path}/transitions", json={"transition": step}))
        if step == last:
            break
    return path


def as_it_stands(client: httpx.Client, document: str) -> list[str]:
    """The document with its tag and hash, each version to the byte, and what proves it."""
    shows = client.get(document)
    assert shown(shows)["sha256"]
    versions = [f"/v1/minutes-versions/{one['id']}" for one in every(client, f"{document}/versions")]
    proofs = [client.get(f"{one}{more}").text for one in versions for more in ("", "/proof")]
    assert len(proofs) == 2
    return [shows.text, shows.headers["etag"], *proofs]


def told(service: Service, does: Callable[[], httpx.Response]) -> tuple[Json, list[str]]:
    """What a write answers, and the names of all events that it left."""
    with Session(service.engine) as db:
        last = last_event(db)
    answer = does()
    assert answer.is_success, answer.text
    with Session(service.engine) as db:
        names = db.scalars(select(Event.name).where(Event.seq > last).order_by(Event.seq)).all()
    return answer.json() if answer.content else {}, list(names)


def test_a_file_stands_in_the_way_of_deleting_what_it_is_of(secretary: httpx.Client, party: Any) -> None:
    meeting = a_meeting(secretary, party, agenda_items=[{"title": "Báo cáo"}])
    (item,) = every(secretary, f"/v1/meetings/{meeting['id']}/agenda-items")
    notice = made(secretary.post(f"/v1/meetings/{meeting['id']}/conclusion-notice", json={}))
    for noun, row in (("agenda-items", item), ("conclusion-notices", notice)):
        made(send(secretary, of(noun, row)))
        told = secretary.delete(f"/v1/{noun}/{row['id']}", headers=ANY)
        assert told.status_code == 409, told.text
        (blocker,) = told.json()["blockers"]
        assert (blocker["code"], blocker["pointer"]) == ("used-by-attachments", of(noun, row))
    assert secretary.delete(f"/v1/meetings/{meeting['id']}", headers=ANY).status_code == 409


# -- changed and removed


def test_a_removed_file_is_gone_and_what_is_known_of_it_stays(
    secretary: httpx.Client, meeting: Json, store: Store
) -> None:
    row = made(send(secretary, of("meetings", meeting)))
    path = f"/v1/attachments/{row['id']}"
    assert row["id"] in kept(store)
    assert secretary.delete(path).status_code == 428
    assert secretary.delete(path, headers={"if-match": '"9"'}).status_code == 412
    assert secretary.delete(path, headers={"if-match": '"1"'}).status_code == 204
    assert row["id"] not in kept(store)
    told = content(secretary, row)
    assert (told.status_code, told.json()["code"]) == (410, "gone")
    stays = shown(secretary.get(path))
    assert (stays["version"], stays["sha256"]) == (2, row["sha256"])
    assert stays["removed_at"] is not None
    assert every(secretary, of("meetings", meeting)) == [stays]
    assert secretary.delete(path, headers=ANY).status_code == 410
    assert secretary.patch(path, json={"description": "a"}, headers=ANY).status_code == 410


def test_a_file_can_be_described_otherwise(secretary: httpx.Client, meeting: Json) -> None:
    row = made(send(secretary, of("meetings", meeting)))
    path = f"/v1/attachments/{row['id']}"
    changed = shown(secretary.patch(path, json={"description": "Bản cuối"}, headers={"if-match": '"1"'}))
    assert (changed["version"], changed["description"]) == (2, "Bản cuối")
    assert shown(secretary.patch(path, json={"description": None}, headers=ANY))["description"] is None
    assert secretary.patch(path, json={"file_name": "b.pdf"}, headers=ANY).status_code == 422


# -- who may


@pytest.fixture
def entry(secretary: httpx.Client, service: Service, party: Any) -> Json:
    """Of a task that the Front leads."""
    return move(secretary, a_task(secretary, party, service.town.bodies["front"]), "issue")


def test_who_reports_for_an_assigned_body_hands_in_evidence(
    secretary: httpx.Client, service: Service, entry: Json
) -> None:
    reporter, path = service.as_("reporter"), of("task-entries", entry)
    row = made(send(reporter, path, "ảnh.png", files.PNG))
    assert every(secretary, path) == [row]
    for who in ("reader", "approver", "auditor", "provincial"):
        assert send(service.as_(who), path).status_code == 403, who
    for who in ("neighbour", "stranger"):
        assert send(service.as_(who), path).status_code == 404, who
        assert service.as_(who).get(path).status_code == 404
        assert content(service.as_(who), row).status_code == 404
        assert service.as_(who).delete(f"/v1/attachments/{row['id']}", headers=ANY).status_code == 404


def test_evidence_is_removed_by_who_handed_it_in_or_by_the_office(
    secretary: httpx.Client, service: Service, entry: Json
) -> None:
    reporter, path = service.as_("reporter"), of("task-entries", entry)
    of_the_office, own, other = (made(send(who, path)) for who in (secretary, reporter, reporter))
    assert reporter.delete(f"/v1/attachments/{of_the_office['id']}", headers=ANY).status_code == 403
    assert reporter.delete(f"/v1/attachments/{own['id']}", headers=ANY).status_code == 204
    assert secretary.delete(f"/v1/attachments/{other['id']}", headers=ANY).status_code == 204


def test_a_reporter_of_the_host_writes_no_file_of_its_meeting(
    secretary: httpx.Client, service: Service
) -> None:
    meeting = a_meeting(secretary, service.town.bodies["front"])
    row = made(send(secretary, of("meetings", meeting)))
    reporter = service.as_("reporter")
    assert content(reporter, row).status_code == 200
    assert send(reporter, of("meetings", meeting)).status_code == 403
    assert reporter.delete(f"/v1/attachments/{row['id']}", headers=ANY).status_code == 403


def test_a_refused_caller_leaves_nothing_in_the_store(
    service: Service, store: Store, secretary: httpx.Client, meeting: Json
) -> None:
    before = kept(store)
    assert send(service.as_("neighbour"), of("meetings", meeting)).status_code == 404
    assert send(service.as_("reader"), of("meetings", meeting)).status_code == 403
    assert send(secretary, f"/v1/meetings/{new_id()}/attachments").status_code == 404
    assert send(secretary, of("meetings", meeting), description="\u0007").status_code == 422
    assert kept(store) == before


def test_a_key_narrowed_to_tasks_sees_no_list_of_a_meetings_files(
    service: Service, meeting: Json, party: Any
) -> None:
    scopes = ["attachments:read", "quarterly_tasks:read"]
    _, key = a_key(service.as_("administrator"), party, ("secretary", party, None), scopes=scopes)
    narrow = service.client(key["key"])
    assert narrow.get(of("meetings", meeting)).status_code == 403
    assert send(narrow, of("meetings", meeting)).status_code == 403


@pytest.mark.on_both
@pytest.mark.parametrize("area", ["meetings", "quarterly_tasks", None])
def test_a_key_is_shown_and_told_of_the_files_of_what_it_may_read_alone(
    service: Service, secretary: httpx.Client, meeting: Json, entry: Json, party: Any, area: str | None
) -> None:
    place = shown(secretary.get("/v1/changes?cursor=latest"))["next_cursor"]
    rows = {
        "meetings": made(send(secretary, of("meetings", meeting))),
        "quarterly_tasks": made(send(secretary, of("task-entries", entry))),
    }
    for row in rows.values():
        assert secretary.delete(f"/v1/attachments/{row['id']}", headers=ANY).status_code == 204
    scopes = ["attachments:read", "changes:read", *([f"{area}:read"] if area else [])]
    _, key = a_key(service.as_("administrator"), party, ("secretary", party, None), scopes=scopes)
    narrow, hidden = service.client(key["key"]), 404 if area else 403
    for of_area, row in rows.items():
        there, gone = (200, 410) if of_area == area else (hidden, hidden)
        assert narrow.get(f"/v1/attachments/{row['id']}").status_code == there
        assert content(narrow, row).status_code == gone
    asked = {"cursor": place, "types": "attachment", "limit": 500}
    told = [one["subject_id"] for one in shown(narrow.get("/v1/changes", params=asked))["items"]]
    assert told == ([rows[area]["id"]] * 2 if area else [])


# -- once


def test_one_key_stores_one_file(secretary: httpx.Client, meeting: Json, store: Store) -> None:
    path, key = of("meetings", meeting), {"idempotency-key": str(new_id())}
    first = send(secretary, path, headers=key, description="a")
    before = kept(store)
    again = send(secretary, path, headers=key, description="a")
    assert (again.status_code, again.text) == (201, first.text)
    assert again.headers["idempotency-replayed"] == "true"
    for other in (
        send(secretary, path, headers=key, description="b"),
        send(secretary, path, "b.pdf", headers=key, description="a"),
        send(secretary, path, content=files.PDF + b"%%EOF", headers=key, description="a"),
    ):
        assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert kept(store) == before
    assert len(every(secretary, path)) == 1


@pytest.mark.on_both
def test_many_send_at_once_and_others_are_answered_meanwhile(
    service: Service, secretary: httpx.Client, meeting: Json
) -> None:
    path, big = of("meetings", meeting), (b"x" * 99 + b"\n") * (8 * MIB // 100)
    slowest, done = [0.0], threading.Event()

    def ask() -> None:
        client = service.as_("reader")
        while not done.is_set():
            slowest[0] = max(slowest[0], client.get("/v1/meetings?limit=1").elapsed.total_seconds())

    asking = threading.Thread(target=ask)
    asking.start()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: send(service.as_("secretary"), path, f"{n}.txt", big), range(8)))
    done.set()
    asking.join()
    assert {one.status_code for one in answers} == {201}
    assert slowest[0] < 2, "a normal request waited"
    assert {content(secretary, made(one)).content == big for one in answers} == {True}


# -- refused


@pytest.mark.parametrize("what", files.HOSTILE)
def test_hostile_files_are_refused_clearly(
    secretary: httpx.Client, meeting: Json, store: Store, what: str
) -> None:
    name, sent, code = files.HOSTILE[what]
    before = kept(store)
    answer = send(secretary, of("meetings", meeting), name, sent)
    assert refused(answer) == code
    assert answer.elapsed.total_seconds() < 5
    assert kept(store) == before
    assert every(secretary, of("meetings", meeting)) == []


@pytest.mark.parametrize("name", files.NAMES)
def test_hostile_names_are_refused_clearly(secretary: httpx.Client, meeting: Json, name: str) -> None:
    assert refused(send(secretary, of("meetings", meeting), name)) == files.NAMES[name]


def test_a_file_of_twenty_mebibytes_is_taken_and_one_byte_more_is_not(
    secretary: httpx.Client, meeting: Json, store: Store
) -> None:
    line = b"x" * 1023 + b"\n"
    most = line * 20 * 1024
    row = made(send(secretary, of("meetings", meeting), "a.txt", most))
    assert row["size"] == 20 * MIB
    assert content(secretary, row).content == most
    before = kept(store)
    for more in (most + b"x", most * 2):
        told = send(secretary, of("meetings", meeting), "a.txt", more)
        assert (told.status_code, told.json()["code"]) == (413, "content-too-large")
    assert kept(store) == before


def test_a_form_without_its_length_is_read_no_further_than_a_file_may_go(
    secretary: httpx.Client, meeting: Json
) -> None:
    sent = [0]

    def endless() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        while sent[0] < 60:
            sent[0] += 1
            yield b"x" * MIB

    told = secretary.post(of("meetings", meeting), content=endless(), headers=FORM)
    assert (told.status_code, told.json()["most"]) == (413, 20 * MIB)


def test_a_form_may_take_longer_as_its_file_is_longer_and_is_a_408_where_nothing_comes(
    service: Service, meeting: Json, store: Store
) -> None:
    """A slow line may send what is large; who sends a byte now and then may not hold a request."""

    def slowly(part: bytes, parts: int, pause: float) -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        for _ in range(parts):
            time.sleep(pause)
            yield part
        yield b"\r\n--b--\r\n"

    url = of("meetings", meeting)
    before = kept(store)
    known = {**SETTINGS, "attachments": store.url, "request_seconds": 1}
    with running(Settings(database_url=service.database_url, allow_weak_durability=True, **known)) as hasty:
        hasty.town = service.town
        secretary = hasty.as_("secretary")
        told = secretary.post(url, content=slowly(b"x", 60, 0.1), headers=FORM)
        assert (told.status_code, told.json()["code"]) == (408, "request-timeout")
        assert told.headers["connection"] == "close"
        assert kept(store) == before
        assert made(secretary.post(url, content=slowly(b"x" * MIB, 4, 0.6), headers=FORM))["size"] == 4 * MIB


def test_only_uploads_may_be_longer_than_a_mebibyte(secretary: httpx.Client, meeting: Json) -> None:
    sent = {"description": "x" * 2 * MIB}
    assert secretary.post(f"/v1/meetings/{meeting['id']}/findings", json=sent).status_code == 413
    row = made(send(secretary, of("meetings", meeting)))
    assert secretary.patch(f"/v1/attachments/{row['id']}", json=sent, headers=ANY).status_code == 413


PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nxin\r\n'
FIELD = b'--b\r\nContent-Disposition: form-data; name="description"\r\n\r\nxin\r\n'


@pytest.mark.parametrize(
    ("said", "headers", "status"),
    [
        (b"", {}, 415),
        (b"{}", {"content-type": "application/json"}, 415),
        (b"a=1", {"content-type": "application/x-www-form-urlencoded"}, 415),
        (b"--b--\r\n", {"content-type": "multipart/form-data"}, 400),
        (b"", FORM, 422),
        (b"nonsense", FORM, 400),
        (b"--b--\r\n", FORM, 422),
        (FIELD + b"--b--\r\n", FORM, 422),
        (PART + PART + b"--b--\r\n", FORM, 400),
        (PART + FIELD + FIELD + b"--b--\r\n", FORM, 400),
        (PART + FIELD.replace(b"description", b"other") + b"--b--\r\n", FORM, 422),
        (FIELD.replace(b"description", b"file") + b"--b--\r\n", FORM, 422),
        (PART.replace(b'name="file"; ', b"") + b"--b--\r\n", FORM, 400),
        (b"--b\r\n" + b"A: b\r\n" * 5000 + PART[5:] + b"--b--\r\n", FORM, 400),
        (FIELD * 3000 + b"--b--\r\n", FORM, 400),
        (b"--b\r\nContent-Disposition: " + b"x" * 100_000 + PART[5:] + b"--b--\r\n", FORM, 400),
        (PART + b"--b--\r\n", {"content-type": "multipart/form-data; boundary=b; charset=hex"}, 201),
        (PART + b"--b--\r\n", {"content-type": 'multipart/form-data; boundary="b'}, 400),
        (PART + b"--b--\r\n", {"content-type": "multipart/form-data; boundary=" + "b" * 5000}, 400),
    ],
)
def test_a_form_that_is_none_is_told_what_it_lacks(
    secretary: httpx.Client, meeting: Json, said: bytes, headers: dict[str, str], status: int
) -> None:
    told = secretary.post(of("meetings", meeting), content=said, headers=headers)
    assert told.status_code == status, told.text
    if status == 415:
        assert told.headers["accept-post"] == "multipart/form-data"


def test_a_body_full_of_what_looks_like_its_end_takes_no_long_time(
    secretary: httpx.Client, meeting: Json
) -> None:
    boundary = "-" * 60 + "b"
    inner = ("\r\n--" + boundary[:-1]).encode() * 30_000
    said = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'.encode()
    said += inner + f"\r\n--{boundary}--\r\n".encode()
    told = secretary.post(
        of("meetings", meeting),
        content=said,
        headers={"content-type": f"multipart/form-data; boundary={boundary}"},
    )
    assert told.status_code == 201, told.text
    assert told.elapsed.total_seconds() < 5


# -- neither without the other


def test_check_finds_what_is_missing_changed_or_left_behind(
    secretary: httpx.Client, service: Service, store: Store, meeting: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing, changed = (made(send(secretary, of("meetings", meeting))) for _ in range(2))
    assert store.folder is not None
    path, stray = store.folder / missing["id"], new_id()
    path.unlink()
    (store.folder / changed["id"]).write_bytes(files.PDF.replace(b"1.7", b"1.6"))
    store.put(stray, [b"x"])
    found = list(sweeping.faults(service.engine, store))
    assert {one for one in found if missing["id"] in one} == {
        f"attachments: the bytes of {missing['id']} are missing"
    }
    assert any(changed["id"] in one for one in found)
    assert not any(str(stray) in one for one in found)  # it may belong to a request that goes on
    monkeypatch.setattr(sweeping, "UNDERWAY", sweeping.UNDERWAY * 0)
    assert any(str(stray) in one for one in sweeping.faults(service.engine, store))
    assert content(secretary, missing).status_code == 500
    store.drop(stray)
    for one in (missing, changed):
        store.put(one["id"], [files.PDF])


def test_a_store_that_cannot_be_written_refuses_and_leaves_no_row(tmp_path: Path, request: Any) -> None:
    url, _ = _database(cast("pytest.FixtureRequest", _Param(request, "sqlite")), tmp_path)
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    known = {**SETTINGS, "attachments": f"{blocked.as_uri()}/inside"}
    with running(Settings(database_url=url, allow_weak_durability=True, **known)) as service:
        service.town = build(service.engine)
        secretary = service.as_("secretary")
        meeting = a_meeting(secretary, service.town.bodies["party"])
        told = send(secretary, of("meetings", meeting))
        assert (told.status_code, told.json()["code"]) == (503, "unavailable")
        assert every(secretary, of("meetings", meeting)) == []


class _Param:
    """A request for a fixture of that kind of database."""

    def __init__(self, request: Any, param: str) -> None:
        self.request, self.param = request, param

    def getfixturevalue(self, name: str) -> Any:
        return self.request.getfixturevalue(name)


def test_a_store_is_a_folder_or_a_bucket_and_nothing_else(tmp_path: Path) -> None:
    for wrong in ("/files", "ftp://a", "file://", "s3://"):
        with pytest.raises(ValueError, match="attachments"):
            Settings(attachments=wrong)
    beside = Store.of(Settings(database_url=f"sqlite:///{tmp_path}/minutes.db"))
    assert beside.folder == tmp_path / "minutes.attachments"
    named = Store.of(Settings(attachments=(tmp_path / "tệp đính kèm").as_uri()))
    named.put(new_id(), [b"x"])
    assert [one.size for one in named.lying()] == [1]
    assert io.BytesIO(b"".join(named.read(next(named.lying()).key))).read() == b"x"
    bucket = Store("s3://minutes/files?endpoint_url=http://127.0.0.1:1&region=vn")
    assert bucket.folder is None
    assert 'prefix="files"' in repr(bucket.objects)
