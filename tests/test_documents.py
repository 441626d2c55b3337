"""Documents: in the prescribed form, to be measured in the files; and no text in them does any harm."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any, Literal
from xml.etree import ElementTree as ET

import pypdf
import pytest
from markdown_it import MarkdownIt

from app.documents.composing import DRAFT, REPORTED, composed
from app.documents.markdown import as_markdown
from app.documents.paper import Document, Paragraph, Table
from app.documents.portable import as_pdf
from app.documents.prose import paragraphs
from app.documents.styles import STYLES, DocumentStyle, Role
from app.documents.webpage import as_html
from app.documents.word import _name, as_docx
from app.minutes.record import MinutesRecord
from tests.records import a_record, recorded

Json = dict[str, Any]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
FORMATS: dict[str, Callable[[Document], bytes]] = {
    "markdown": as_markdown,
    "html": as_html,
    "docx": as_docx,
    "pdf": as_pdf,
}
WRITERS = pytest.mark.parametrize("written_as", FORMATS)


# -- to read back what was written


class Page(HTMLParser):
    """What a browser would find in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def page(content: bytes) -> Page:
    read = Page()
    read.feed(content.decode())
    return read


def parts(content: bytes) -> dict[str, ET.Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: ET.fromstring(packed.read(name)) for name in packed.namelist() if name.endswith(".xml")}  # noqa: S314  our own


def text_of(content: bytes, written_as: str) -> str:
    """Without spaces: where lines break is the reader's business."""
    if written_as == "html":
        text = "".join(page(content).texts)
    elif written_as == "docx":
        found = parts(content)
        text = "".join(one.text or "" for name in sorted(found) for one in found[name].iter(f"{W}t"))
    elif written_as == "pdf":
        text = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(content)).pages)
    else:
        text = "".join(_shown(content.decode()))
    return re.sub(r"\s+", "", text)


def _shown(markdown: str) -> Iterator[str]:
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        for one in token.children or []:
            yield one.content


def words(text: str) -> str:
    return re.sub(r"\s+", "", text)


# -- in the form


def texts(document: Document) -> list[str]:
    return ["".join(run.text for run in one.runs) for one in document.blocks if isinstance(one, Paragraph)]


@pytest.mark.parametrize(
    ("host", "day", "style"),
    [
        ("party", "2025-09-04", DocumentStyle.PARTY_2018),
        ("party", "2026-05-27", DocumentStyle.PARTY_2018),
        ("party", "2026-05-28", DocumentStyle.PARTY_2026),
        ("state", "2026-05-28", DocumentStyle.STATE),
        ("front", "2025-09-04", DocumentStyle.STATE),
    ],
)
def test_the_form_follows_the_bodys_line_and_the_day(host: str, day: str, style: DocumentStyle) -> None:
    record = a_record(host, day=day)
    assert composed(record).style == STYLES[style]
    assert composed(record, DocumentStyle.STATE).style == STYLES[DocumentStyle.STATE]


def test_party_minutes_stand_under_the_party_and_the_superior_committee() -> None:
    document = composed(a_record(day="2026-06-04"))
    assert [(one.role, one.text) for one in document.left] == [
        (Role.SUPERIOR, "ĐẢNG BỘ TỈNH AN PHƯỚC"),
        (Role.ISSUER, "ĐẢNG ỦY XÃ BÌNH HÒA"),
        (Role.STAR, "*"),
        (Role.NUMBER, "Số 05-BB/ĐU"),
    ]
    assert [(one.role, one.text) for one in document.right] == [
        (Role.NATION, "ĐẢNG CỘNG SẢN VIỆT NAM"),
        (Role.PLACE, "Bình Hòa, ngày 04 tháng 6 năm 2026"),
    ]
    assert (document.title, document.subject, document.under_subject) == (
        "BIÊN BẢN",
        "Hội nghị giao ban Quý III/2025",
        "-----",
    )
    labels = [one.partition(":")[0] for one in texts(document)[:6]]
    assert labels == [
        "Thời gian bắt đầu",
        "Địa điểm",
        "Nội dung",
        "Người chủ trì",
        "Người ghi biên bản",
        "Tài liệu",
    ]
    headings = [
        one
        for block, one in zip(
            [b for b in document.blocks if isinstance(b, Paragraph)], texts(document), strict=True
        )
        if block.role == Role.HEADING
    ]
    assert headings == ["1. Thành phần", "2. Diễn biến hội nghị"]
    assert [one.text for one in document.signed_left] == ["NGƯỜI GHI BIÊN BẢN", "Lê Văn Đạt"]
    assert [one.text for one in document.signed_right] == ["CHỦ TRÌ HỘI NGHỊ", "Nguyễn Thị Ánh"]
    assert document.recipients == (
        "- Thường trực Tỉnh ủy (để báo cáo);",
        "- Các chi bộ trực thuộc;",
        "- Lưu Văn phòng Đảng ủy xã.",
    )


