"""As what a document or a quarter can be had, and how that is asked for."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import TypeVar
from urllib.parse import quote

from fastapi import Request, Response

from app import tags
from app.errors import NotAcceptable
from app.reports import formats as reports
from app.vocabulary import Vocabulary

LONGEST_NAME = 120  # letters: each may be written as nine, and file systems end at 255 bytes
INERT = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


class DocumentFormat(Vocabulary):
    """As what a document is answered."""

    JSON = "json", "JSON", "JSON"
    MARKDOWN = "markdown", "Markdown", "Markdown"
    HTML = "html", "Trang HTML để in", "HTML page to print"
    DOCX = "docx", "Văn bản Word", "Word document"
    PDF = "pdf", "PDF", "PDF"


class QuarterFormat(Vocabulary):
    """As what a quarter is answered: its figures as data or a table, or its report to print."""

    JSON = "json", "JSON", "JSON"
    MARKDOWN = "markdown", "Markdown", "Markdown"
    HTML = "html", "Trang HTML để in", "HTML page to print"
    DOCX = "docx", "Văn bản Word", "Word document"
    PDF = "pdf", "PDF", "PDF"
    CSV = "csv", "Bảng CSV", "CSV table"
    XLSX = "xlsx", "Bảng tính Excel", "Excel workbook"


Asked = TypeVar("Asked", bound=Vocabulary)
KINDS: Mapping[DocumentFormat, str] = {
    DocumentFormat.JSON: "application/json",
    DocumentFormat.MARKDOWN: "text/markdown",
    DocumentFormat.HTML: "text/html",
    DocumentFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    DocumentFormat.PDF: "application/pdf",
}
ENDINGS: Mapping[DocumentFormat, str] = {DocumentFormat.MARKDOWN: "md"}
KNOWN = {one.value: kind for one, kind in (*KINDS.items(), *reports.KINDS.items())}
QUARTER_KINDS: Mapping[QuarterFormat, str] = {one: KNOWN[one.value] for one in QuarterFormat}


def wanted(request: Request, given: Asked | None, among: Mapping[Asked, str]) -> Asked:
    """As the parameter says, else as the Accept header prefers. Raises NotAcceptable where it names none.

    Of several that it likes alike, and where there is no header, the first; so `*/*` is JSON.
    """
    if given is not None:
        return given
    accepted = ",".join(request.headers.getlist("accept"))
    if not accepted.strip():
        return next(iter(among))
    liked = {one: _liked(kind, accepted) for one, kind in among.items()}
    best = max(among, key=lambda one: liked[one])
    if liked[best] > 0:
        return best
    raise NotAcceptable(allowed=[*among.values()])


def _liked(kind: str, accepted: str) -> float:
    """By the range that says most of it, as RFC 9110 asks: a kind by its name, text/*, */*."""
    named = (kind, f"{kind.partition('/')[0]}/*", "*/*")
    found: dict[int, float] = {}
    for span, weight in _ranges(accepted):
        if span in named:
            place = named.index(span)
            found[place] = max(weight, found.get(place, 0.0))
    return found[min(found)] if found else 0.0


def _ranges(accepted: str) -> Iterator[tuple[str, float]]:
    for one in accepted.split(","):
        span, *parameters = (part.strip().lower() for part in one.split(";"))
        weights = [part[2:].strip() for part in parameters if part.startswith("q=")]
        yield span, _weight(weights[0]) if weights else 1.0


def _weight(text: str) -> float:
    """Between 0 and 1; what is no number is none."""
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return min(1.0, max(0.0, weight)) if weight == weight else 0.0  # noqa: PLR0124  NaN is not itself


def file(content: bytes, kind: DocumentFormat, name: str, tag: str) -> Response:
    """Under a name that every browser can write (RFC 5987). A page to print opens; all else is kept."""
    shown = "inline" if kind == DocumentFormat.HTML else "attachment"
    ending = ENDINGS.get(kind, kind.value)
    headers = {
        "ETag": tag,
        "Cache-Control": tags.PRIVATE,
        "Vary": "Accept",
        "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(_named(name), safe='')}.{ending}",
    }
    if kind == DocumentFormat.HTML:
        headers["Content-Security-Policy"] = INERT
    return Response(content, media_type=KINDS[kind], headers=headers)


def _named(name: str) -> str:
    """Never a path, and nothing that turns what follows around."""
    seen = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in name)
    seen = "".join("-" if one in '/\\:*?"<>|' else one for one in seen)
    return " ".join(seen.split())[:LONGEST_NAME].strip(" .") or "document"
