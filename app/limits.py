"""How often one principal or address may ask: counted in memory, by each worker for itself."""

import time
from collections import defaultdict

from starlette.requests import Request

from app.actor import Actor
from app.errors import TooManyRequests

WINDOW = 60  # seconds


class Limits:
    """Requests of a principal, and refusals of an address, in each minute of the clock."""

    def __init__(self, requests: int, refusals: int) -> None:
        self._most, self._most_refused = requests, refusals
        self._minute = 0
        self._asked: defaultdict[object, int] = defaultdict(int)
        self._refused: defaultdict[str, int] = defaultdict(int)
        self.policy = f'"principal";q={requests};w={WINDOW}, "refusals";q={refusals};w={WINDOW}'

    def spend(self, request: Request, actor: Actor) -> None:
        """Count one request; what is left goes out with the answer."""
        left_seconds = self._seconds_left()
        who = actor.principal_id or address(request)
        self._asked[who] += 1
        left = max(0, self._most - self._asked[who])
        request.state.rate = f'"principal";r={left};t={left_seconds}'
        if self._asked[who] > self._most:
            raise TooManyRequests(headers={"Retry-After": str(left_seconds)})

    def check(self, request: Request) -> None:
        """An address that was refused too often is told to wait, unless it shows a good key."""
        left_seconds = self._seconds_left()
        if self._refused and self._refused.get(address(request), 0) >= self._most_refused:
            raise TooManyRequests(headers={"Retry-After": str(left_seconds)})

    def refused(self, request: Request) -> None:
        """Count a request without a valid credential."""
        self._seconds_left()
        self._refused[address(request)] += 1

    def of_an_address(self, who: str) -> str:
        """What is left to an address, for an answer that no principal is charged for."""
        seconds = self._seconds_left()
        return f'"refusals";r={max(0, self._most_refused - self._refused.get(who, 0))};t={seconds}'

    def _seconds_left(self) -> int:
        """Of this minute; with a new one, counting starts anew."""
        minute, passed = divmod(int(time.time()), WINDOW)
        if minute != self._minute:
            self._minute = minute
            self._asked.clear()
            self._refused.clear()
        return WINDOW - passed


def address(request: Request) -> str:
    """Where it comes from, as uvicorn has it (behind a proxy: by its --forwarded-allow-ips)."""
    return request.client.host if request.client else "unknown"