def test_of_2018_recipients_stand_at_the_right_with_commas() -> None:
    document = composed(a_record(day="2025-09-04"))
    assert document.recipients[0] == "- Thường trực Tỉnh ủy (để báo cáo),"
    *_, (left, right) = document.feet
    assert (left, right[0].text) == ((), "Nơi nhận:")


def test_a_state_bodys_minutes_stand_under_the_nation_and_end_with_the_hour() -> None:
    document = composed(a_record("state"))
    assert [(one.role, one.text) for one in document.left] == [
        (Role.ISSUER, "ỦY BAN NHÂN DÂN XÃ BÌNH HÒA"),
        (Role.NUMBER, "Số: 05/BB-UBND"),
    ]
    assert [one.text for one in document.right] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]
    assert texts(document)[-1] == "Hội nghị kết thúc vào 11 giờ 15, ngày 07 tháng 10 năm 2025./."
    assert (
        document.signed_left[0].text,
        document.signed_right[0].text,
    ) == ("THƯ KÝ", "CHỦ TỌA")
    assert document.recipients[-1] == "- Lưu: VT, Hồ sơ."


def test_who_was_there_who_was_not_and_why_is_told_with_titles() -> None:
    said = texts(composed(a_record()))
    assert "Có mặt: 06 đại biểu." in said
    assert "- Đồng chí Đỗ Thị Yến, Chủ tịch Hội Liên hiệp Phụ nữ xã – lý do: đi công tác tỉnh." in said
    assert any(
        one.startswith("Đồng chí Phạm Hữu Ưng, Trưởng Ban Xây dựng Đảng (thảo luận, tham luận): Đề nghị")
        for one in said
    )


def test_a_conclusion_notice_tells_what_was_concluded_and_each_task_with_its_lead_and_deadline() -> None:
    document = composed(a_record("party", "conclusion_notice", day="2026-06-09"))
    assert (document.title, document.subject) == ("THÔNG BÁO", "Kết luận tại hội nghị giao ban Quý III/2025")
    assert [one.text for one in document.left][-1] == "Số 05-TB/ĐU"
    assert [one.text for one in document.signed_right] == [
        "T/M BAN THƯỜNG VỤ",
        "PHÓ BÍ THƯ THƯỜNG TRỰC",
        "Trần Quốc Ước",
    ]
    (table,) = (one for one in document.blocks if isinstance(one, Table))
    assert [(row[2], row[4]) for row in table.rows] == [
        ("Ủy ban nhân dân xã Bình Hòa", "30/11/2025"),
        ("Ủy ban MTTQ Việt Nam xã Bình Hòa", "31/12/2025"),  # its quarter's last day
    ]


@pytest.mark.parametrize(
    ("style", "typed", "printed"),
    [
        (DocumentStyle.PARTY_2026, "TM. Ban Thường vụ", "T/M BAN THƯỜNG VỤ"),
        (DocumentStyle.STATE, "T/M Ủy ban nhân dân", "TM. ỦY BAN NHÂN DÂN"),
        (DocumentStyle.STATE, "K/T CHỦ TỊCH", "KT. CHỦ TỊCH"),
        (DocumentStyle.PARTY_2018, "KT. Trưởng ban", "K/T TRƯỞNG BAN"),
        (DocumentStyle.PARTY_2018, "Q. Chánh Văn phòng", "Q. CHÁNH VĂN PHÒNG"),
    ],
)
def test_the_signing_form_has_the_stop_of_its_style(style: DocumentStyle, typed: str, printed: str) -> None:
    given = recorded("party", "conclusion_notice")
    given["document"]["signers"][2]["sign_as"] = typed
    document = composed(MinutesRecord.model_validate(given), style)
    assert document.signed_right[0].text == printed


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        ("2026-01-05", "ngày 05 tháng 01 năm 2026"),
        ("2026-02-28", "ngày 28 tháng 02 năm 2026"),
        ("2026-03-09", "ngày 09 tháng 3 năm 2026"),
        ("2025-12-10", "ngày 10 tháng 12 năm 2025"),
    ],
)
def test_days_below_ten_and_the_first_two_months_have_a_zero(day: str, printed: str) -> None:
    assert composed(a_record(day=day)).right[-1].text == f"Bình Hòa, {printed}"


