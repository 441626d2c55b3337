"""People and the positions they hold through time, over HTTP."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from app.db import today
from tests.conftest import Service
from tests.test_journal import books, every_change_has_its_event  # noqa: F401  they watch these tests too
from tests.town import ANY, Json, a_key, a_meeting, every, made, shown

pytestmark = pytest.mark.in_turn


@pytest.fixture(scope="module")
def secretary(service: Service) -> httpx.Client:
    return service.as_("secretary")


@pytest.fixture(scope="module")
def administrator(service: Service) -> httpx.Client:
    return service.as_("administrator")


@pytest.fixture(scope="module")
def party(service: Service) -> str:
    return str(service.town.bodies["party"])


def a_speaker(client: httpx.Client, home: str, *positions: Json, **more: Any) -> Json:
    body = {"full_name": "Nguyễn Văn An", "organization_id": home, "positions": list(positions)}
    return made(client.post("/v1/speakers", json={**body, **more}))


def refused(answer: httpx.Response, status: int, code: str, pointer: str | None = None) -> None:
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    if pointer is not None:
        assert [one["pointer"] for one in answer.json()["errors"]] == [pointer], answer.text


def titles_on(client: httpx.Client, speaker: Json, day: str) -> list[str]:
    titles: list[str] = shown(client.get(f"/v1/speakers/{speaker['id']}", params={"as_of": day}))["titles"]
    return titles


# -- positions


def test_a_person_holds_several_positions_at_once_the_primary_first(
    secretary: httpx.Client, party: str
) -> None:
    speaker = a_speaker(
        secretary,
        party,
        {"organization_id": party, "title": "Đại biểu HĐND", "started_on": "2021-06-01"},
        {"organization_id": party, "title": "Bí thư", "started_on": "2025-07-01", "is_primary": True},
        {"organization_id": party, "title": "Chủ tịch HĐND", "started_on": "2025-07-15"},
    )
    assert speaker["titles"] == ["Bí thư", "Đại biểu HĐND", "Chủ tịch HĐND"]


def test_a_position_is_held_from_its_first_to_its_last_day(secretary: httpx.Client, party: str) -> None:
    position = {
        "organization_id": party,
        "title": "Bí thư",
        "started_on": "2025-03-01",
        "ended_on": "2025-09-04",
    }
    speaker = a_speaker(secretary, party, position)
    positions = f"/v1/speakers/{speaker['id']}/positions"
    for day, holds in (
        ("2025-02-28", False),
        ("2025-03-01", True),
        ("2025-06-15", True),
        ("2025-09-04", True),
        ("2025-09-05", False),
    ):
        assert titles_on(secretary, speaker, day) == (["Bí thư"] if holds else []), day
        assert len(every(secretary, positions, as_of=day)) == holds, day
        (listed,) = [
            one
            for one in every(secretary, "/v1/speakers", as_of=day, organization_id=party)
            if one["id"] == speaker["id"]
        ]
        assert listed["titles"] == (["Bí thư"] if holds else []), day
    assert speaker["titles"] == []


def test_an_unknown_first_or_last_day_leaves_the_end_open(secretary: httpx.Client, party: str) -> None:
    speaker = a_speaker(
        secretary,
        party,
        {"organization_id": party, "title": "Trước", "ended_on": "2025-01-01"},
        {"organization_id": party, "title": "Sau", "started_on": "2025-01-01"},
        {"organization_id": party, "title": "Mãi"},
    )
    assert set(titles_on(secretary, speaker, "1990-01-01")) == {"Trước", "Mãi"}
    assert set(titles_on(secretary, speaker, "2025-01-01")) == {"Trước", "Sau", "Mãi"}
    assert set(titles_on(secretary, speaker, "2060-01-01")) == {"Sau", "Mãi"}


def test_who_has_held_it_for_an_unknown_time_comes_first_on_every_database(
    secretary: httpx.Client, party: str
) -> None:
    """The databases sort nulls differently when nobody tells them."""
    speaker = a_speaker(
        secretary,
        party,
        {"organization_id": party, "title": "Biết ngày", "started_on": "2020-01-01"},
        {"organization_id": party, "title": "Không rõ ngày"},
    )
    assert speaker["titles"] == ["Không rõ ngày", "Biết ngày"]
    beside = shown(secretary.get(f"/v1/speakers/{speaker['id']}", params={"include": "positions"}))
    assert [one["title"] for one in beside["positions"]] == ["Không rõ ngày", "Biết ngày"]
    meeting = a_meeting(secretary, party)
    person = {"organization_id": party, "speaker_id": speaker["id"]}
    there = made(secretary.post(f"/v1/meetings/{meeting['id']}/participations", json=person))
    assert there["title_snapshot"] == "Không rõ ngày, Biết ngày"


def test_at_most_one_open_position_is_the_primary_one(secretary: httpx.Client, party: str) -> None:
    primary = {"organization_id": party, "title": "Bí thư", "is_primary": True}
    speaker = a_speaker(secretary, party, primary)
    path = f"/v1/speakers/{speaker['id']}/positions"
    refused(secretary.post(path, json=primary), 409, "conflict")
    made(secretary.post(path, json={**primary, "ended_on": "2020-01-01"}))
    second = made(secretary.post(path, json={**primary, "is_primary": False}))
    change = {"is_primary": True}
    refused(secretary.patch(f"/v1/positions/{second['id']}", json=change, headers=ANY), 409, "conflict")
    (first,) = [one for one in every(secretary, path) if one["is_primary"] and one["ended_on"] is None]
    shown(secretary.patch(f"/v1/positions/{first['id']}", json={"ended_on": "2025-01-01"}, headers=ANY))
    shown(secretary.patch(f"/v1/positions/{second['id']}", json=change, headers=ANY))
    refused(
        secretary.patch(f"/v1/positions/{first['id']}", json={"ended_on": None}, headers=ANY), 409, "conflict"
    )


def test_a_person_with_two_primary_positions_is_not_made_at_all(secretary: httpx.Client, party: str) -> None:
    primary = {"organization_id": party, "title": "Bí thư", "is_primary": True}
    body = {"full_name": "Hai Chức Chính", "organization_id": party, "positions": [primary, primary]}
    refused(secretary.post("/v1/speakers", json=body), 409, "conflict")
    assert every(secretary, "/v1/speakers", q="hai chuc chinh") == []


def test_a_position_does_not_end_before_it_begins(secretary: httpx.Client, party: str) -> None:
    backwards = {"organization_id": party, "title": "x", "started_on": "2025-01-02", "ended_on": "2025-01-01"}
    body = {"full_name": "x", "organization_id": party, "positions": [backwards]}
    refused(secretary.post("/v1/speakers", json=body), 422, "validation-error", "#/positions/0/ended_on")
    speaker = a_speaker(secretary, party, {**backwards, "ended_on": "2025-01-02"})
    path = f"/v1/speakers/{speaker['id']}/positions"
    refused(secretary.post(path, json=backwards), 422, "validation-error", "#/ended_on")
    (position,) = every(secretary, path)
    for change in ({"started_on": "2025-01-03"}, {"ended_on": "2025-01-01"}):
        answer = secretary.patch(f"/v1/positions/{position['id']}", json=change, headers=ANY)
        refused(answer, 422, "validation-error", "#/ended_on")


def test_titles_are_those_of_today_where_no_day_is_asked_for(secretary: httpx.Client, party: str) -> None:
    tomorrow, yesterday = (str(today() + timedelta(days=n)) for n in (1, -1))
    speaker = a_speaker(
        secretary,
        party,
        {"organization_id": party, "title": "Hôm nay", "started_on": str(today())},
        {"organization_id": party, "title": "Ngày mai", "started_on": tomorrow},
        {"organization_id": party, "title": "Hôm qua", "ended_on": yesterday},
    )
    assert speaker["titles"] == ["Hôm nay"]
    one = secretary.get(f"/v1/speakers/{speaker['id']}")
    assert one.json() == speaker
    assert one.headers["etag"].startswith('W/"1-')


def test_the_tag_of_a_person_follows_the_titles(secretary: httpx.Client, party: str) -> None:
    speaker = a_speaker(secretary, party)
    path = f"/v1/speakers/{speaker['id']}"
    tag = secretary.get(path).headers["etag"]
    assert secretary.get(path, headers={"if-none-match": tag}).status_code == 304
    made(secretary.post(f"{path}/positions", json={"organization_id": party, "title": "Bí thư"}))
    changed = secretary.get(path, headers={"if-none-match": tag})
    assert (changed.status_code, changed.json()["titles"]) == (200, ["Bí thư"])
    shown(secretary.patch(path, json={"full_name": "Tên khác"}, headers={"if-match": tag}))


def test_positions_can_be_held_in_a_body_of_another_commune(
    service: Service, secretary: httpx.Client, party: str
) -> None:
    """Several at once, in several bodies, is normal."""
    abroad = {"organization_id": str(service.town.bodies["neighbour_party"]), "title": "Ủy viên"}
    speaker = a_speaker(secretary, party, abroad)
    assert speaker["titles"] == ["Ủy viên"]
    (position,) = every(secretary, f"/v1/speakers/{speaker['id']}/positions")
    answer = service.as_("neighbour").patch(
        f"/v1/positions/{position['id']}", json={"title": "x"}, headers=ANY
    )
    refused(answer, 403, "forbidden")


# -- people


def test_people_are_listed_by_given_name_as_vietnamese_lists_are(
    administrator: httpx.Client, service: Service
) -> None:
    home = str(service.town.bodies["neighbour_party"])
    for name in ("Trần Văn Đức", "Lê Ân", "Phạm Thị Dung", "Nguyễn An", "Bùi Ánh", "Đỗ An"):
        a_speaker(administrator, home, full_name=name)
    names = [one["full_name"] for one in every(administrator, "/v1/speakers", organization_id=home)]
    expected = ["Nguyễn An", "Đỗ An", "Bùi Ánh", "Lê Ân", "Phạm Thị Dung", "Trần Văn Đức"]
    assert sorted(names) == sorted(expected)
    assert names[2:] == expected[2:]
    assert {*names[:2]} == {"Nguyễn An", "Đỗ An"}


def test_a_person_moves_to_a_body_whose_people_the_caller_may_write_too(
    service: Service, secretary: httpx.Client, party: str
) -> None:
    speaker = a_speaker(secretary, party)
    path = f"/v1/speakers/{speaker['id']}"
    abroad = {"organization_id": str(service.town.bodies["neighbour_party"])}
    refused(secretary.patch(path, json=abroad, headers=ANY), 403, "forbidden")
    front = {"organization_id": str(service.town.bodies["front"])}
    assert (
        shown(secretary.patch(path, json=front, headers=ANY))["organization_id"] == front["organization_id"]
    )


def test_positions_move_with_the_person_to_those_who_may_write_them(
    service: Service, secretary: httpx.Client, administrator: httpx.Client, party: str
) -> None:
    speaker = a_speaker(secretary, party, {"organization_id": party, "title": "Bí thư"})
    abroad = {"organization_id": str(service.town.bodies["neighbour_party"])}
    shown(administrator.patch(f"/v1/speakers/{speaker['id']}", json=abroad, headers=ANY))
    (position,) = every(administrator, f"/v1/speakers/{speaker['id']}/positions")
    path = f"/v1/positions/{position['id']}"
    old_home = secretary.patch(path, json={"title": "x"}, headers=ANY)
    new_home = service.as_("neighbour").patch(path, json={"ended_on": "2025-09-01"}, headers=ANY)
    assert (old_home.status_code, new_home.status_code) == (403, 200)


def test_whoever_is_named_somewhere_is_not_deleted(secretary: httpx.Client, party: str) -> None:
    speaker = a_speaker(secretary, party, {"organization_id": party, "title": "Bí thư"})
    meeting = a_meeting(secretary, party, agenda_items=[{"title": "x", "presenter_id": speaker["id"]}])
    path = f"/v1/meetings/{meeting['id']}/participations"
    made(secretary.post(path, json={"organization_id": party, "speaker_id": speaker["id"]}))
    answer = secretary.delete(f"/v1/speakers/{speaker['id']}", headers=ANY)
    refused(answer, 409, "blocked")
    codes = {one["code"] for one in answer.json()["blockers"]}
    assert codes == {"used-by-agenda-items", "used-by-participations", "used-by-positions"}


@pytest.mark.parametrize("member", ["email", "phone", "honorific"])
def test_what_is_optional_is_cleared_by_null(secretary: httpx.Client, party: str, member: str) -> None:
    value = {"email": "a@b.vn", "phone": "0900", "honorific": "comrade"}[member]
    speaker = a_speaker(secretary, party, **{member: value})
    assert speaker[member] == value
    path = f"/v1/speakers/{speaker['id']}"
    assert shown(secretary.patch(path, json={member: None}, headers=ANY))[member] is None
    refused(
        secretary.patch(path, json={"full_name": None}, headers=ANY), 422, "validation-error", "#/full_name"
    )


# -- the bodies they are at home in


def test_a_body_is_added_below_one_that_is_administered_and_found_within_it(
    service: Service, administrator: httpx.Client, secretary: httpx.Client, party: str
) -> None:
    body = {
        "parent_id": party,
        "name": "Chi bộ thôn 1",
        "kind": "party_cell",
        "line": "party",
        "level": "village",
    }
    cell = made(administrator.post("/v1/organizations", json=body))
    refused(secretary.post("/v1/organizations", json=body), 403, "forbidden")
    for above in ("party", "commune", "province"):
        within = every(secretary, "/v1/organizations", within=str(service.town.bodies[above]))
        assert cell["id"] in {one["id"] for one in within}
    front = every(secretary, "/v1/organizations", within=str(service.town.bodies["front"]))
    assert {one["id"] for one in front} == {str(service.town.bodies["front"])}
    speaker = a_speaker(secretary, cell["id"])
    assert speaker["id"] in {one["id"] for one in every(secretary, "/v1/speakers", within=party)}


def test_a_body_on_which_nothing_stands_is_deleted(administrator: httpx.Client, party: str) -> None:
    body = {"parent_id": party, "name": "Tổ tạm", "kind": "other", "line": "other", "level": "commune"}
    made_by_mistake = made(administrator.post("/v1/organizations", json=body))
    path = f"/v1/organizations/{made_by_mistake['id']}"
    assert administrator.delete(path, headers=ANY).status_code == 204
    assert administrator.get(path).status_code == 404


def test_a_body_is_not_dissolved_before_it_is_founded(administrator: httpx.Client, party: str) -> None:
    body = {"parent_id": party, "name": "x", "kind": "other", "line": "other", "level": "commune"}
    wrong = {"founded_on": str(date(2025, 7, 1)), "dissolved_on": "2025-06-30"}
    refused(
        administrator.post("/v1/organizations", json=body | wrong), 422, "validation-error", "#/dissolved_on"
    )


def test_the_key_of_a_newcomer_may_do_what_its_grant_says(
    service: Service, administrator: httpx.Client
) -> None:
    front = service.town.bodies["front"]
    _, key = a_key(administrator, front, ("secretary", front, None))
    newcomer = service.client(key["key"])
    assert a_speaker(newcomer, str(front))["organization_id"] == str(front)
    body = {"full_name": "x", "organization_id": str(service.town.bodies["party"])}
    refused(newcomer.post("/v1/speakers", json=body), 403, "forbidden")
