"""What was recorded by a moment, and nothing that is still on its way: reports of it never change."""

import asyncio
from datetime import datetime

from app.db import until_written
from app.errors import Fault, MalformedRequest, Unavailable, Words
from app.quarterly_tasks.counts import RECORDING
from app.reader import Reader

PAUSE, LONGEST = 0.01, 10.0  # seconds between two looks, and of all of them
AHEAD = Words("Phải ở quá khứ", "It lies in the past")
STILL = """
    SELECT statement_timestamp(), array_agg(virtualtransaction) FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = $1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


async def settled(look: Reader, moment: datetime) -> None:
    """Wait for every transaction that may have taken an earlier moment and is not there yet.

    Raises MalformedRequest for a moment that is still to come, Unavailable where one takes too long.
    """
    if look.lane.dialect.name == "sqlite":  # one writes at a time, and takes its moment while it does
        await asyncio.to_thread(until_written, look.request.app.state.engine)
        return
    now, left = await _recording(look)
    if moment > now:
        raise MalformedRequest(errors=[Fault("query", "known_at", "in_the_future", AHEAD)])
    deadline = asyncio.get_running_loop().time() + LONGEST
    while left:
        if asyncio.get_running_loop().time() > deadline:
            raise Unavailable
        await asyncio.sleep(PAUSE)
        left &= (await _recording(look))[1]


async def _recording(look: Reader) -> tuple[datetime, set[str]]:
    """When this was asked, and who was recording then or has begun since."""
    ((now, transactions),) = await look.lane.fetch(STILL, [RECORDING])
    return now, set(transactions or ())