@WRITERS
def test_a_draft_says_so_and_so_does_what_was_taken_from_a_report(written_as: str) -> None:
    given = recorded(version=0)
    given["meeting"] |= {"record": "reported", "starts_at": None, "ends_at": None, "location": None}
    content = FORMATS[written_as](composed(MinutesRecord.model_validate(given)))
    assert words(DRAFT) in text_of(content, written_as)
    assert words(REPORTED) in text_of(content, written_as)
    signed = FORMATS[written_as](composed(a_record(), sha256=HASH))
    assert words(DRAFT) not in text_of(signed, written_as)
    assert words(REPORTED) not in text_of(signed, written_as)
    assert HASH in text_of(signed, written_as)


def test_what_a_report_leaves_out_is_not_made_up() -> None:
    given = recorded(version=0)
    given["meeting"] |= {"record": "reported", "starts_at": None, "ends_at": None, "location": None}
    given["participations"] = [
        {**one, "headcount": None} for one in given["participations"] if one["speaker"] is None
    ]
    said = texts(composed(MinutesRecord.model_validate(given)))
    assert "Có mặt:" in said  # nobody counted them
    assert said[:2] == [
        "Thời gian bắt đầu: nguồn không nêu giờ, ngày 07 tháng 10 năm 2025.",
        "Địa điểm: nguồn không nêu.",
    ]
    assert "Người chủ trì: nguồn không nêu." in said


def spelled(form: Literal["NFC", "NFD"], value: Any) -> Any:
    if isinstance(value, dict):
        return {name: spelled(form, one) for name, one in value.items()}
    if isinstance(value, list):
        return [spelled(form, one) for one in value]
    return unicodedata.normalize(form, value) if isinstance(value, str) else value


@WRITERS
def test_letters_and_marks_that_came_apart_are_written_together(written_as: str) -> None:
    whole = MinutesRecord.model_validate(spelled("NFC", recorded()))
    apart = MinutesRecord.model_validate(spelled("NFD", recorded()))
    assert composed(whole) == composed(apart)
    written = text_of(FORMATS[written_as](composed(apart)), written_as)
    assert unicodedata.is_normalized("NFC", written)
    assert "ĐẢNGỦYXÃBÌNHHÒA" in written


# -- no harm

FREE = {
    *(
        "name",
        "short_name",
        "title",
        "audience",
        "location",
        "source_text",
        "summary",
        "absence_reason",
        "title_snapshot",
    ),
    *(
        "description",
        "minutes_text",
        "attribution_text",
        "full_text",
        "text",
        "response_text",
        "expected_result",
        "comment",
    ),
    *(
        "full_name",
        "sign_as",
        "symbol",
        "place",
        "change_note",
        "code",
        "task_title",
        "task_code",
        "number",
        "online_url",
    ),
}
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"'><svg/onload=x>",
    "]]><!--",
    "&lt;b&gt;&amp;&#60;",
    '#panic("x") #read("/etc/passwd") $x^2$ @ref \\u{41}',
    "*b* _i_ `c` [a](javascript:x) ![p](http://x) | p | ~~s~~",
    "{{7*7}} ${7} %s {0}",
    'HYPERLINK "http://x"',
    "http://xa.vn <http://xa.vn>",
)
FIRST = ("# h", "> q", "=cmd|' /C calc'!A0", "+ 1) x", "--- x", "    | x")


def poisoned(value: Any, payload: str) -> Any:
    """The payload in every text that somebody may type, and in an NFD copy of the recipients."""
    if isinstance(value, dict):
        return {
            name: payload if name in FREE and isinstance(one, str | None) else poisoned(one, payload)
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [payload if isinstance(one, str) else poisoned(one, payload) for one in value]
    return value


def kept(given: Json, payload: str) -> MinutesRecord:
    bad: Json = poisoned(given, payload)
    for one in bad["speeches"]:
        one["summary"] = None if one["position"] == 1 else payload
    return MinutesRecord.model_validate(bad)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("minutes", " ".join(PAYLOADS)),
        ("conclusion_notice", " ".join(PAYLOADS)),
        *(("minutes", one) for one in FIRST),
    ],
)
def test_whatever_is_typed_is_shown_and_does_nothing(kind: str, payload: str) -> None:
    document = composed(kept(recorded("party", kind), payload), sha256=HASH)
    plain = composed(a_record("party", kind), sha256=HASH)
    found, usual = page(as_html(document)), page(as_html(plain))
    assert found.tags <= usual.tags | {"em", "strong", "p"}
    assert found.attributes == usual.attributes
    xml = parts(as_docx(document))["word/document.xml"]
    allowed = {one.tag for one in parts(as_docx(plain))["word/document.xml"].iter()} | {f"{W}i", f"{W}b"}
    assert {one.tag for one in xml.iter()} <= allowed
    pdf = pypdf.PdfReader(io.BytesIO(as_pdf(document)))
    assert not [one for one in pdf.pages if "/Annots" in one]
    assert "/OpenAction" not in pdf.root_object
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(as_markdown(document).decode())
    kinds = {one.type for token in tokens for one in (token, *(token.children or []))}
    assert not kinds & {
        "html_block",
        "html_inline",
        "link_open",
        "image",
        "code_inline",
        "code_block",
        "fence",
        "blockquote_open",
    }
    for written_as, write in FORMATS.items():
        assert words(payload.upper()) in text_of(write(document), written_as).upper(), written_as


