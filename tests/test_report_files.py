"""Reports as files: the same numbers for a spreadsheet, or a chart to paste; and no name does any harm there."""

import csv
import io
import re
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import httpx
import openpyxl
import pytest

from app.documents.formats import DocumentFormat, QuarterFormat
from app.quarterly_tasks.vocabulary import Timeliness
from app.reports.charts import Bar, drawn
from app.reports.formats import Format
from tests.conftest import Service
from tests.test_reports import asked, bodies, clerk, issued
from tests.town import Json, a_meeting, a_task, made, move, shown

__all__ = ["bodies", "clerk"]
pytestmark = pytest.mark.in_turn  # the numbers are those of tests.test_reports
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HARD = ("=1+1", "@x", "+84", "-2", "{=1+1}", "$a$ <b>&", '"a", b', "http://xa.vn", "𝕏 👩🏽‍🌾")
QUARTER = "2018-Q1"
PATH = "/v1/reports/quarterly-tasks"
OF_A_QUARTER = f"/v1/quarters/{QUARTER}"


@pytest.fixture(scope="module")
def place(service: Service, clerk: httpx.Client, bodies: dict[str, str]) -> str:
    """A body with bodies below it whose names are hard, each with a task."""
    kind = {"kind": "other", "line": "front", "level": "village"}

    def below(parent: str, name: str) -> str:
        said = {**kind, "parent_id": parent, "name": name}
        return str(made(service.as_("administrator").post("/v1/organizations", json=said))["id"])

    home = below(bodies["front"], 'Tổ "1/2" $a$ <b>&')
    for name in HARD:
        issued(clerk, below(home, name), home, quarter=QUARTER)
    return home


def told(client: httpx.Client, body: str, path: str = PATH, accept: str = "", **more: Any) -> httpx.Response:
    said = {"quarter": QUARTER, "organization_id": body, **more}
    answer = client.get(path, params=said, headers={"accept": accept} if accept else {})
    assert answer.status_code == 200, answer.text
    return answer


def rows_of(report: Json) -> list[list[Any]]:
    return [[row["label_vi"], *row["cells"].values()] for row in report["items"]] + [
        ["Toàn bộ", *report["total"].values()]
    ]


def test_a_table_has_a_row_for_each_body_and_no_name_is_calculated(clerk: httpx.Client, place: str) -> None:
    answer = told(clerk, place, format="csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-type"].startswith("text/csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    expected = rows_of(asked(clerk, place, QUARTER))
    assert lines[0][:2] == ["Nhóm", "Tổng số"]
    assert [line[0].removeprefix("'") for line in lines[1:]] == [row[0] for row in expected]
    assert [line[1:] for line in lines[1:]] == [
        ["" if one is None else str(one) for one in row[1:]] for row in expected
    ]
    assert not [line[0] for line in lines if line[0].startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {"'=1+1", "'@x", "'+84", "'-2"} <= {line[0] for line in lines}


def test_a_workbook_has_the_same_numbers_and_its_texts_stay_texts(clerk: httpx.Client, place: str) -> None:
    answer = told(clerk, place, format="xlsx")
    assert answer.headers["content-type"] == XLSX
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(min_row=4))
    expected = rows_of(asked(clerk, place, QUARTER))
    assert [[cell.value for cell in row[1:]] for row in rows] == [row[1:] for row in expected]
    names = [row[0].value for row in rows]
    assert names == [one[0] for one in expected]
    assert {row[0].data_type for row in rows} == {"s"}
    assert not [cell.hyperlink for row in rows for cell in row if cell.hyperlink]


def test_a_chart_is_a_drawing_that_shows_names_as_they_are_and_reaches_for_nothing(
    clerk: httpx.Client, place: str
) -> None:
    answer = told(clerk, place, format="svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    root = ET.fromstring(answer.content)  # noqa: S314  our own
    tags = {one.tag.rpartition("}")[2] for one in root.iter()}
    assert not tags & {"script", "foreignObject", "iframe", "image"}
    for one in root.iter():
        for name, value in one.attrib.items():
            assert not name.lower().startswith("on"), (one.tag, name)
            if name.endswith("href"):
                assert value.startswith("#"), value
            assert not re.search(r"url\((?!['\"]?#)", value), value
    texts = ["".join(one.itertext()).strip() for one in root.iter() if one.tag.endswith("}text")]
    for name in ("=1+1", "@x", "$a$ <b>&", '"a", b'):
        assert name in texts
    assert told(clerk, place, format="svg").content == answer.content


def test_a_chart_that_cannot_show_all_says_how_many_more_there_are() -> None:
    bars = [Bar(f"Xã {n}", dict.fromkeys(Timeliness, 1)) for n in range(63)]
    for shown_of, language, said in (
        (bars, "vi", ["… và 3 nhóm khác, xem bảng CSV, XLSX"]),
        (bars, "en", ["… and 3 more groups, see CSV, XLSX"]),
        (bars[:60], "vi", []),
    ):
        root = ET.fromstring(drawn("Giao ban", shown_of, language))  # noqa: S314  our own
        texts = ["".join(one.itertext()).strip() for one in root.iter() if one.tag.endswith("}text")]
        assert [one for one in texts if one.startswith("…")] == said
        assert ("Xã 59" in texts, "Xã 60" in texts) == (True, False)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV; q=0.5", "text/csv"),
        ("application/json;q=0.5, text/csv;q=0.9", "text/csv"),
        ("application/json, text/csv;q=0.9", "application/json"),
        (f"text/html, {XLSX};q=0.2", XLSX),
        ("image/svg+xml;q=0.7, text/csv;q=0.3", "image/svg+xml"),
        ("text/csv;q=0", "application/json"),
        ("text/csv;q=x, ;;,q=", "application/json"),
        ("text/html", "application/json"),
    ],
)
def test_the_kind_is_the_one_that_is_preferred(
    clerk: httpx.Client, place: str, accept: str, kind: str
) -> None:
    answer = told(clerk, place, accept=accept or "*/*")
    assert answer.headers["content-type"].partition(";")[0] == kind
    assert "Accept" in answer.headers["vary"]
    forced = told(clerk, place, accept=accept or "*/*", format="json")
    assert forced.headers["content-type"] == "application/json"


