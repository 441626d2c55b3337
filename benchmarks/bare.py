"""The floor: an ASGI application that answers with bytes recorded from ours, and does nothing else.

`benchmarks.run` writes what was recorded to the file that BENCHMARK_RECORDED names: for each method and
target the status, the headers and the body.
"""

import json
import os
from pathlib import Path
from typing import Any

Scope = dict[str, Any]
UNKNOWN = [{"type": "http.response.start", "status": 404, "headers": []}, {"type": "http.response.body"}]
recorded: dict[str, list[dict[str, Any]]] = {}


def _load() -> None:
    for known, (status, headers, body) in json.loads(
        Path(os.environ["BENCHMARK_RECORDED"]).read_text()
    ).items():
        raw = [(name.encode(), value.encode()) for name, value in headers]
        start = {"type": "http.response.start", "status": status, "headers": raw}
        recorded[known] = [start, {"type": "http.response.body", "body": body.encode()}]


def name_of(method: str, target: str) -> str:
    """What a recorded answer is found by; the first POST or PATCH answers for all."""
    return f"{method} {target}" if method == "GET" else method


async def app(scope: Scope, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    while (await receive()).get("more_body"):
        pass
    target = scope["path"] + ("?" + scope["query_string"].decode() if scope["query_string"] else "")
    for message in recorded.get(name_of(scope["method"], target), UNKNOWN):
        await send(message)


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            _load()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
