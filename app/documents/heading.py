"""The top of a document: which bodies stand over it, its number, its place and day."""

from collections.abc import Mapping
from datetime import date

from app.documents.paper import Line
from app.documents.saying import BLANK, the_day
from app.documents.styles import Role, Style
from app.minutes.record import Host, RecordedDocument
from app.organizations.models import OrganizationKind as Kind

PLACES = ("xã ", "phường ", "đặc khu ", "thị trấn ", "tỉnh ", "thành phố ", "thôn ", "tổ dân phố ")
TOP_PLACES = ("tỉnh ", "thành phố ")
TYPES: Mapping[str, str] = {"minutes": "BB", "conclusion_notice": "TB", "report": "BC"}
ABBREVIATIONS: Mapping[Kind, str] = {
    Kind.PARTY_COMMITTEE: "ĐU",
    Kind.PARTY_CELL: "CB",
    Kind.PEOPLES_COUNCIL: "HĐND",
    Kind.PEOPLES_COMMITTEE: "UBND",
    Kind.FATHERLAND_FRONT: "MTTQ",
}


def on_the_left(style: Style, host: Host, number: str) -> tuple[Line, ...]:
    """Superior body, issuer, and the document's number."""
    above = superior(host)
    return (
        *((Line(Role.SUPERIOR, above.upper()),) if above else ()),
        Line(Role.ISSUER, host.name.upper(), style.issuer_rule_mm),
        *((Line(Role.STAR, "*"),) if style.has_star else ()),
        Line(Role.NUMBER, number),
    )


def on_the_right(
    style: Style, host: Host, dated: tuple[str | None, date | None, int], *, is_minutes: bool
) -> tuple[Line, ...]:
    """Party or nation, and under it place and day; a state body's minutes say these in the text."""
    *first, last = style.nation
    ruled = Role.MOTTO if first else Role.NATION
    lines = (*(Line(Role.NATION, one) for one in first), Line(ruled, last, style.nation_rule_mm))
    if is_minutes and not style.dates_minutes:
        return lines
    place, day, year = dated
    where = place or place_of(host) or BLANK
    when = the_day(day) if day else f"ngày {BLANK} tháng {BLANK} năm {year}"
    return (*lines, Line(Role.PLACE, f"{where}, {when}"))


def number(style: Style, host: Host, document: RecordedDocument) -> str:
    """As it was given when it was signed; a draft has room for it."""
    return style.number.format(symbol=document.symbol or _symbol(style, host, document.kind, document.number))


def unnumbered(style: Style, host: Host, kind: str) -> str:
    """Of a document that nobody numbers here."""
    return style.number.format(symbol=_symbol(style, host, kind, None))


def _symbol(style: Style, host: Host, kind: str, drawn: int | None) -> str:
    known = ABBREVIATIONS.get(host.kind) or host.short_name or initials(host.name)
    shown = f"{drawn:02}" if drawn else BLANK
    return style.symbol.format(number=shown, type=TYPES[kind], body=known)


def initials(name: str) -> str:
    """Ban Xây dựng Đảng: BXDĐ."""
    return "".join(word[0] for word in name.split()).upper()


def superior(host: Host) -> str | None:
    """The body above it in its own line; the tree above a commune's bodies names places only."""
    body = next((one.name for one in host.above if not is_place(one.name)), None)
    if body:
        return body
    province = next((one.name for one in host.above if one.name.lower().startswith(TOP_PLACES)), None)
    if province is None or province.lower() in host.name.lower():
        return None
    if host.kind == Kind.PARTY_COMMITTEE:
        return f"Đảng bộ {province}"
    if host.kind == Kind.FATHERLAND_FRONT:
        return f"Ủy ban MTTQ Việt Nam {province}"
    return None


def is_place(name: str) -> bool:
    return name.lower().startswith(PLACES) or name.lower() in {"việt nam", "cả nước", "toàn quốc"}


def place_of(host: Host) -> str | None:
    """Xã Phú Trung: Phú Trung."""
    nearest = next((one.name for one in host.above if is_place(one.name)), None)
    if nearest is None:
        return None
    kind = next((one for one in PLACES if nearest.lower().startswith(one)), "")
    return nearest[len(kind) :]