def test_a_file_has_a_name_that_every_browser_reads_and_a_tag(clerk: httpx.Client, place: str) -> None:
    for kind in ("csv", "xlsx", "svg"):
        answer = told(clerk, place, format=kind)
        named = answer.headers["content-disposition"]
        assert re.fullmatch(rf"attachment; filename\*=UTF-8''[A-Za-z0-9%._~-]+\.{kind}", named), named
        assert quote("Tổ") in named
        assert "/" not in named.partition("''")[2]
        same = clerk.get(answer.request.url, headers={"if-none-match": answer.headers["etag"]})
        assert same.status_code == 304
    tags = {told(clerk, place, format=kind).headers["etag"] for kind in ("json", "csv", "xlsx", "svg")}
    assert len(tags) == 4


def test_a_file_of_a_page_names_the_next_one(clerk: httpx.Client, place: str) -> None:
    said = {"organization_id": place, "as": "issuer", "format": "csv", "limit": "5"}
    first = clerk.get("/v1/reports/due", params=said)
    second = clerk.get(first.links["next"]["url"])
    pages = [list(csv.reader(io.StringIO(one.content.decode("utf-8-sig"))))[1:] for one in (first, second)]
    assert [len(rows) for rows in pages] == [5, len(HARD) - 5]
    assert "next" not in second.links


def test_a_file_speaks_the_language_that_is_preferred(clerk: httpx.Client, place: str) -> None:
    said = {"quarter": QUARTER, "organization_id": place, "format": "csv"}
    english = clerk.get(PATH, params=said, headers={"accept-language": "en"})
    assert english.content.decode("utf-8-sig").startswith("Group,Total,Completed on time")


