"""Who said what at a meeting: by whom, under which title, and in which order."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.db import new_id
from app.meetings.ordering import MOST
from app.speeches.models import Speech
from tests.conftest import Service
from tests.hostile.test_bounds import PATIENCE
from tests.test_journal import books, every_change_has_its_event  # noqa: F401  they watch these tests too
from tests.town import ANY, Json, a_meeting, every, made, shown

pytestmark = pytest.mark.in_turn

FEW = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
BODIES: dict[str, Json] = {
    "speeches": {"attribution_text": "Đại diện thôn"},
    "findings": {"kind": "result", "text": "Kết quả"},
    "directives": {"text": "Rà soát"},
}
every_list = pytest.mark.parametrize("noun", BODIES)


@pytest.fixture(scope="module")
def secretary(service: Service) -> httpx.Client:
    return service.as_("secretary")


@pytest.fixture
def meeting(service: Service, secretary: httpx.Client) -> str:
    """Where a new meeting stands."""
    return f"/v1/meetings/{a_meeting(secretary, service.town.bodies['party'])['id']}"


def refused(answer: httpx.Response, pointer: str, code: str, status: int = 422) -> None:
    assert answer.status_code == status, answer.text
    told = [(one["pointer"], one["code"]) for one in answer.json()["errors"]]
    assert told == [(f"#/{pointer}", code)], answer.text


def speak(client: httpx.Client, meeting: str, **said: Any) -> Json:
    return made(client.post(f"{meeting}/speeches", json=said))


# -- who spoke


def test_a_speech_says_who_spoke_or_what_is_known_of_who(
    service: Service, secretary: httpx.Client, meeting: str
) -> None:
    for nobody in ({}, {"speaker_id": None, "attribution_text": None}, {"summary": "Chỉ có nội dung"}):
        refused(secretary.post(f"{meeting}/speeches", json=nobody), "speaker_id", "missing")
    by_words = speak(secretary, meeting, attribution_text="Đại diện Thôn Một")
    assert (by_words["speaker_id"], by_words["title_snapshot"]) == (None, None)
    chair = str(service.town.people["chair"])
    both = speak(secretary, meeting, speaker_id=chair, attribution_text="Đồng chí chủ trì")
    one = f"/v1/speeches/{both['id']}"
    assert shown(secretary.patch(one, json={"attribution_text": None}, headers=ANY))["speaker_id"] == chair
    refused(secretary.patch(one, json={"speaker_id": None}, headers=ANY), "speaker_id", "missing")
    said = {"speaker_id": None, "attribution_text": "Một đại biểu"}
    assert shown(secretary.patch(one, json=said, headers=ANY))["attribution_text"] == "Một đại biểu"
    assert every(secretary, f"{meeting}/speeches") == [by_words, shown(secretary.get(one))]


def test_a_speech_does_not_end_before_it_begins(secretary: httpx.Client, meeting: str) -> None:
    times = {"started_at": "2025-09-04T02:00:00Z", "ended_at": "2025-09-04T01:00:00Z"}
    body = {"attribution_text": "x"}
    refused(
        secretary.post(f"{meeting}/speeches", json={**body, **times}), "ended_at", "ends_before_it_begins"
    )
    one = f"/v1/speeches/{speak(secretary, meeting, **body, started_at=times['started_at'])['id']}"
    late = {"ended_at": times["ended_at"]}
    refused(secretary.patch(one, json=late, headers=ANY), "ended_at", "ends_before_it_begins")
    shown(secretary.patch(one, json={"ended_at": times["started_at"]}, headers=ANY))


# -- the title of the day


@pytest.fixture
def person(service: Service, secretary: httpx.Client) -> Json:
    """Somebody who was one thing in 2024, two others in 2025, and something else since."""
    party, front = (str(service.town.bodies[name]) for name in ("party", "front"))
    held = (
        (party, "Phó Bí thư", "2024-01-01", "2024-12-31", False),
        (party, "Bí thư", "2025-01-01", "2025-12-31", False),
        (front, "Chủ tịch Mặt trận", "2025-01-01", "2025-12-31", False),
        (party, "Nguyên Bí thư", "2026-01-01", None, True),
    )
    names = ("organization_id", "title", "started_on", "ended_on", "is_primary")
    positions = [dict(zip(names, one, strict=True)) for one in held]
    body = {"full_name": "Người kiêm nhiệm", "organization_id": party, "positions": positions}
    return made(secretary.post("/v1/speakers", json=body))


def test_the_title_is_that_of_the_day_in_the_body_that_was_spoken_for(
    service: Service, secretary: httpx.Client, meeting: str, person: Json
) -> None:
    """The meeting was on 4 September 2025."""
    front, office = (str(service.town.bodies[name]) for name in ("front", "office"))
    for body, title in (
        (None, "Bí thư"),
        (front, "Chủ tịch Mặt trận"),
        (office, "Bí thư, Chủ tịch Mặt trận"),  # none held there: all that are
    ):
        said = speak(secretary, meeting, speaker_id=person["id"], organization_id=body)
        assert sorted(said["title_snapshot"].split(", ")) == sorted(title.split(", ")), body
    own = speak(secretary, meeting, speaker_id=person["id"], title_snapshot="Chủ tọa")
    assert own["title_snapshot"] == "Chủ tọa"


def test_a_title_does_not_change_when_positions_do(
    service: Service, secretary: httpx.Client, meeting: str, person: Json
) -> None:
    said = speak(secretary, meeting, speaker_id=person["id"])
    directive = made(
        secretary.post(f"{meeting}/directives", json={"issued_by_id": person["id"], "text": "x"})
    )
    for held in every(secretary, f"/v1/speakers/{person['id']}/positions"):
        change = secretary.patch(f"/v1/positions/{held['id']}", json={"title": "Khác hẳn"}, headers=ANY)
        shown(change)
    for path, row in (("speeches", said), ("directives", directive)):
        assert row["title_snapshot"] == "Bí thư"
        assert shown(secretary.get(f"/v1/{path}/{row['id']}")) == row
    # Not either when the same person is named again.
    again = {"speaker_id": person["id"], "summary": "Có thêm"}
    assert shown(secretary.patch(f"/v1/speeches/{said['id']}", json=again, headers=ANY))[
        "title_snapshot"
    ] == ("Bí thư")
    again = {"issued_by_id": person["id"], "text": "Có thêm"}
    one = f"/v1/directives/{directive['id']}"
    assert shown(secretary.patch(one, json=again, headers=ANY))["title_snapshot"] == "Bí thư"


def test_another_speaker_comes_with_the_title_of_the_day(
    service: Service, secretary: httpx.Client, meeting: str, person: Json
) -> None:
    one = f"/v1/speeches/{speak(secretary, meeting, attribution_text='x')['id']}"
    assert shown(secretary.patch(one, json={"speaker_id": person["id"]}, headers=ANY))["title_snapshot"] == (
        "Bí thư"
    )
    chair = {"speaker_id": str(service.town.people["chair"])}
    assert shown(secretary.patch(one, json=chair, headers=ANY))["title_snapshot"] is None
    said = {"speaker_id": person["id"], "title_snapshot": "Như đã giới thiệu"}
    assert shown(secretary.patch(one, json=said, headers=ANY))["title_snapshot"] == "Như đã giới thiệu"
    front = {"organization_id": str(service.town.bodies["front"]), "title_snapshot": None}
    assert shown(secretary.patch(one, json=front, headers=ANY))["title_snapshot"] is None


# -- what stands under an item of the agenda


def test_an_item_of_another_meeting_is_refused(
    service: Service, secretary: httpx.Client, meeting: str
) -> None:
    other = a_meeting(secretary, service.town.bodies["party"], agenda_items=[{"title": "x"}])
    (item,) = every(secretary, f"/v1/meetings/{other['id']}/agenda-items")
    theirs = {"agenda_item_id": item["id"]}
    for noun, body in BODIES.items():
        answer = secretary.post(f"{meeting}/{noun}", json={**body, **theirs})
        refused(answer, "agenda_item_id", "of_another_meeting")
        one = f"/v1/{noun}/{made(secretary.post(f'{meeting}/{noun}', json=body))['id']}"
        answer = secretary.patch(one, json=theirs, headers=ANY)
        refused(answer, "agenda_item_id", "of_another_meeting")
        answer = secretary.patch(one, json={"agenda_item_id": str(new_id())}, headers=ANY)
        refused(answer, "agenda_item_id", "not-found", 404)


def test_what_was_said_under_an_item_is_found_by_it(secretary: httpx.Client, meeting: str) -> None:
    item = made(secretary.post(f"{meeting}/agenda-items", json={"title": "Thảo luận"}))["id"]
    for noun, body in BODIES.items():
        made(secretary.post(f"{meeting}/{noun}", json=body))
        under = made(secretary.post(f"{meeting}/{noun}", json={**body, "agenda_item_id": item}))
        assert every(secretary, f"/v1/{noun}", agenda_item_id=item) == [under]
        assert every(secretary, f"{meeting}/{noun}", agenda_item_id=item) == [under]
        assert every(secretary, f"/v1/{noun}", agenda_item_id=str(new_id())) == []


# -- words


@pytest.mark.on_both
def test_words_are_found_without_accents_in_all_texts_of_a_speech(
    secretary: httpx.Client, meeting: str
) -> None:
    token = f"tk{new_id().hex[:10]}"
    one = speak(
        secretary,
        meeting,
        attribution_text=f"Đại diện {token}",
        summary="Đường liên thôn xuống cấp",
        full_text="Kính thưa Hội nghị",
    )
    for words in ("dai dien", "DUONG LIEN THON", "kính thưa", "hoi nghi xuong"):
        assert every(secretary, "/v1/speeches", q=f"{token} {words}") == [one], words
        assert every(secretary, f"{meeting}/speeches", q=f"{words} {token}") == [one], words
    assert every(secretary, "/v1/speeches", q=f"{token} cau") == []
    changed = {"summary": None, "full_text": "Cầu qua suối"}
    one = shown(secretary.patch(f"/v1/speeches/{one['id']}", json=changed, headers=ANY))
    assert every(secretary, "/v1/speeches", q=f"{token} cau suoi") == [one]
    for gone in ("duong", "kinh thua"):
        assert every(secretary, "/v1/speeches", q=f"{token} {gone}") == []


def test_speeches_are_found_by_who_for_whom_what_for_and_where(
    service: Service, secretary: httpx.Client, meeting: str
) -> None:
    person, front = (str(service.town.people["fronter"]), str(service.town.bodies["front"]))
    one = speak(secretary, meeting, speaker_id=person, organization_id=front, kind="question")
    speak(secretary, meeting, attribution_text="x")
    id = meeting.rpartition("/")[2]
    for asked in (
        {"speaker_id": person},
        {"organization_id": front},
        {"kind": "question"},
        {"kind": ["question", "answer"], "speaker_id": person},
    ):
        assert every(secretary, "/v1/speeches", meeting_id=id, **asked) == [one], asked
        assert every(secretary, f"{meeting}/speeches", **asked) == [one], asked
    assert every(secretary, "/v1/speeches", meeting_id=id, speaker_id=person, kind="answer") == []


def test_a_meeting_shows_what_was_said_found_and_directed_beside_it(
    secretary: httpx.Client, meeting: str
) -> None:
    for noun, body in BODIES.items():
        for place in (None, 0, 1):
            made(secretary.post(f"{meeting}/{noun}", json={**body, "position": place}))
    beside = shown(secretary.get(meeting, params={"include": "speeches,findings,directives"}))
    for noun in BODIES:
        assert beside[noun] == every(secretary, f"{meeting}/{noun}")
        assert [one["position"] for one in beside[noun]] == [0, 1, 2]
    assert not BODIES.keys() & shown(secretary.get(meeting)).keys()


# -- the order


def order(client: httpx.Client, meeting: str, noun: str) -> list[str]:
    """The ids as they are listed; their positions are 0 to n-1."""
    rows = every(client, f"{meeting}/{noun}")
    assert [one["position"] for one in rows] == list(range(len(rows)))
    return [one["id"] for one in rows]


@every_list
def test_a_row_comes_last_or_where_it_is_wanted_and_at_the_latest_last(
    secretary: httpx.Client, meeting: str, noun: str
) -> None:
    known = list[str]()
    for wanted in (None, 0, 1, 500, None, 2):
        body = {**BODIES[noun], **({} if wanted is None else {"position": wanted})}
        row = made(secretary.post(f"{meeting}/{noun}", json=body))
        known.insert(len(known) if wanted is None else wanted, row["id"])
        assert row["position"] == known.index(row["id"])
    assert order(secretary, meeting, noun) == known
    for wrong in (-1, 501, "1", True, 1.5):
        answer = secretary.post(f"{meeting}/{noun}", json={**BODIES[noun], "position": wrong})
        assert [one["pointer"] for one in answer.json()["errors"]] == ["#/position"], wrong


@every_list
def test_a_row_moves_up_and_down_and_only_those_between_move_with_it(
    secretary: httpx.Client, meeting: str, noun: str
) -> None:
    ids = [made(secretary.post(f"{meeting}/{noun}", json=BODIES[noun]))["id"] for _ in range(5)]
    down = secretary.patch(f"/v1/{noun}/{ids[1]}", json={"position": 3}, headers=ANY)
    assert shown(down)["position"] == 3
    assert order(secretary, meeting, noun) == [ids[0], ids[2], ids[3], ids[1], ids[4]]
    versions = {one["id"]: one["version"] for one in every(secretary, f"{meeting}/{noun}")}
    assert versions == {ids[0]: 1, ids[1]: 2, ids[2]: 2, ids[3]: 2, ids[4]: 1}
    shown(secretary.patch(f"/v1/{noun}/{ids[4]}", json={"position": 0}, headers=ANY))
    assert order(secretary, meeting, noun) == [ids[4], ids[0], ids[2], ids[3], ids[1]]
    shown(secretary.patch(f"/v1/{noun}/{ids[4]}", json={"position": 99}, headers=ANY))
    assert order(secretary, meeting, noun) == [ids[0], ids[2], ids[3], ids[1], ids[4]]
    answer = secretary.patch(f"/v1/{noun}/{ids[0]}", json={"position": None}, headers=ANY)
    assert [one["pointer"] for one in answer.json()["errors"]] == ["#/position"]


@every_list
def test_the_order_of_one_meeting_and_noun_is_no_matter_of_another(
    service: Service, secretary: httpx.Client, meeting: str, noun: str
) -> None:
    other = f"/v1/meetings/{a_meeting(secretary, service.town.bodies['party'])['id']}"
    lists = [(where, each) for where in (meeting, other) for each in BODIES]
    for where, each in lists:
        for _ in range(2):
            made(secretary.post(f"{where}/{each}", json=BODIES[each]))
    before = {one: every(secretary, "/".join(one)) for one in lists}
    first, second = order(secretary, meeting, noun)
    made(secretary.post(f"{meeting}/{noun}", json={**BODIES[noun], "position": 0}))
    shown(secretary.patch(f"/v1/{noun}/{second}", json={"position": 0}, headers=ANY))
    assert secretary.delete(f"/v1/{noun}/{first}", headers=ANY).status_code == 204
    assert len(order(secretary, meeting, noun)) == 2
    for one in lists:
        if one != (meeting, noun):
            assert every(secretary, "/".join(one)) == before[one], one


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), st.none() | st.integers(0, 12), st.none()),
        st.tuples(st.just("move"), st.integers(0, 12), st.integers(0, 12)),
        st.tuples(st.just("delete"), st.integers(0, 12), st.none()),
    ),
    min_size=4,
    max_size=14,
)


@every_list
@FEW
@given(steps=STEPS)
def test_positions_are_those_of_a_list_whatever_is_done(
    service: Service, secretary: httpx.Client, noun: str, steps: list[tuple[str, int | None, int | None]]
) -> None:
    """The same steps on a list of Python's."""
    meeting = f"/v1/meetings/{a_meeting(secretary, service.town.bodies['party'])['id']}"
    expected = list[str]()
    for what, which, to in steps:
        if what == "insert":
            row = made(secretary.post(f"{meeting}/{noun}", json={**BODIES[noun], "position": which}))
            expected.insert(len(expected) if which is None else which, row["id"])
        elif expected and which is not None:
            id = expected.pop(which % len(expected))
            if what == "delete":
                assert secretary.delete(f"/v1/{noun}/{id}", headers=ANY).status_code == 204
            elif to is not None:
                shown(secretary.patch(f"/v1/{noun}/{id}", json={"position": to}, headers=ANY))
                expected.insert(to, id)
        assert order(secretary, meeting, noun) == expected


