"""A quarter of a body over HTTP: as data, as a table, or as its report to sign and send."""

import json
from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import Path, Query, Response

from app import example_ids as ids
from app.documents import queries as printed
from app.documents.answering import LAYOUT
from app.documents.formats import QUARTER_KINDS, DocumentFormat, QuarterFormat, file, wanted
from app.documents.paper import Document
from app.documents.reporting import Figures, reported
from app.documents.routes import files
from app.documents.schemas import QuarterAsked
from app.documents.styles import DocumentStyle
from app.http import routes_of
from app.minutes.record import Host
from app.quarter import Quarter
from app.quarterly_tasks.counts import Facet, Side
from app.reader import Looking, Reader
from app.reports import queries, tabling
from app.reports.answering import PERMISSION, Inquiry, answered, times, told, where
from app.reports.formats import Format
from app.reports.queries import Question
from app.reports.schemas import QuarterOut
from app.schema import Quarter as QuarterText

if TYPE_CHECKING:
    from app.documents.press import Press

router = routes_of("quarterly_tasks", "reports")
FIGURES = (QuarterFormat.JSON, QuarterFormat.CSV, QuarterFormat.XLSX)  # all others are the report
Present = Annotated[QuarterText, Path(openapi_examples={"demo": {"value": ids.QUARTER}})]


@router.get("/v1/quarters/{quarter}", response_model=QuarterOut, responses=files(QUARTER_KINDS.values()))
async def get_quarter(quarter: Present, asked: Annotated[QuarterAsked, Query()], look: Looking) -> Response:
    """One quarter of a body and all below it: the four cells of what they issued, and of what they lead.

    As JSON, CSV or XLSX, or as a report (báo cáo) in Markdown, HTML, DOCX or PDF, by `Accept` or `format`.
    The report has the form prescribed for the body's line and the day, unless `style` names another; number
    and day are left to who signs it. 403 where none of your grants covers the organization; 406 where
    `Accept` names none of these.
    """
    kind = wanted(look.request, asked.format, QUARTER_KINDS)
    known, (day, moment, replay) = Quarter.parse(quarter), times(asked)
    question = Question(Side.ISSUER, Facet.ORGANIZATION, replay, True, len(look.actor.circles(PERMISSION)))
    about = {
        "organization_id": asked.organization_id,
        "quarter": quarter,
        "label_vi": known.label_vi,
        "label_en": known.label_en,
        "first_day": known.first_day,
        "last_day": known.last_day,
        "previous": _beside(known, "previous"),
        "next": _beside(known, "next"),
        "as_of": day,
        "known_at": asked.known_at,
    }
    given = where(asked.organization_id, day, moment) | {"quarter": quarter}
    if kind in FIGURES:
        inquiry = Inquiry(queries.quarter(question, look.lane.dialect), about, given, replay)
        found = await told(look, inquiry, Format(kind))
        return await answered(look, found, Format(kind), tabling.of_sides)
    inquiry = Inquiry(printed.quarter(question, look.lane.dialect), about, given, replay)
    return await _printed(look, inquiry, DocumentFormat(kind), asked.style)


async def _printed(
    look: Reader, asked: Inquiry, kind: DocumentFormat, style: DocumentStyle | None
) -> Response:
    found = await told(look, asked, (kind, style, LAYOUT))
    if isinstance(found, Response):
        return found
    body, tag = found
    press: Press = look.request.app.state.press
    content, name = await press.made(kind, partial(_laid_out, body, style))
    return file(content, kind, name, tag)


def _laid_out(body: bytes, style: DocumentStyle | None) -> Document:
    """Of the bodies right below, those that lead anything, each with all below itself."""
    shown = json.loads(body)
    below = [one for one in shown["below"] if one["cells"]["total"]]
    return reported(Figures(Host.model_validate(shown["host"]), shown, below), style)


def _beside(quarter: Quarter, which: str) -> str | None:
    """None at either end of the calendar."""
    try:
        return str(getattr(quarter, which))
    except ValueError:
        return None
