"""The client, in a process of its own: kept-alive connections that each ask again as soon as answered.

It reads jobs from its input, one JSON a line, says `ready` once it is connected, begins at the next line,
and writes what came of it. `benchmarks.run` starts it.
"""

import asyncio
import json
import sys
from itertools import count, cycle
from typing import Any, cast

import uvloop

NUMBER = b"@@@@@@@@"  # replaced by another number in each request, of the same length


class Asking(asyncio.Protocol):
    """One connection."""

    def __init__(self, job: "Job") -> None:
        self.job, self.ended = job, asyncio.get_running_loop().create_future()
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is none by its class

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0 or len(self.buffer) < head + 4 + _length(self.buffer[:head]):
            return
        self.job.answered(self.buffer)
        self.buffer = b""
        self.ask()

    def ask(self) -> None:
        if self.job.is_over():
            self.transport.close()
            return
        self.transport.write(self.job.another())

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(error)


class Job:
    """A list of requests, sent over and over for some seconds."""

    def __init__(self, port: int, seconds: float, requests: list[str], status: int, first: int) -> None:
        self.port, self.seconds, self.status = port, seconds, str(status).encode()
        self.requests = cycle([(raw, NUMBER in raw) for raw in (one.encode() for one in requests)])
        self.numbers, self.number, self.refused = count(first), 0, ""

    async def run(self, connections: int) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        opened = [
            (await loop.create_connection(lambda: Asking(self), "127.0.0.1", self.port))[1]
            for _ in range(connections)
        ]
        _say("ready")
        await asyncio.to_thread(sys.stdin.readline)
        self.end = loop.time() + self.seconds
        for one in opened:
            one.ask()
        await asyncio.gather(*(one.ended for one in opened))
        return {"answers": self.number, "refused": self.refused}

    def another(self) -> bytes:
        raw, is_numbered = next(self.requests)
        return raw.replace(NUMBER, b"%08d" % next(self.numbers)) if is_numbered else raw

    def answered(self, answer: bytes) -> None:
        self.number += 1
        if answer[9:12] != self.status:
            self.refused = answer.decode(errors="replace")[:2000]

    def is_over(self) -> bool:
        return bool(self.refused) or asyncio.get_running_loop().time() >= self.end


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    for line in iter(sys.stdin.readline, ""):
        known = json.loads(line)
        connections = known.pop("connections")
        _say(json.dumps(uvloop.run(Job(**known).run(connections))))


if __name__ == "__main__":
    main()
