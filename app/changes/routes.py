"""The change feed over HTTP."""

import asyncio
import base64
import binascii
import re
from typing import Annotated, Any

from fastapi import Query, Response

from app.changes.queries import AREAS, OWNERS, feed, latest
from app.changes.schemas import ChangeList, Changes
from app.errors import InvalidCursor
from app.http import routes_of
from app.reader import Looking, Reader
from app.tags import PRIVATE

router = routes_of("changes", "changes")
PLACE = re.compile(r"([0-9a-f]{8})\.(\d{1,19})\.(\d{1,19})", re.ASCII)
PAUSE = 0.5  # seconds between two looks of one waiting request
Place = tuple[int, int]


@router.get("/v1/changes", response_model=Changes)
async def list_changes(wanted: Annotated[ChangeList, Query()], look: Looking) -> Response:
    """What happened since `cursor`, to everything you may see: each change once, none skipped.

    Keep `next_cursor` and ask again with it; `wait=30` holds the request until something happens. After the
    database was restored from a backup, older cursors answer `invalid-cursor`: read everything anew.
    """
    life = await look.lane.life()
    here, top, rows = await _look(wanted, None, look)
    deadline = asyncio.get_running_loop().time() + wanted.wait
    while not rows and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(PAUSE)
        here, top, rows = await _look(wanted, here, look)
    shown = rows[: wanted.limit]
    more = len(rows) > wanted.limit
    there = (int(shown[-1][1]), int(shown[-1][2])) if shown else here
    there = there if more else max(there, top)
    items = ",".join(row[0] for row in shown)
    body = f'{{"items":[{items}],"next_cursor":"{_written(life, there)}","has_more":{str(more).lower()}}}'
    return Response(body, media_type="application/json", headers={"Cache-Control": PRIVATE})


async def _look(wanted: ChangeList, here: Place | None, look: Reader) -> tuple[Place, Place, Any]:
    """From where, the end of what is settled (taken before the rows), and the rows between."""
    (place,) = await look.fetch(latest(look.lane.dialect), {}, "")
    top = int(place[0]), int(place[1])
    if here is None:
        here = (
            top
            if wanted.cursor == "latest"
            else _read(wanted.cursor, await look.lane.life())
            if wanted.cursor is not None
            else (0, 0)
        )
    return here, top, await _next(wanted, here, look)


async def _next(wanted: ChangeList, here: Place, look: Reader) -> Any:
    circles = len(look.actor.sees)
    if not circles:
        return []
    nouns = [noun for noun, area in AREAS.items() if look.actor.allows(f"{area}:read")]
    filters = {"types": wanted.types, "within": wanted.within, "nouns": nouns}
    asked = frozenset(name for name in ("types", "within") if filters[name])
    if look.actor.scopes is not None:
        asked |= {"nouns", *(f"but_of_{area}" for area in OWNERS if not look.actor.allows(f"{area}:read"))}
    given = {**filters, "tx": here[0], "seq": here[1], "limit": wanted.limit + 1}
    return await look.fetch(feed(circles, look.lane.dialect, asked), given, "")


def _written(life: str, place: Place) -> str:
    return base64.urlsafe_b64encode(f"{life}.{place[0]}.{place[1]}".encode()).decode().rstrip("=")


def _read(cursor: str, life: str) -> Place:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise InvalidCursor from error
    place = PLACE.fullmatch(raw)
    if place is None or place[1] != life or max(int(place[2]), int(place[3])) >= 2**63:
        raise InvalidCursor
    return int(place[2]), int(place[3])
