"""One Idempotency-Key has one effect and one answer, however many come with it at once. Kills: see test_kills."""

import itertools
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import Service, Tell
from tests.faults.accounts import journal_faults, number_of_events
from tests.faults.at_once import Call, Callers, callers, codes, post
from tests.faults.counts import many
from tests.town import Json, a_meeting, a_task, made, move

numbers = itertools.count()
KINDS = ("meetings", "quarterly-tasks", "speakers", "transitions", "entries", "principals", "keys")


@pytest.fixture(scope="module")
def five(service: Service) -> Iterator[dict[str, Callers]]:
    with callers(service, "secretary", 5) as secretaries, callers(service, "administrator", 5) as others:
        yield {"secretary": secretaries, "administrator": others}


@pytest.fixture(scope="module", autouse=True)
def _the_journal_adds_up(service: Service) -> Iterator[None]:
    yield
    assert journal_faults(service.engine) == []


def prepared(service: Service, five: dict[str, Callers], kind: str) -> tuple[Callers, str, Json]:
    """Who posts where, and what."""
    party, front = (str(service.town.bodies[name]) for name in ("party", "front"))
    secretary, administrator = five["secretary"].clients[0], five["administrator"].clients[0]
    whole: dict[str, Json] = {
        "meetings": {"host_organization_id": party, "title": "Hội nghị", "held_on": "2025-09-04"},
        "quarterly-tasks": {"issuing_organization_id": party, "title": "Việc", "quarter": "2025-Q4"},
        "speakers": {"organization_id": party, "full_name": "Ai"},
        "principals": {"organization_id": party, "name": "Ai"},
    }
    if kind in whole:
        return five["administrator" if kind == "principals" else "secretary"], f"/v1/{kind}", whole[kind]
    if kind == "transitions":
        meeting = a_meeting(secretary, party)
        return five["secretary"], f"/v1/meetings/{meeting['id']}/transitions", {"transition": "schedule"}
    if kind == "entries":
        task = a_task(secretary, party, front)
        move(secretary, task, "issue")
        said = {"kind": "progress", "progress_percent": 50}
        return five["secretary"], f"/v1/quarterly-tasks/{task['id']}/entries", said
    who = made(administrator.post("/v1/principals", json=whole["principals"]))
    return five["administrator"], f"/v1/principals/{who['id']}/keys", {"label": "khóa"}


def asked_again(client: httpx.Client, call: Call, answer: httpx.Response) -> httpx.Response:
    """While the first one runs the others are told so, and when to come again."""
    while answer.status_code == 409 and answer.json()["code"] == "idempotency-in-progress":
        assert int(answer.headers["retry-after"]) >= 1
        time.sleep(0.01)  # sooner than it says, for the test's sake
        answer = call(client)
    return answer


@pytest.mark.in_turn
@pytest.mark.parametrize("kind", KINDS)
def test_of_five_at_once_one_has_the_effect_and_all_get_its_answer(
    service: Service, five: dict[str, Callers], kind: str, tell: Tell
) -> None:
    waited = 0
    for _ in range(many(3, 100)):
        racing, path, body = prepared(service, five, kind)
        before = number_of_events(service.engine)
        call = post(path, body, **{"idempotency-key": f"K-{next(numbers)}"})
        first = racing.at_once(*[call] * 5)
        waited += codes(first)["idempotency-in-progress"]
        answers = [asked_again(c, call, one) for c, one in zip(racing.clients, first, strict=True)]
        assert codes(answers) == {"201": 5}
        assert number_of_events(service.engine) == before + 1
        assert [one.headers.get("idempotency-replayed") for one in answers].count("true") == 4
        for header in ("location", "etag"):
            assert len({one.headers[header] for one in answers}) == 1
        shown = [one.json() for one in answers]
        assert sum("key" in one for one in shown) == (1 if kind == "keys" else 0)  # a secret is shown once
        for one in shown:
            one.pop("key", None)
        assert all(one == shown[0] for one in shown)
    tell(f"{service.database}, {kind}: {waited} were told to come again, each key had one effect")


def test_of_two_bodies_with_one_key_one_is_done_and_the_other_is_told(
    service: Service, five: dict[str, Callers]
) -> None:
    for _ in range(many(3, 100)):
        racing, path, body = prepared(service, five, "meetings")
        number = next(numbers)
        key = {"idempotency-key": f"K-{number}"}
        calls = [post(path, {**body, "title": f"Chỉ một {number} {n}"}, **key) for n in range(2)]
        first = racing.at_once(*calls)
        answers = [
            asked_again(c, call, one) for c, call, one in zip(racing.clients, calls, first, strict=False)
        ]
        assert codes(answers) == {"201": 1, "idempotency-key-reused": 1}


def test_a_key_is_its_callers_own(service: Service, five: dict[str, Callers]) -> None:
    for _ in range(many(2, 25)):
        _, path, body = prepared(service, five, "meetings")
        neighbour = str(service.town.bodies["neighbour_party"])
        key = {"idempotency-key": f"K-{next(numbers)}"}
        mine = post(path, body, **key)
        theirs = post(
            path,
            {**body, "host_organization_id": neighbour},
            **key,
            **{"x-api-key": service.town.keys["neighbour"]},
        )
        answers = five["secretary"].at_once(mine, theirs)
        assert codes(answers) == {"201": 2}
        assert not any("idempotency-replayed" in one.headers for one in answers)


def test_a_refusal_uses_no_key_up(service: Service, five: dict[str, Callers]) -> None:
    racing, path, body = prepared(service, five, "meetings")
    key = {"idempotency-key": f"K-{next(numbers)}"}
    wrong = post(path, {**body, "starts_at": "2025-09-05T08:00:00+07:00"}, **key)
    first = racing.at_once(*[wrong] * 5)
    answers = [asked_again(c, wrong, one) for c, one in zip(racing.clients, first, strict=True)]
    assert codes(answers) == {"validation-error": 5}
    right = post(path, {**body, "title": f"Đúng {next(numbers)}"}, **key)
    assert right(racing.clients[0]).status_code == 201