@pytest.mark.parametrize(
    ("path", "more", "kinds"),
    [
        ("/v1/reports/comparison", {"from": "2017-Q4", "to": QUARTER}, ("csv", "xlsx", "svg")),
        ("/v1/reports/reviews", {"quarter": QUARTER}, ("csv", "xlsx")),
        ("/v1/reports/due", {"as": "issuer"}, ("csv", "xlsx")),
        ("/v1/reports/carry-over-chains", {"min_count": "1"}, ("csv", "xlsx")),
    ],
)
def test_each_report_is_had_as_what_it_says_and_as_nothing_else(
    clerk: httpx.Client, place: str, path: str, more: Json, kinds: tuple[str, ...]
) -> None:
    said = {**more, "organization_id": place}
    rows = shown(clerk.get(path, params=said))["items"]
    for kind in kinds:
        answer = clerk.get(path, params={**said, "format": kind})
        assert answer.status_code == 200, answer.text
        if kind == "csv":
            assert len(list(csv.reader(io.StringIO(answer.text)))) == 1 + len(rows)
        elif kind == "xlsx":
            sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
            assert len(list(sheet.iter_rows(min_row=4))) == len(rows)
    for kind in {"svg", "pdf", ""} - set(kinds):
        refused = clerk.get(path, params={**said, "format": kind})
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "format")
    if "svg" not in kinds:
        assert clerk.get(path, params=said, headers={"accept": "image/svg+xml"}).headers["content-type"] == (
            "application/json"
        )


def test_a_file_says_states_and_quarters_in_words_and_whose_it_is(
    clerk: httpx.Client, bodies: dict[str, str]
) -> None:
    party, front = bodies["party"], bodies["front"]
    late = issued(clerk, party, front, quarter="2018-Q2")
    meeting = a_meeting(clerk, party, held_on="2018-06-29", review_period="2018-Q2")
    move(clerk, meeting, "schedule")
    said = {"organization_id": party, "quarter": "2018-Q2", "format": "csv"}
    answer = clerk.get("/v1/reports/reviews", params=said)
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))}
    assert rows["Đảng ủy xã Hòa An"] == ["1", "1", "2018-06-29", "Đã lên lịch"]
    whose = quote("Đảng ủy xã Hòa An: đánh giá nhiệm vụ Quý II-2018")
    assert whose in answer.headers["content-disposition"]
    asked_for = {"organization_id": party, "as": "issuer", "format": "csv", "limit": "200"}
    answer = clerk.get("/v1/reports/due", params=asked_for)
    due = {row[1]: row[2:] for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))}
    assert (due[late["code"]][0], due[late["code"]][-1]) == ("Quý II/2018", "Đã giao")


# -- a quarter, which is had as a table as well as printed


def a_quarter(client: httpx.Client, body: str, accept: str = "", **more: Any) -> httpx.Response:
    said = {"organization_id": body, **more}
    return client.get(OF_A_QUARTER, params=said, headers={"accept": accept} if accept else {})


def test_a_quarter_is_a_table_of_what_was_issued_and_what_is_led(clerk: httpx.Client, place: str) -> None:
    body = next(row for row in asked(clerk, place, QUARTER)["items"] if row["parent_id"] == place)
    report = shown(a_quarter(clerk, body["organization_id"]))
    assert (report["as_issuer"]["total"], report["as_lead"]["total"]) == (1, 0)
    expected = [
        ["Cơ quan giao", *report["as_issuer"].values()],
        ["Cơ quan chủ trì", *report["as_lead"].values()],
    ]
    answer = a_quarter(clerk, body["organization_id"], format="csv")
    heads, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert lines == [["" if one is None else str(one) for one in row] for row in expected]
    other = told(clerk, place, format="csv").content.decode("utf-8-sig")
    assert heads == next(csv.reader(io.StringIO(other)))
    workbook = a_quarter(clerk, body["organization_id"], format="xlsx").content
    rows = openpyxl.load_workbook(io.BytesIO(workbook)).active.iter_rows(min_row=3)
    assert [[cell.value for cell in row] for row in rows] == [heads, *expected]
    english = clerk.get(answer.request.url, headers={"accept-language": "en"}).content.decode("utf-8-sig")
    assert [row[:2] for row in csv.reader(io.StringIO(english))] == [
        *(["Group", "Total"], ["Issuing body", "1"], ["Lead body", "0"])
    ]


def test_no_name_of_a_body_is_calculated_in_its_quarter(clerk: httpx.Client, place: str) -> None:
    rows = asked(clerk, place, QUARTER)["items"]
    for body in (row for row in rows if row["parent_id"] == place):
        answer = a_quarter(clerk, body["organization_id"], format="xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        title = sheet["A1"]
        assert (title.data_type, title.value.startswith(f"{body['label_vi']}: nhiệm vụ Quý I/2018, ")) == (
            *("s", True),
        )
        assert not [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV; q=0.5", "text/csv"),
        (XLSX, XLSX),
        ("text/*", "text/markdown"),
        ("text/csv, text/*;q=0.9", "text/csv"),
        ("application/json;q=0.5, text/csv;q=0.9", "text/csv"),
        (f"image/svg+xml, {XLSX};q=0.2", XLSX),
        ("text/csv;q=0.3, text/html;q=0.4", "text/html"),
    ],
)
def test_the_accept_header_says_as_what_a_quarter_is_had(
    clerk: httpx.Client, place: str, accept: str, kind: str
) -> None:
    answer = a_quarter(clerk, place, accept)
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, kind)
    assert "Accept" in answer.headers["vary"]
    assert a_quarter(clerk, place, accept, format="json").headers["content-type"] == "application/json"


