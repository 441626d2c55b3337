"""How a worker leaves: not ready first, so that a balancer looks elsewhere; then what was begun is ended."""

import asyncio
import signal
import threading
from types import FrameType

from fastapi import FastAPI


def drain_first(app: FastAPI, seconds: float) -> None:
    """At SIGTERM go on serving for so long, as not ready; Ctrl-C ends it sooner.

    A second SIGTERM changes nothing: a whole group of processes is often told by two. It stands before the
    server's own way of stopping, which closes the door and waits for what is inside.
    """
    stop = signal.getsignal(signal.SIGTERM)
    if threading.current_thread() is not threading.main_thread() or not callable(stop):
        return
    loop = asyncio.get_running_loop()

    def leave(number: int, frame: FrameType | None) -> None:
        if app.state.leaving:
            return
        app.state.leaving = True
        loop.call_soon_threadsafe(loop.call_later, seconds, stop, number, frame)

    signal.signal(signal.SIGTERM, leave)