@pytest.mark.parametrize(
    "payload",
    ["\x00\x01", "\ud800", "a\nb", "\u2028", "\u202e", "\ufffe", "𝕏👩🏽‍🌾", "中文", "x" * 300, "\u0301" * 20],
)
@WRITERS
def test_letters_that_are_none_break_nothing(written_as: str, payload: str) -> None:
    given = recorded()
    given["meeting"]["title"] = payload
    given["agenda_items"][1]["minutes_text"] = payload
    try:
        record = MinutesRecord.model_validate(given)
    except ValueError:
        return  # it can have been recorded by nobody
    content = FORMATS[written_as](composed(record))
    assert text_of(content, written_as)


def test_of_markdown_paragraphs_lists_bold_and_italics_are_kept_and_all_else_is_text() -> None:
    found = list(paragraphs("Hai **ba** *bốn*\n\n- một\n- hai\n\n3. ba\n4. bốn\n\n# đầu [a](b) <b>"))
    assert [(one.role, "".join(run.text for run in one.runs)) for one in found] == [
        (Role.BODY, "Hai ba bốn"),
        *((Role.ITEM, one) for one in ("- một", "- hai", "3. ba", "4. bốn")),
        (Role.BODY, "# đầu [a](b) <b>"),
    ]
    assert [run.text for run in found[0].runs if run.bold] == ["ba"]
    assert [run.text for run in found[0].runs if run.italic] == ["bốn"]


# -- measured in the files

ROWS = [  # of the table of forms: what, the size in points, bold, italic
    (
        DocumentStyle.PARTY_2026,
        {
            Role.NATION: (15, True, False),
            Role.SUPERIOR: (14, False, False),
            Role.ISSUER: (14, True, False),
            Role.TITLE: (16, True, False),
            Role.SUBJECT: (15, True, False),
            Role.BODY: (14, False, False),
            Role.SIGNER: (14, True, False),
            Role.NAME: (14, True, False),
            Role.RECIPIENT: (12, False, False),
            Role.PLACE: (14, False, True),
        },
    ),
    (
        DocumentStyle.STATE,
        {
            Role.NATION: (12, True, False),
            Role.MOTTO: (13, True, False),
            Role.BODY: (14, False, False),
            Role.NAME: (14, True, False),
            Role.RECIPIENTS: (12, True, True),
        },
    ),
]


def mm(twips: str | None) -> float:
    return int(twips or 0) / 1440 * 25.4


@pytest.mark.parametrize("style", DocumentStyle)
def test_a_docx_has_the_margins_of_the_form_and_a_number_on_each_page_but_the_first(
    style: DocumentStyle,
) -> None:
    found = parts(as_docx(composed(a_record(), style)))
    section = next(found["word/document.xml"].iter(f"{W}sectPr"))
    size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    assert size is not None
    assert margins is not None
    assert [round(mm(size.get(f"{W}{one}"))) for one in ("w", "h")] == [210, 297]
    assert [round(mm(margins.get(f"{W}{one}")), 1) for one in ("top", "bottom", "left", "right")] == [
        20,
        20,
        30,
        15,
    ]
    assert section.find(f"{W}titlePg") is not None
    fields = {name: [one.text for one in xml.iter(f"{W}instrText")] for name, xml in found.items()}
    assert [one for one in fields.values() if one] == [["PAGE"]]
    assert next(name for name, one in fields.items() if one).startswith("word/header")


