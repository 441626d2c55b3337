"""The documents of a meeting over HTTP: as what they can be had, by whom, and under what name."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import httpx
import pypdf
import pytest

from app.settings import Settings
from tests.conftest import SETTINGS, Service, running
from tests.test_documents import text_of, words
from tests.test_minutes import a_held_meeting, approver, brought, minutes_of, party, secretary, told
from tests.town import ANY, Json, a_key, a_task, made, move, shown

pytestmark = pytest.mark.in_turn

__all__ = ["approver", "brought", "party", "secretary"]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = {"markdown": "text/markdown", "html": "text/html", "docx": DOCX, "pdf": "application/pdf"}


def path_of(minutes: Json) -> str:
    return f"/v1/meetings/{minutes['meeting_id']}/minutes"


def had(client: httpx.Client, minutes: Json, accept: str = "", **asked: Any) -> httpx.Response:
    return client.get(path_of(minutes), params=asked, headers={"accept": accept} if accept else {})


@pytest.fixture
def signed(brought: Any) -> Json:
    minutes: Json = brought("signed")
    return minutes


@pytest.mark.parametrize("written_as", KINDS)
def test_signed_minutes_are_had_as_each_kind_with_number_and_hash(
    secretary: httpx.Client, signed: Json, written_as: str
) -> None:
    answer = had(secretary, signed, format=written_as)
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, KINDS[written_as])
    text = text_of(answer.content, written_as)
    assert words(f"Số {signed['symbol']}") in text
    assert signed["sha256"] in text
    assert "DỰTHẢO" not in text
    by_header = had(secretary, signed, accept=KINDS[written_as])
    assert by_header.headers["content-type"] == answer.headers["content-type"]
    assert by_header.headers["etag"] == answer.headers["etag"]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/*", "text/markdown"),
        ("text/html, application/pdf;q=0.9", "text/html"),
        ("application/pdf;q=0.5, text/html;q=0.4", "application/pdf"),
        ("image/png, application/pdf;q=0.1", "application/pdf"),
        ("application/json;q=0, */*;q=0.5", "text/markdown"),
        (f"{DOCX.upper()}", DOCX),
        ("application/pdf;q=nan, text/html;q=0.1", "text/html"),
    ],
)
def test_the_accept_header_says_as_what(
    secretary: httpx.Client, signed: Json, accept: str, kind: str
) -> None:
    answer = had(secretary, signed, accept=accept)
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, kind)
    assert "Accept" in answer.headers["vary"]


def test_what_nobody_can_have_is_a_406_that_names_what_can_be_had(
    secretary: httpx.Client, signed: Json
) -> None:
    for accept in ("image/png", "text/csv", "application/pdf;q=0", "nonsense"):
        answer = had(secretary, signed, accept=accept)
        assert (answer.status_code, answer.json()["code"]) == (406, "not-acceptable")
        assert set(answer.json()["allowed"]) == {"application/json", *KINDS.values()}
    assert had(secretary, signed, accept="image/png", format="pdf").status_code == 200
    for kind in ("odt", "csv", "xlsx"):
        assert had(secretary, signed, format=kind).status_code == 400
    assert had(secretary, signed, style="other").status_code == 400
    assert had(secretary, signed, version="-1").status_code == 400


@pytest.mark.parametrize(
    "accept",
    [
        ";;;,,,",
        "q=1",
        "application/pdf;q=",
        "application/pdf;q=1e999",
        "*/*;q=-1",
        ",",
        "a" * 5000,
        "*/*," * 500,
        "application/pdf;q=1;q=0",
        "\u00e9/*",
    ],
)
def test_no_accept_header_is_more_than_a_refusal(secretary: httpx.Client, signed: Json, accept: str) -> None:
    answer = secretary.get(path_of(signed), headers=[(b"accept", accept.encode("latin-1"))])
    assert answer.status_code in {200, 400, 406}, answer.text


def test_a_file_has_a_tag_that_depends_on_version_style_and_kind(
    secretary: httpx.Client, signed: Json
) -> None:
    asked: tuple[Json, ...] = (
        {"format": "html"},
        {"format": "markdown"},
        {"format": "html", "style": "state"},
        {"format": "html", "version": 0},
    )
    tags = [had(secretary, signed, **one).headers["etag"] for one in asked]
    assert len(set(tags)) == len(tags)
    for one, tag in zip(asked, tags, strict=True):
        again = secretary.get(path_of(signed), params=one, headers={"if-none-match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_a_draft_is_what_stands_there_now(secretary: httpx.Client, party: Any) -> None:
    meeting = a_held_meeting(secretary, party, location="Hội trường")
    minutes = minutes_of(secretary, meeting)
    first = had(secretary, minutes, format="markdown")
    assert "DỰTHẢO" in text_of(first.content, "markdown")
    assert "Hộitrường" in text_of(first.content, "markdown")
    shown(secretary.patch(f"/v1/meetings/{meeting['id']}", json={"location": "Nhà văn hóa"}, headers=ANY))
    made(
        secretary.post(
            f"/v1/meetings/{meeting['id']}/speeches",
            json={"attribution_text": "Đại biểu", "kind": "discussion", "summary": "Ý *kiến* <b>"},
        )
    )
    second = had(secretary, minutes, format="markdown")
    assert "Nhàvănhóa" in text_of(second.content, "markdown")
    assert "Ýkiến<b>" in text_of(second.content, "markdown")
    assert first.headers["etag"] != second.headers["etag"]


def test_an_amended_document_can_be_had_as_it_was_signed_each_time(
    secretary: httpx.Client, approver: httpx.Client, signed: Json
) -> None:
    meeting = f"/v1/meetings/{signed['meeting_id']}"
    move(secretary, signed, "open_amendment", comment="Sửa địa điểm")
    shown(secretary.patch(f"/v1/minutes/{signed['id']}", json={"change_note": "sửa địa điểm"}, headers=ANY))
    shown(secretary.patch(meeting, json={"location": "Nơi đã sửa"}, headers=ANY))
    open_ = text_of(had(secretary, signed, format="markdown").content, "markdown")
    assert "DỰTHẢO" in open_
    move(approver, signed, "sign_amendment")
    versions: tuple[Json, ...] = ({"version": 1}, {"version": 2}, {})
    first, second, present = (
        text_of(had(secretary, signed, format="markdown", **one).content, "markdown") for one in versions
    )
    assert present == second
    assert "Nơiđãsửa" in second
    assert "bảnsố2;nộidungsửađổi:sửađịađiểm" in second
    assert "Nơiđãsửa" not in first
    missing = had(secretary, signed, format="markdown", version=3)
    assert (missing.status_code, missing.json()["errors"][0]["parameter"]) == (404, "version")


def test_a_draft_is_printed_only_for_those_who_read_at_the_host(
    service: Service, secretary: httpx.Client, party: Any
) -> None:
    front = service.town.bodies["front"]
    came = [{"organization_id": str(front), "role": "delegate", "attendance": "present"}]
    minutes = minutes_of(secretary, a_held_meeting(secretary, party, participations=came))
    guest = service.as_("reporter")
    assert had(guest, minutes).status_code == 200
    assert had(guest, minutes, format="pdf").status_code == 403
    assert had(service.as_("reader"), minutes, format="pdf").status_code == 200
    assert had(service.as_("stranger"), minutes, format="pdf").status_code == 404
    assert had(service.as_("neighbour"), minutes, format="pdf").status_code == 404
    assert had(service.client(), minutes, format="pdf").status_code == 401
    for transition, who in (("submit", secretary), ("sign", service.as_("approver"))):
        assert told(who, minutes, transition).status_code == 201
    assert had(guest, minutes, format="pdf").status_code == 200
    assert had(guest, minutes, format="pdf", version=0).status_code == 403


def test_what_records_tasks_is_shown_to_nobody_who_may_not_read_tasks(
    service: Service, secretary: httpx.Client, party: Any
) -> None:
    """As the version itself: neither to a key that was narrowed, nor without one where meetings are public."""
    meeting = a_held_meeting(secretary, party, visibility="public")
    a_task(secretary, party, title="Việc nội bộ", kind="ad_hoc", set_at_meeting_id=meeting["id"])
    minutes = minutes_of(secretary, meeting)
    for transition, who in (("submit", secretary), ("sign", service.as_("approver"))):
        assert told(who, minutes, transition).status_code == 201
    (version,) = shown(secretary.get(f"/v1/minutes/{minutes['id']}/versions"))["items"]
    paths = [f"/v1/minutes/{minutes['id']}/record", f"{path_of(minutes)}?format=markdown"]
    paths.append(f"/v1/minutes-versions/{version['id']}")
    reader = ("reader", party, None)
    _, key = a_key(service.as_("administrator"), party, reader, scopes=["meetings:read"])
    open_to_all = Settings(
        database_url=service.database_url, allow_weak_durability=True, public_reading=True, **SETTINGS
    )
    with running(open_to_all) as public:
        for caller, status in ((service.client(key["key"]), 403), (public.client(), 401)):
            assert caller.get(path_of(minutes)).status_code == 200  # what is known of them tells no task
            answers = [caller.get(path) for path in paths]
            assert [(one.status_code, "nội bộ" in one.text) for one in answers] == [(status, False)] * 3


def test_a_meeting_without_them_has_none(secretary: httpx.Client, party: Any) -> None:
    meeting = a_held_meeting(secretary, party)
    for document in ("minutes", "conclusion-notice"):
        answer = secretary.get(f"/v1/meetings/{meeting['id']}/{document}", params={"format": "pdf"})
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_a_conclusion_notice_is_had_the_same_way(
    secretary: httpx.Client, approver: httpx.Client, party: Any
) -> None:
    meeting = a_held_meeting(secretary, party)
    there = f"/v1/meetings/{meeting['id']}/conclusion-notice"
    notice = made(secretary.post(there, json={}))
    draft = secretary.get(there, params={"format": "docx"})
    assert "DỰTHẢO" in text_of(draft.content, "docx")
    for transition, who in (("submit", secretary), ("sign", approver)):
        made(who.post(f"/v1/conclusion-notices/{notice['id']}/transitions", json={"transition": transition}))
    answer = secretary.get(there, params={"format": "pdf"})
    now = shown(secretary.get(there))
    assert words(f"Số {now['symbol']}") in text_of(answer.content, "pdf")
    assert "THÔNGBÁO" in text_of(answer.content, "pdf")


@pytest.mark.parametrize(
    "title",
    ["Hội nghị Quý III/2025", "../../etc/passwd", 'a";b\\c', "x" * 300, "\u202efdp.exe", "𝕏👩🏽‍🌾", "."],
)
def test_a_files_name_is_a_name_that_every_browser_can_write(
    secretary: httpx.Client, party: Any, title: str
) -> None:
    minutes = minutes_of(secretary, a_held_meeting(secretary, party, title=title))
    for written_as, ending in (("pdf", ".pdf"), ("markdown", ".md"), ("html", ".html")):
        answer = had(secretary, minutes, format=written_as)
        found = re.fullmatch(
            r"(attachment|inline); filename\*=UTF-8''([A-Za-z0-9%._~-]+)",
            answer.headers["content-disposition"],
        )
        assert found, answer.headers["content-disposition"]
        assert found[1] == ("inline" if written_as == "html" else "attachment")
        name = unquote(found[2])
        assert name.startswith("Biên bản ")
        assert name.endswith(ending)
        assert len(name) < 130
        assert not set('/\\:*?"<>|\u202e') & set(name)


def test_a_page_of_html_may_do_nothing_in_a_browser(secretary: httpx.Client, signed: Json) -> None:
    answer = had(secretary, signed, format="html")
    assert "default-src 'none'" in answer.headers.get("content-security-policy", "")
    assert "sandbox" in answer.headers.get("content-security-policy", "")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_many_documents_at_once_are_all_right(
    secretary: httpx.Client, service: Service, signed: Json
) -> None:
    def pdf(_: int) -> int:
        answer = had(service.as_("secretary"), signed, format="pdf")
        assert answer.status_code == 200
        return len(pypdf.PdfReader(io.BytesIO(answer.content)).pages)

    with ThreadPoolExecutor(8) as pool:
        made_ = pool.map(pdf, range(16))
        assert set(made_) == {1}


def test_what_is_too_long_to_be_printed_is_told_so_at_once_and_stays_to_be_had_as_data(
    secretary: httpx.Client, party: Any
) -> None:
    """Else one of the two presses would be gone for minutes, and the machine's memory with it."""
    meeting = a_held_meeting(secretary, party)
    for _ in range(6):
        speech = {"attribution_text": "Đại biểu", "summary": "a  \n" * 12_000}
        made(secretary.post(f"/v1/meetings/{meeting['id']}/speeches", json=speech))
    minutes = minutes_of(secretary, meeting)
    for kind in ("markdown", "html", "docx", "pdf"):
        refused = had(secretary, minutes, format=kind)
        assert (refused.status_code, refused.json()["code"]) == (406, "not-acceptable")
        assert refused.json()["allowed"] == ["application/json"]
        assert refused.elapsed < timedelta(seconds=10)
    assert shown(had(secretary, minutes))["id"] == minutes["id"]
    assert len(shown(secretary.get(f"/v1/minutes/{minutes['id']}/record"))["speeches"]) == 6