@every_list
@pytest.mark.on_both
def test_positions_are_whole_after_additions_moves_and_deletions_at_once(
    service: Service, secretary: httpx.Client, meeting: str, noun: str
) -> None:
    ids = [made(secretary.post(f"{meeting}/{noun}", json=BODIES[noun]))["id"] for _ in range(8)]
    new = {**BODIES[noun], "position": 2}
    wanted: list[tuple[str, str, Json | None]] = [
        ("POST", f"{meeting}/{noun}", new),
        ("PATCH", f"/v1/{noun}/{ids[0]}", {"position": 5}),
        ("DELETE", f"/v1/{noun}/{ids[3]}", None),
        ("PATCH", f"/v1/{noun}/{ids[7]}", {"position": 1}),
        ("POST", f"{meeting}/{noun}", new),
        ("DELETE", f"/v1/{noun}/{ids[5]}", None),
        ("PATCH", f"/v1/{noun}/{ids[7]}", {"position": 6}),
    ]
    with ThreadPoolExecutor(len(wanted)) as at_once:
        answers = at_once.map(
            lambda one: secretary.request(one[0], one[1], json=one[2], headers=ANY).status_code, wanted
        )
        assert sorted(answers) == [200, 200, 200, 201, 201, 204, 204]
    assert len(order(secretary, meeting, noun)) == 8


