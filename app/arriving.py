"""How long a body may take to arrive: who sends it a byte at a time must not hold a request for ever."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.errors import RequestTimeout


@asynccontextmanager
async def arriving(seconds: float) -> AsyncIterator[asyncio.Timeout]:
    """What is awaited here has so long, and longer where the timeout is put off. Raises RequestTimeout."""
    try:
        async with asyncio.timeout(seconds) as end:
            yield end
    except TimeoutError as error:
        raise RequestTimeout from error