def test_a_long_document_holds_up_nobody(secretary: httpx.Client, service: Service, party: Any) -> None:
    items = [{"title": "Mục", "minutes_text": "Hội nghị thống nhất. " * 2_000}] * 16
    minutes = minutes_of(secretary, a_held_meeting(secretary, party, agenda_items=items))
    with ThreadPoolExecutor(1) as beside:
        document = beside.submit(had, service.as_("secretary"), minutes, format="pdf")
        slowest = timedelta()
        while not document.done():
            answer = secretary.get("/v1/vocabularies")
            assert answer.status_code == 200
            slowest = max(slowest, answer.elapsed)
    assert document.result().status_code == 200
    assert slowest < document.result().elapsed / 2, "a normal request waited for a document"


# -- the report of a quarter


@pytest.mark.parametrize("written_as", KINDS)
def test_a_quarter_is_had_as_a_report_with_the_same_figures(service: Service, written_as: str) -> None:
    province, party = service.town.bodies["province"], str(service.town.bodies["party"])
    grants = [(role, province, None) for role in ("secretary", "approver", "reporter")]
    office = service.client(a_key(service.as_("administrator"), province, *grants)[1]["key"])
    lead = str(service.town.bodies["office"])
    for n in range(2):
        task = a_task(office, party, lead, quarter="2019-Q4", title=f"Việc {n}")
        move(office, task, "issue")
    asked = {"organization_id": party}
    shown_ = shown(office.get("/v1/quarters/2019-Q4", params=asked))
    answer = office.get("/v1/quarters/2019-Q4", params={**asked, "format": written_as})
    text = text_of(answer.content, written_as)
    assert "BÁOCÁO" in text
    assert words("Kết quả thực hiện nhiệm vụ Quý IV/2019") in text
    assert words(f"Nhiệm vụ ban hành: {shown_['as_issuer']['total']};") in text
    assert words("Văn phòng Đảng ủy xã Hòa An") in text
    assert "Số…-BC/ĐU" in text
    again = office.get(
        "/v1/quarters/2019-Q4",
        params={**asked, "format": written_as},
        headers={"if-none-match": answer.headers["etag"]},
    )
    assert again.status_code == 304
    of_the_json = office.get("/v1/quarters/2019-Q4", params=asked).headers["etag"]
    of_a_style = office.get(
        "/v1/quarters/2019-Q4", params={**asked, "format": written_as, "style": "state"}
    ).headers["etag"]
    for tag in (of_the_json, of_a_style):
        assert office.get(answer.request.url, headers={"if-none-match": tag}).status_code == 200
    by_header = office.get("/v1/quarters/2019-Q4", params=asked, headers={"accept": KINDS[written_as]})
    assert by_header.headers["etag"] == answer.headers["etag"]
    assert (
        office.get("/v1/quarters/2019-Q4", params=asked, headers={"accept": "image/png"}).status_code == 406
    )
    other = str(service.town.bodies["neighbour"])
    refused = service.as_("reader").get(
        "/v1/quarters/2019-Q4", params={"organization_id": other, "format": written_as}
    )
    assert refused.status_code == 403
