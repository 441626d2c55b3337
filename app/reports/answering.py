"""The way of a report: who asks, has it changed, one statement; and then, if wanted, its rows as a file."""

import asyncio
import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import Response

from app import reading
from app.db import today, utcnow
from app.errors import Fault, Forbidden, MalformedRequest, NotFound, Words
from app.organizations.queries import ORGANIZATIONS
from app.prepared import Statement
from app.problems import language
from app.reader import Reader, answer
from app.reports.charts import Bar, drawn
from app.reports.formats import Format, Table, file
from app.reports.schemas import TwoTimes
from app.reports.settling import AHEAD, settled
from app.reports.spreadsheets import as_csv, as_workbook
from app.schema import LAST
from app.types import Json, plain

PERMISSION = "quarterly_tasks:read"
Found = Response | tuple[bytes, str]  # nothing new; or JSON and its tag
Tabled = Callable[[Json, str], Table]
Barred = Callable[[Json, str], list[Bar]]


def times(wanted: TwoTimes) -> tuple[date, datetime, bool]:
    """The day, the moment, and whether they are any other than now (a day ahead counts as now)."""
    if wanted.known_at is not None and wanted.known_at > utcnow():
        raise MalformedRequest(errors=[Fault("query", "known_at", "in_the_future", AHEAD)])
    day = wanted.as_of or today()
    return day, wanted.known_at or LAST, wanted.known_at is not None or day < today()


class Inquiry(NamedTuple):
    """A report's statement, what it is about, and what is bound into it; a heavy one must hold up nobody."""

    statement: Statement
    about: Json
    given: Json
    heavy: bool = False


async def told(look: Reader, asked: Inquiry, as_what: object = Format.JSON) -> Found:
    """304, or the report's JSON and the tag of what is made of it.

    Raises Forbidden where no grant covers the body, NotFound.
    """
    tag = await look.list_tag(asked.statement, (asked.about, as_what, language(look.request.headers)))
    if same := look.unchanged(tag):
        return same
    if (moment := asked.about.get("known_at")) is not None:
        await settled(look, moment)
    rows = await look.fetch(asked.statement, asked.given, PERMISSION, heavy=asked.heavy, anew=True)
    if not rows:
        await _refuse(look, asked.given["organization_id"])
    known = {name: plain(value) for name, value in asked.about.items()}
    shown = json.dumps(known, ensure_ascii=False, separators=(",", ":")).encode()
    return b"".join([shown[:-1], b",", memoryview(rows[0][0])[1:]]), tag


async def _refuse(look: Reader, organization_id: UUID) -> None:
    breadth = look.actor.breadth("organizations:write")
    there = reading.one(ORGANIZATIONS, frozenset(), breadth, look.lane.dialect)
    if await look.fetch(there, {"id": organization_id}, "organizations:write"):
        detail = Words("Cần quyền tại cơ quan này", "A grant that covers this body is needed")
        raise Forbidden(detail)
    words = Words("Không có cơ quan này", "There is no such body")
    raise NotFound(errors=[Fault("query", "organization_id", "not-found", words)])


async def answered(
    look: Reader, found: Found, kind: Format, table: Tabled, bars: Barred | None = None
) -> Response:
    """As it was asked for. A file is made in a thread: nobody else waits for it."""
    if isinstance(found, Response):
        return found
    body, tag = found
    if kind == Format.JSON:
        return answer(body, tag, Vary="Accept, Accept-Language")
    spoken, report = language(look.request.headers), json.loads(body)
    rows = table(report, spoken)
    if kind == Format.SVG and bars is not None:
        content = await asyncio.to_thread(drawn, rows.title, bars(report, spoken), spoken)
    else:
        content = await asyncio.to_thread(as_csv if kind == Format.CSV else as_workbook, rows)
    return file(content, kind, rows.title.replace("/", "-"), tag)


async def paged(look: Reader, page: Response, kind: Format, table: Tabled) -> Response:
    """A page of a list as it was asked for; of a file too, its Link names the next one."""
    if kind == Format.JSON or page.status_code != 200:  # noqa: PLR2004  there is one way of success
        return page
    made = await answered(look, (bytes(page.body), page.headers["etag"]), kind, table)
    if onward := page.headers.get("link"):
        made.headers["Link"] = onward
    return made


def where(organization_id: UUID, day: date, moment: datetime) -> dict[str, Any]:
    """What every report's statement needs to know."""
    return {"organization_id": organization_id, "as_of": day, "known_at": moment}
