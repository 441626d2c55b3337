"""What was signed is proved over HTTP: the chain of its body, proofs that verify offline, and comparisons."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, text

from app.minutes import verify
from app.minutes.auditing import broken
from tests.conftest import Service
from tests.town import Json, a_meeting, every, made, move, shown


@pytest.fixture(scope="module")
def secretary(service: Service) -> httpx.Client:
    return service.as_("secretary")


@pytest.fixture(scope="module")
def approver(service: Service) -> httpx.Client:
    return service.as_("approver")


@pytest.fixture(scope="module")
def party(service: Service) -> Any:
    return service.town.bodies["party"]


def told(client: httpx.Client, path: str, transition: str, **more: Any) -> Json:
    return made(client.post(f"{path}/transitions", json={"transition": transition, **more}))


def versions(client: httpx.Client, path: str) -> list[Json]:
    return every(client, f"{path}/versions")


@pytest.fixture(scope="module")
def document(secretary: httpx.Client, approver: httpx.Client, party: Any) -> str:
    """Minutes that were signed, and once amended."""
    meeting = a_meeting(secretary, party, record="reported")
    inside = f"/v1/meetings/{meeting['id']}"
    directive = made(secretary.post(f"{inside}/directives", json={"text": "Báo cáo trước ngày 15"}))
    move(secretary, meeting, "hold", effective_on="2025-09-04")
    path = f"/v1/minutes/{made(secretary.post(f'{inside}/minutes', json={}))['id']}"
    told(secretary, path, "submit")
    told(approver, path, "sign")
    told(secretary, path, "open_amendment", comment="Sửa thời hạn")
    changed = {"text": "Báo cáo trước ngày 20"}
    shown(secretary.patch(f"/v1/directives/{directive['id']}", json=changed, headers={"if-match": "*"}))
    told(approver, path, "sign_amendment")
    return path


def test_each_version_is_proved_by_a_file_of_its_own(
    service: Service, secretary: httpx.Client, document: str
) -> None:
    keys = shown(service.client().get("/.well-known/minutes-keys.json"))
    first, second = versions(secretary, document)
    older = secretary.get(f"/v1/minutes-versions/{first['id']}/proof")
    newer = secretary.get(f"/v1/minutes-versions/{second['id']}/proof")
    for version, answer in ((first, older), (second, newer)):
        links = verify.verify(answer.content, keys)
        assert links[-1]["sha256"] == version["sha256"]
        assert (links[-1]["version"], links[-1]["document_id"]) == (
            version["number"],
            document.rpartition("/")[2],
        )
        whole = shown(secretary.get(f"/v1/minutes-versions/{version['id']}"))
        assert verify.canonical(shown(answer)["record"]) == whole["content"].encode()
    assert len(verify.verify(newer.content, keys, older.content)) == 2
    assert verify.verify(older.content, keys, newer.content)[-1]["version"] == 1


def test_a_proof_holds_the_chain_from_the_link_that_is_asked_for(
    secretary: httpx.Client, document: str
) -> None:
    first, second = versions(secretary, document)
    whole = secretary.get(f"/v1/minutes-versions/{first['id']}/proof").content
    path = f"/v1/minutes-versions/{second['id']}/proof"
    for since, positions in ((1, [1, 2]), (2, [2]), (2_000, [2])):
        answer = secretary.get(path, params={"since": since})
        assert [one["link"]["position"] for one in shown(answer)["chain"]] == positions
    with pytest.raises(verify.Refused, match="begins at link 2"):
        verify.verify(secretary.get(path, params={"since": 2}).content)
    with pytest.raises(verify.Refused, match="no link in common"):
        verify.verify(secretary.get(path, params={"since": 2}).content, against=whole)
    assert secretary.get(path, params={"since": 0}).status_code == 400


def test_a_proof_is_sent_once(secretary: httpx.Client, document: str) -> None:
    for version in versions(secretary, document):
        for what in ("proof", "diff?from=1"):
            path = f"/v1/minutes-versions/{version['id']}/{what}"
            tag = secretary.get(path).headers["etag"]
            assert secretary.get(path, headers={"if-none-match": tag}).status_code == 304


def test_what_an_amendment_changed_is_told(secretary: httpx.Client, document: str) -> None:
    first, second = versions(secretary, document)
    diff = shown(secretary.get(f"/v1/minutes-versions/{second['id']}/diff", params={"from": 1}))
    assert (diff["from"], diff["to"]) == (1, 2)
    texts = {one["pointer"]: (one["op"], one["text_vi"], one["text_en"]) for one in diff["changes"]}
    assert texts["/directives/0/text"] == (
        "replace",
        "Chỉ đạo, kết luận “Báo cáo trước ngày 20”, nội dung: “Báo cáo trước ngày 15” → “Báo cáo trước ngày 20”",
        "Directive “Báo cáo trước ngày 20”, text: “Báo cáo trước ngày 15” → “Báo cáo trước ngày 20”",
    )
    assert texts["/document/version"][0] == "replace"
    back = shown(secretary.get(f"/v1/minutes-versions/{first['id']}/diff", params={"from": 2}))
    assert {one["pointer"] for one in back["changes"]} == set(texts)
    same = shown(secretary.get(f"/v1/minutes-versions/{first['id']}/diff", params={"from": 1}))
    assert same["changes"] == []
    path = f"/v1/minutes-versions/{first['id']}/diff"
    assert secretary.get(path, params={"from": 3}).status_code == 404
    assert secretary.get(path, params={"from": 0}).status_code == 400
    assert shown(secretary.get(path)) == same  # none is before the first
    assert shown(secretary.get(f"/v1/minutes-versions/{second['id']}/diff")) == diff


def test_a_chain_is_read_by_all_who_see_its_body_and_its_documents_are_not(
    service: Service, secretary: httpx.Client, approver: httpx.Client, document: str, party: Any
) -> None:
    path = f"/v1/organizations/{party}/minutes-links"
    rows = every(secretary, path)
    assert [one["link"]["position"] for one in rows] == list(range(1, len(rows) + 1))
    version = versions(secretary, document)[-1]
    proof = shown(secretary.get(f"/v1/minutes-versions/{version['id']}/proof"))
    assert rows[: len(proof["chain"])] == proof["chain"]
    assert every(secretary, path, sort="-position") == rows[::-1]
    neighbour = service.as_("neighbour")
    assert every(neighbour, path) == rows
    for what in ("", "/proof", "/diff?from=1"):
        for stranger in (neighbour, service.as_("stranger")):
            assert stranger.get(f"/v1/minutes-versions/{version['id']}{what}").status_code == 404
    assert service.as_("stranger").get(path).status_code == 404
    assert every(neighbour, f"/v1/organizations/{service.town.bodies['front']}/minutes-links") == []


def test_a_chain_goes_on_while_others_read_it_page_by_page(
    secretary: httpx.Client, document: str, party: Any
) -> None:
    rows = every(secretary, f"/v1/organizations/{party}/minutes-links", limit=1)
    assert len({one["link"]["position"] for one in rows}) == len(rows) >= 2
    assert document


# -- where it is kept


@pytest.fixture
def beyond_the_triggers(service: Service) -> Iterator[Connection]:
    """What somebody can do who owns the database: for the while of one test."""
    with service.engine.connect() as connection:
        begun = connection.begin()
        if service.database == "sqlite":
            triggers = (
                connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
                .scalars()
                .all()
            )
            for name in triggers:
                connection.execute(text(f'DROP TRIGGER "{name}"'))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection
        begun.rollback()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("SELECT 1", []),
        ("UPDATE minutes_links SET sha256 = previous_sha256 WHERE position = 2", ["Link 2 was changed", "is not what was signed"]),
        ("DELETE FROM minutes_links WHERE position = 2", ["lost links at an end", "is not what was signed"]),
        ("DELETE FROM minutes_links WHERE position = 1", ["lost links at an end", "is not what was signed"]),
        ("DELETE FROM minutes_links", ["is gone.", "is not what was signed", "is not what was signed"]),
        ("UPDATE minutes_versions SET content = replace(content, '15', '16') WHERE number = 1", ["is not what was signed"]),
        ("DELETE FROM minutes_versions WHERE number = 2", ["the version is gone"]),
    ],
)  # fmt: skip
def test_checking_the_database_tells_what_its_owner_changed(
    document: str, beyond_the_triggers: Connection, change: str, found: list[str]
) -> None:
    assert document
    beyond_the_triggers.execute(text(change))
    told = list(broken(beyond_the_triggers))
    assert len(told) == len(found), told
    assert all(part in one for part, one in zip(found, told, strict=True)), told
