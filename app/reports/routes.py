"""Reports, the quarter of an organization and its closing over HTTP."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Response

from app import example_ids as ids
from app.db import one_transaction, today
from app.http import needs, routes_of
from app.organizations.queries import ORGANIZATIONS
from app.paging import Page, PageQuery
from app.quarter import Quarter
from app.quarterly_tasks.counts import Facet, Side
from app.reader import Looking, Reader
from app.reports import queries, tabling
from app.reports.answering import PERMISSION, Inquiry, answered, paged, times, told, where
from app.reports.closing import CONFIRM, close_quarter
from app.reports.following import CHAINS, DUE, reviewed
from app.reports.formats import KINDS, Format, wanted
from app.reports.queries import Question
from app.reports.schemas import (
    Chain,
    ChainsAsked,
    ChainsQuery,
    Comparison,
    ComparisonQuery,
    DueAsked,
    DueQuery,
    DueTask,
    QuarterClosingOut,
    QuarterlyTasksQuery,
    QuarterlyTasksReport,
    ReviewsQuery,
    ReviewsReport,
    quarters_between,
)
from app.schema import Quarter as QuarterText
from app.work import Doing

router = routes_of("quarterly_tasks", "reports")
CLOSING = "/v1/organizations/{organization_id}/quarters/{quarter}/closing"
EVERY = tuple(Format)
UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "There is no such body."}}
TABLES = (Format.JSON, Format.CSV, Format.XLSX)
Closed = Annotated[UUID, Path(openapi_examples={"demo": {"value": ids.PARTY}})]
Past = Annotated[QuarterText, Path(openapi_examples={"demo": {"value": ids.CLOSED_QUARTER}})]


def _files(*formats: Format) -> dict[int | str, dict[str, Any]]:
    binary = {"schema": {"type": "string", "format": "binary", "maxLength": 2**31 - 1}}
    content = {KINDS[one]: binary for one in formats if one != Format.JSON}
    return {200: {"description": "As it stands now, as JSON or as a file.", "content": content}}


@router.get(
    "/v1/reports/quarterly-tasks", response_model=QuarterlyTasksReport, responses=_files(*EVERY) | UNKNOWN
)
async def get_quarterly_tasks_report(
    asked: Annotated[QuarterlyTasksQuery, Query()], look: Looking
) -> Response:
    """The tasks of a quarter in the four official cells, which always add up, for a body and all below it.

    Grouped by organization (bodies with nothing are rows of zeros), field or kind. `as_of` is the day the
    facts are about, `known_at` what had been recorded by then; for a given pair the report never changes.
    As JSON, CSV, XLSX or an SVG chart (of the whole and the first 59 groups that have any, saying how many
    more there are), by `Accept` or `format`. 403 where no grant of yours covers it.
    """
    kind, (day, moment, replay) = wanted(look.request, asked.format, EVERY), times(asked)
    question = _question(look, asked.as_, asked.group_by, replay=replay, roll_up=asked.roll_up)
    about = {
        "organization_id": asked.organization_id,
        "quarter": asked.quarter,
        "as": asked.as_,
        "group_by": asked.group_by,
        "roll_up": asked.roll_up,
        "as_of": day,
        "known_at": asked.known_at,
    }
    given = where(asked.organization_id, day, moment) | {"quarter": asked.quarter}
    statement = queries.quarterly_tasks(question, look.lane.dialect)
    found = await told(look, Inquiry(statement, about, given, replay), kind)
    return await answered(look, found, kind, tabling.of_tasks, tabling.bars_of_tasks)


@router.get("/v1/reports/comparison", response_model=Comparison, responses=_files(*EVERY) | UNKNOWN)
async def get_comparison_report(asked: Annotated[ComparisonQuery, Query()], look: Looking) -> Response:
    """Quarter beside quarter: the four cells of each from `from` to `to`, for a body and all below it.

    As JSON, CSV, XLSX or an SVG chart, by `Accept` or `format`. 403 where no grant of yours covers it.
    """
    kind, (day, moment, replay) = wanted(look.request, asked.format, EVERY), times(asked)
    quarters = quarters_between(asked.from_, asked.to)
    question = _question(look, asked.as_, Facet.ORGANIZATION, replay=replay)
    about = {
        "organization_id": asked.organization_id,
        "from": asked.from_,
        "to": asked.to,
        "as": asked.as_,
        "as_of": day,
        "known_at": asked.known_at,
    }
    given = where(asked.organization_id, day, moment)
    for n, one in enumerate(quarters):
        given |= {f"quarter_{n}": str(one), f"label_vi_{n}": one.label_vi, f"label_en_{n}": one.label_en}
    statement = queries.comparison(question, len(quarters), look.lane.dialect)
    found = await told(look, Inquiry(statement, about, given, replay), kind)
    return await answered(look, found, kind, tabling.of_quarters, tabling.bars_of_quarters)


@router.get("/v1/reports/reviews", response_model=ReviewsReport, responses=_files(*TABLES) | UNKNOWN)
async def get_reviews_report(asked: Annotated[ReviewsQuery, Query()], look: Looking) -> Response:
    """Who has not reviewed: each body's tasks of the quarter that no meeting has reviewed.

    For a body and all below it, with the last meeting that reviews this quarter, where you see it. As JSON,
    CSV or XLSX. 403 where no grant of yours covers it.
    """
    look.need("meetings:read")
    kind = wanted(look.request, asked.format, TABLES)
    may, sees = len(look.actor.circles(PERMISSION)), len(look.actor.sees)
    about = {"organization_id": asked.organization_id, "quarter": asked.quarter}
    given = {**about}
    statement = reviewed(may, sees, look.lane.dialect)
    found = await told(look, Inquiry(statement, about, given, heavy=True), kind)
    return await answered(look, found, kind, tabling.of_reviews)


@router.get("/v1/reports/due", response_model=Page[DueTask], responses=_files(*TABLES))
async def list_due_tasks(asked: Annotated[DueQuery, Query()], look: Looking) -> Response:
    """Open tasks that are overdue or due within so many days, the first due first. As JSON, CSV or XLSX.

    A task that has parts is told by its parts, as it is counted. A file holds one page as well: the `Link`
    beside it names the next.
    """
    kind = wanted(look.request, asked.format, TABLES)
    within = "issued_within" if asked.as_ == Side.ISSUER else "led_within"
    until: dict[str, Any] = {"due_by": today() + timedelta(asked.within_days), within: asked.organization_id}
    page = await look.page(DUE, DueAsked(**_paged(asked), **until))
    return await paged(look, page, kind, tabling.of_due)


@router.get("/v1/reports/carry-over-chains", response_model=Page[Chain], responses=_files(*TABLES))
async def list_carry_over_chains(asked: Annotated[ChainsQuery, Query()], look: Looking) -> Response:
    """Tasks that were carried over again and again, each with its whole lineage. As JSON, CSV or XLSX.

    Lateness is counted from the due date of the first one, so that carrying over hides nothing.
    """
    kind = wanted(look.request, asked.format, TABLES)
    least: dict[str, Any] = {"min_count": asked.min_count, "issued_within": asked.organization_id}
    page = await look.page(CHAINS, ChainsAsked(**_paged(asked), **least))
    return await paged(look, page, kind, tabling.of_chains)


@router.put(CLOSING, response_model=QuarterClosingOut)
@needs(CONFIRM)
@one_transaction
def replace_quarter_closing(organization_id: Closed, quarter: Past, work: Doing) -> Response:
    """Close a quarter for good: its report is kept as it is, and later changes of its tasks are refused.

    409 `blocked` names each task that the body issued and that is neither completed, cancelled nor carried
    over; also while the quarter is not over. Closed already, it stays as it was closed.
    """
    organization = work.governed(ORGANIZATIONS, organization_id, CONFIRM)
    return work.shown(queries.QUARTER_CLOSINGS, close_quarter(work, organization, Quarter.parse(quarter)))


@router.get(CLOSING, response_model=QuarterClosingOut)
async def get_quarter_closing(organization_id: Closed, quarter: Past, look: Looking) -> Response:
    """When and by whom a quarter was closed, and what was counted then. 404 while it is open."""
    return await look.only(queries.QUARTER_CLOSINGS, organization_id=organization_id, quarter=quarter)


def _question(look: Reader, side: Side, facet: Facet, *, replay: bool, roll_up: bool = True) -> Question:
    return Question(side, facet, replay, roll_up, may=len(look.actor.circles(PERMISSION)))


def _paged(asked: PageQuery) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in PageQuery.model_fields}
