"""How often one principal or address may ask: counted in memory, by each worker for itself."""

import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.requests import Request

from app.actor import Actor
from app.errors import TooManyRequests

WINDOW = 60  # seconds


class Limits:
    """Requests of a principal, and refusals of an address, a minute."""

    def __init__(self, requests: int, refusals: int) -> None:
        self._requests = RateLimitItemPerMinute(requests)
        self._refusals = RateLimitItemPerMinute(refusals)
        self._counted = FixedWindowRateLimiter(MemoryStorage())
        self.policy = f'"principal";q={requests};w={WINDOW}, "refusals";q={refusals};w={WINDOW}'

    def spend(self, request: Request, actor: Actor) -> None:
        """Count one request; what is left goes out with the answer."""
        who = str(actor.principal_id or address(request))
        within = self._counted.hit(self._requests, who)
        resets, left = self._counted.get_window_stats(self._requests, who)
        seconds = max(1, min(WINDOW, round(resets - time.time())))
        request.state.rate = f'"principal";r={left};t={seconds}'
        if not within:
            raise TooManyRequests(headers={"Retry-After": str(seconds)})

    def refused(self, request: Request) -> None:
        """Count a request without a valid credential."""
        if not self._counted.hit(self._refusals, address(request)):
            raise TooManyRequests(headers={"Retry-After": str(WINDOW)})

    def check(self, request: Request) -> None:
        """An address that was refused too often is not even looked up."""
        if not self._counted.test(self._refusals, address(request)):
            raise TooManyRequests(headers={"Retry-After": str(WINDOW)})


def address(request: Request) -> str:
    """Where it comes from, as uvicorn has it (behind a proxy: by its --forwarded-allow-ips)."""
    return request.client.host if request.client else "unknown"