def test_a_meeting_has_so_many_speeches_and_no_more(
    service: Service, secretary: httpx.Client, meeting: str
) -> None:
    with many(service, secretary, meeting, MOST):
        full = secretary.post(f"{meeting}/speeches", json={"attribution_text": "x"})
    assert (full.status_code, full.json()["code"]) == (409, "conflict")
    speak(secretary, meeting, attribution_text="x")


@contextmanager
def many(service: Service, secretary: httpx.Client, meeting: str, number: int, **said: str) -> Iterator[None]:
    """So many alike. They came by no request, and so without an event: they do not stay."""
    first = UUID(speak(secretary, meeting, attribution_text="x", **said)["id"])
    with Session(service.engine) as db, db.begin():
        known = db.get_one(Speech, first)
        names = ("tenant_id", "host_id", "meeting_id", "kind", "summary", "full_text")
        same = {name: getattr(known, name) for name in (*names, "created_at", "updated_at")}
        db.add_all(Speech(**same, id=new_id(), attribution_text="x", position=n) for n in range(1, number))
    try:
        yield
    finally:
        with Session(service.engine) as db, db.begin():
            db.execute(delete(Speech).where(Speech.meeting_id == same["meeting_id"], Speech.id != first))


def test_a_long_meeting_is_read_without_holding_others_up(
    service: Service, secretary: httpx.Client, meeting: str
) -> None:
    """All speeches of a day, 20 MB: measured by the time of the one thread by which everybody is answered."""

    async def spent() -> float:
        return time.thread_time()

    service.app.add_api_route("/spent", spent, include_in_schema=False)
    plain = service.client(service.town.keys["secretary"], **{"accept-encoding": "identity"})
    text = "ậ" * 50_000
    with many(service, secretary, meeting, 70, summary=text, full_text=text):
        for asked in (f"{meeting}?include=speeches", f"{meeting}/speeches?limit=200"):
            taken = []
            for _ in range(3):
                began = plain.get("/spent").json()
                answer = plain.get(asked)
                taken.append(plain.get("/spent").json() - began)
                assert len(answer.content) > 20_000_000
            assert min(taken) < PATIENCE / 2, asked