@pytest.mark.parametrize(("style", "rows"), ROWS)
def test_a_docx_has_styles_with_the_letters_of_the_form_and_no_formatting_beside_them(
    style: DocumentStyle, rows: dict[Role, tuple[int, bool, bool]]
) -> None:
    document = composed(a_record(), style)
    found = parts(as_docx(document))
    styles = {one.get(f"{W}styleId"): one for one in found["word/styles.xml"].iter(f"{W}style")}
    named = {named_as(one): key for key, one in styles.items()}
    named |= {name.title(): key for name, key in named.items()}  # Word writes its own in small letters
    for role, looks in rows.items():
        properties = styles[named[_name(role)]].find(f"{W}rPr")
        assert properties is not None
        faces = properties.find(f"{W}rFonts")
        assert faces is not None
        assert faces.attrib == {
            f"{W}{one}": "Times New Roman" for one in ("ascii", "hAnsi", "eastAsia", "cs")
        }
        size, bold, italic = (properties.find(f"{W}{one}") for one in ("sz", "b", "i"))
        assert size is not None
        assert (int(size.get(f"{W}val", "0")) / 2, is_on(bold), is_on(italic)) == looks, role
    body = found["word/document.xml"]
    used = {one.get(f"{W}val") for one in body.iter(f"{W}pStyle")}
    assert {named[_name(role)] for role in (Role.TITLE, Role.SUBJECT, Role.BODY, Role.HEADING)} <= used
    assert len([*body.iter(f"{W}p")]) == len([*body.iter(f"{W}pStyle")])
    direct = {one.tag.removeprefix(W) for properties in body.iter(f"{W}rPr") for one in properties}
    assert direct <= {"b", "i"}
    assert {one.tag.removeprefix(W) for properties in body.iter(f"{W}pPr") for one in properties} == {
        "pStyle"
    }


def named_as(style: ET.Element) -> str:
    name = style.find(f"{W}name")
    return "" if name is None else name.get(f"{W}val", "")


def is_on(flag: ET.Element | None) -> bool:
    return flag is not None and flag.get(f"{W}val", "1") not in {"0", "false"}


def test_a_docx_names_no_author_and_its_rule_is_as_long_as_the_heading() -> None:
    content = as_docx(composed(a_record()))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert b"python-docx" not in packed.read("docProps/core.xml")
        styles = ET.fromstring(packed.read("word/styles.xml"))  # noqa: S314  our own
    (rule,) = (one for one in styles.iter(f"{W}style") if named_as(one).startswith("Rule 73"))
    indent = rule.find(f"{W}pPr/{W}ind")
    assert rule.find(f"{W}pPr/{W}pBdr/{W}top") is not None
    assert indent is not None
    column = 165 - 80
    length = column - mm(indent.get(f"{W}left")) - mm(indent.get(f"{W}right"))
    assert abs(length - 72.9) < 0.2  # ĐẢNG CỘNG SẢN VIỆT NAM in 15 points


def fonts_of(read: pypdf.PdfReader) -> Iterator[str]:
    for one in read.pages:
        resources: Any = one["/Resources"]
        for font in resources["/Font"].values():
            yield str(font.get_object()["/BaseFont"])


@pytest.mark.parametrize("style", DocumentStyle)
def test_a_pdf_keeps_the_margins_and_brings_its_letters_along(style: DocumentStyle) -> None:
    read = pypdf.PdfReader(io.BytesIO(as_pdf(composed(a_record(), style, HASH))))
    first, second, *_ = read.pages
    assert [round(float(one) / 72 * 25.4) for one in first.mediabox[2:]] == [210, 297]
    places: list[tuple[float, float, str]] = []

    def seen(text: str, turned: list[float], at: list[float], *_: Any) -> None:
        if text.strip():
            across = at[4] * turned[0] + at[5] * turned[2] + turned[4]
            up = at[4] * turned[1] + at[5] * turned[3] + turned[5]
            places.append((across / 72 * 25.4, up / 72 * 25.4, text.strip()))

    second.extract_text(visitor_text=seen)
    inside = [one for one in places if 20 < one[1] < 277]
    assert min(x for x, _, _ in inside) >= 29.9
    assert max(x for x, _, _ in inside) < 195
    top = [text for _, y, text in places if y > 277]
    assert top == ["2"]
    assert "2" not in first.extract_text().splitlines()[0]
    fonts = set(fonts_of(read))
    assert all("TeXGyreTermes" in one for one in fonts), fonts
    assert len(fonts) >= 3  # roman, bold, italic
    assert read.metadata is not None
    assert read.metadata.title == "Biên bản Hội nghị giao ban Quý III/2025 2025-10-07"


def test_a_page_of_html_fetches_nothing_and_prints_with_the_margins() -> None:
    content = as_html(composed(a_record())).decode()
    assert "margin: 20mm 15mm 20mm 30mm" in content
    assert not re.search(r"(?:src|href|url)\s*[=(]", content)
    assert "<script" not in content