def test_a_quarter_as_a_file_has_a_name_and_a_tag_as_other_tables_have(
    clerk: httpx.Client, place: str
) -> None:
    kinds = ("json", "csv", "xlsx", "markdown", "html")
    for kind in ("csv", "xlsx"):
        answer = a_quarter(clerk, place, format=kind)
        named = answer.headers["content-disposition"]
        assert re.fullmatch(rf"attachment; filename\*=UTF-8''[A-Za-z0-9%._~-]+\.{kind}", named), named
        assert quote("Tổ") in named
        assert "Accept-Language" in answer.headers["vary"]
    tags = {kind: a_quarter(clerk, place, format=kind).headers["etag"] for kind in kinds}
    assert len({*tags.values()}) == len(kinds)
    for asked_for in kinds:
        for kind, tag in tags.items():
            url = a_quarter(clerk, place, format=asked_for).request.url
            again = clerk.get(url, headers={"if-none-match": tag})
            assert again.status_code == (304 if kind == asked_for else 200), (asked_for, kind)


def test_what_a_quarter_cannot_be_had_as_is_refused_with_what_it_can(clerk: httpx.Client, place: str) -> None:
    for accept in ("image/svg+xml", "text/csv;q=0", "nonsense"):
        answer = a_quarter(clerk, place, accept)
        assert (answer.status_code, answer.json()["code"]) == (406, "not-acceptable")
        assert answer.json()["allowed"] == [
            *("application/json", "text/markdown", "text/html", DOCX, "application/pdf", "text/csv", XLSX)
        ]
    for kind in ("svg", "md", ""):
        refused = a_quarter(clerk, place, format=kind)
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "format")


def test_a_quarter_as_printed_tells_of_each_body_right_below_that_leads_anything(
    clerk: httpx.Client, bodies: dict[str, str]
) -> None:
    quarter = "2017-Q3"
    for lead in ("office", "office", "front"):
        task = a_task(clerk, bodies["committee"], bodies[lead], quarter=quarter)
        move(clerk, task, "issue", effective_on="2017-07-05")

    def below(body: str, **more: str) -> dict[str, list[str]]:
        said = {"organization_id": bodies[body], "format": "markdown", **more}
        answer = clerk.get(f"/v1/quarters/{quarter}", params=said)
        assert answer.status_code == 200, answer.text
        _, _, told_of = answer.text.replace("\\", "").partition("\n## 2.")
        lines = [line.strip("|").split("|") for line in told_of.splitlines() if line.startswith("|")]
        return {name.strip(): [one.strip() for one in numbers] for name, *numbers in lines[2:]}

    party, office, front = "Đảng ủy xã Hòa An", "Văn phòng Đảng ủy xã Hòa An", "Ủy ban MTTQ xã Hòa An"
    two_late, one_late = ["2", "0", "0", "0", "2", "0%"], ["1", "0", "0", "0", "1", "0%"]
    two_open, one_open = ["2", "0", "0", "2", "0", "–"], ["1", "0", "0", "1", "0", "–"]
    assert below("commune") == {party: two_late, front: one_late}
    assert below("commune", as_of="2017-07-10") == {party: two_open, front: one_open}
    assert below("commune", known_at="2017-07-10T00:00:00Z") == {}
    assert below("party") == {office: two_late}
    assert below("office") == below("committee") == {}
    assert [*below("province")] == ["Xã Hòa An"]


def test_a_quarter_calls_its_formats_as_documents_and_reports_do() -> None:
    as_tables = [one for one in Format if one in {Format.CSV, Format.XLSX}]
    assert [(one.value, one.label_vi, one.label_en) for one in QuarterFormat] == [
        (one.value, one.label_vi, one.label_en) for one in (*DocumentFormat, *as_tables)
    ]
