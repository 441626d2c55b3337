"""The three prescribed forms as data: margins, letters, headings, numbers, signatures, recipients."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.organizations.models import Line as PoliticalLine
from app.vocabulary import Vocabulary

FONT = "Times New Roman"
PARTY_2026_FROM = date(2026, 5, 28)  # Hướng dẫn 05-HD/VPTW


class DocumentStyle(Vocabulary):
    """After which rules a document is laid out."""

    PARTY_2018 = "party_2018", "Văn bản của Đảng (Hướng dẫn 36-HD/VPTW)", "Party document, rules of 2018"
    PARTY_2026 = "party_2026", "Văn bản của Đảng (Hướng dẫn 05-HD/VPTW)", "Party document, rules of 2026"
    STATE = (
        "state",
        "Văn bản hành chính (Nghị định 30/2020/NĐ-CP)",
        "Administrative document (Decree 30/2020)",
    )


class Role(StrEnum):
    """What a paragraph is, and so how it looks."""

    NATION = "nation"  # the heading at the right
    MOTTO = "motto"
    SUPERIOR = "superior"
    ISSUER = "issuer"
    STAR = "star"
    NUMBER = "number"
    PLACE = "place"  # and date
    TITLE = "title"
    SUBJECT = "subject"
    UNDER_SUBJECT = "under_subject"
    HEADING = "heading"
    SUBHEADING = "subheading"
    BODY = "body"
    CLOSING = "closing"  # the last paragraph, on the page of the signatures
    ITEM = "item"
    NOTE = "note"
    CELL = "cell"
    SIGN_AS = "sign_as"
    SIGNER = "signer"  # in what office
    NAME = "name"
    RECIPIENTS = "recipients"  # the words "Nơi nhận"
    RECIPIENT = "recipient"
    FOOTER = "footer"
    MARK = "mark"


class Letters(NamedTuple):
    """Size in points, and how it is written."""

    size: float
    bold: bool = False
    italic: bool = False
    underlined: bool = False


class Margins(NamedTuple):
    """In millimetres."""

    top: float
    bottom: float
    left: float
    right: float


class Recipients(NamedTuple):
    """How those who get the document are listed."""

    on_the_left: bool
    between: str  # at the end of each but the last
    kept: str | None  # who keeps it; the last line


class Style(NamedTuple):
    """One prescribed form."""

    kind: DocumentStyle
    margins: Margins
    letters: Mapping[Role, Letters]
    indent_mm: float  # of a paragraph's first line
    gap_pt: float  # between paragraphs, at least
    leading_pt: float | None  # exactly; None: single
    left_mm: float  # how wide the heading's left column is
    nation: tuple[str, ...]
    nation_rule_mm: float  # as long as the text above it
    issuer_rule_mm: float | None
    has_star: bool
    number: str  # {symbol}: 05-BB/ĐU
    symbol: str  # {number}, {type}, {body}
    dates_minutes: bool  # under the heading; else start and end stand in the text
    under_subject: str | None
    recorder: str
    chair: str
    acting_with: str  # after T, M, K, L: T/M or TM.
    recipients: Recipients
    ends_with: str  # the last paragraph of the text

    @property
    def text_mm(self) -> float:
        """The width of what is written on."""
        return 210 - self.margins.left - self.margins.right


MARGINS = Margins(top=20, bottom=20, left=30, right=15)
_COMMON = {
    Role.STAR: Letters(14),
    Role.UNDER_SUBJECT: Letters(14),
    Role.HEADING: Letters(14, bold=True),
    Role.SUBHEADING: Letters(14, bold=True, italic=True),
    Role.BODY: Letters(14),
    Role.CLOSING: Letters(14),
    Role.ITEM: Letters(14),
    Role.NOTE: Letters(13, italic=True),
    Role.CELL: Letters(12),
    Role.FOOTER: Letters(9),
    Role.MARK: Letters(12, bold=True),
}
_PARTY = {
    **_COMMON,
    Role.NATION: Letters(15, bold=True),
    Role.MOTTO: Letters(15, bold=True),
    Role.SUPERIOR: Letters(14),
    Role.ISSUER: Letters(14, bold=True),
    Role.NUMBER: Letters(14),
    Role.PLACE: Letters(14, italic=True),
    Role.TITLE: Letters(16, bold=True),
    Role.SUBJECT: Letters(15, bold=True),
    Role.SIGN_AS: Letters(14, bold=True),
    Role.SIGNER: Letters(14, bold=True),
    Role.NAME: Letters(14, bold=True),
    Role.RECIPIENTS: Letters(14, underlined=True),
    Role.RECIPIENT: Letters(12),
}
_STATE = {
    **_COMMON,
    Role.NATION: Letters(12, bold=True),
    Role.MOTTO: Letters(13, bold=True),
    Role.SUPERIOR: Letters(12),
    Role.ISSUER: Letters(12, bold=True),
    Role.NUMBER: Letters(13),
    Role.PLACE: Letters(13, italic=True),
    Role.TITLE: Letters(14, bold=True),
    Role.SUBJECT: Letters(14, bold=True),
    Role.SIGN_AS: Letters(14, bold=True),
    Role.SIGNER: Letters(14, bold=True),
    Role.NAME: Letters(14, bold=True),
    Role.RECIPIENTS: Letters(12, bold=True, italic=True),
    Role.RECIPIENT: Letters(11),
}
PARTY_2026 = Style(
    kind=DocumentStyle.PARTY_2026,
    margins=MARGINS,
    letters=_PARTY,
    indent_mm=10,
    gap_pt=6,
    leading_pt=18,
    left_mm=80,
    nation=("ĐẢNG CỘNG SẢN VIỆT NAM",),
    nation_rule_mm=73,
    issuer_rule_mm=None,
    has_star=True,
    number="Số {symbol}",
    symbol="{number}-{type}/{body}",
    dates_minutes=True,
    under_subject="-----",
    recorder="NGƯỜI GHI BIÊN BẢN",
    chair="CHỦ TRÌ HỘI NGHỊ",
    acting_with="/",
    recipients=Recipients(on_the_left=True, between=";", kept=None),
    ends_with=".",
)
STYLES: Mapping[DocumentStyle, Style] = {
    DocumentStyle.PARTY_2026: PARTY_2026,
    DocumentStyle.PARTY_2018: PARTY_2026._replace(
        kind=DocumentStyle.PARTY_2018, recipients=Recipients(on_the_left=False, between=",", kept=None)
    ),
    DocumentStyle.STATE: Style(
        kind=DocumentStyle.STATE,
        margins=MARGINS,
        letters=_STATE,
        indent_mm=12.7,
        gap_pt=6,
        leading_pt=None,
        left_mm=72,
        nation=("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
        nation_rule_mm=56,
        issuer_rule_mm=24,
        has_star=False,
        number="Số: {symbol}",
        symbol="{number}/{type}-{body}",
        dates_minutes=False,
        under_subject=None,
        recorder="THƯ KÝ",
        chair="CHỦ TỌA",
        acting_with=".",
        recipients=Recipients(on_the_left=True, between=";", kept="Lưu: VT, Hồ sơ"),
        ends_with="./.",
    ),
}


def prescribed(line: PoliticalLine, day: date) -> DocumentStyle:
    """The form for a document of that line of the political system and that day."""
    if line != PoliticalLine.PARTY:
        return DocumentStyle.STATE
    return DocumentStyle.PARTY_2026 if day >= PARTY_2026_FROM else DocumentStyle.PARTY_2018
