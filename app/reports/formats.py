"""As what a report can be had: JSON, a table for a spreadsheet, or a chart to paste into a document."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

from fastapi import Request, Response

from app import tags
from app.vocabulary import Vocabulary


class Format(Vocabulary):
    """As what a report is answered."""

    JSON = "json", "JSON", "JSON"
    CSV = "csv", "Bảng CSV", "CSV table"
    XLSX = "xlsx", "Bảng tính Excel", "Excel workbook"
    SVG = "svg", "Biểu đồ SVG", "SVG chart"


KINDS: Mapping[Format, str] = {
    Format.JSON: "application/json",
    Format.CSV: "text/csv",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.SVG: "image/svg+xml",
}


class Table(NamedTuple):
    """What a report comes to in rows, each cell a text, a whole number, a share or nothing."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | int | float | None]]


def wanted(request: Request, given: Format | None, among: Collection[Format]) -> Format:
    """As the parameter says, else as the Accept header prefers; JSON where it names none of these."""
    if given is not None:
        return given
    best, weight = Format.JSON, 0.0
    for one in request.headers.get("accept", "").split(","):
        kind, _, more = one.strip().partition(";")
        named = next((each for each in among if KINDS[each] == kind.strip().lower()), None)
        if named is not None and (asked := _weight(more)) > weight:
            best, weight = named, asked
    return best


def _weight(parameters: str) -> float:
    """What `q` says, between 0 and 1; 1 where it says nothing."""
    for one in parameters.split(";"):
        name, _, value = one.strip().partition("=")
        if name.strip().lower() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0


def file(content: bytes, kind: Format, name: str, tag: str) -> Response:
    """A file to keep, under a name that every browser can write (RFC 5987)."""
    headers = {
        "ETag": tag,
        "Cache-Control": tags.PRIVATE,
        "Vary": "Accept, Accept-Language",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.{kind.value}",
    }
    return Response(content, media_type=KINDS[kind], headers=headers)
