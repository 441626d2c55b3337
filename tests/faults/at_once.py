"""Calls that start at the same moment, each from a caller of its own."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx

from tests.conftest import Service

Call = Callable[[httpx.Client], httpx.Response]


class Callers:
    """Several callers with the same key, each with a connection that stays open and a thread."""

    def __init__(self, service: Service, key: str, number: int) -> None:
        self.clients = [service.client(key) for _ in range(number)]
        self._pool = ThreadPoolExecutor(number)
        for client in self.clients:
            client.get("/healthz")

    def close(self) -> None:
        self._pool.shutdown()

    def at_once(self, *calls: Call) -> list[httpx.Response]:
        """Their answers, in the order of the calls. None may be a failure of the service."""
        barrier = threading.Barrier(len(calls))

        def made(call: Call, client: httpx.Client) -> httpx.Response:
            barrier.wait(30)
            return call(client)

        futures = [self._pool.submit(made, call, self.clients[n]) for n, call in enumerate(calls)]
        answers = [future.result(60) for future in futures]
        for answer in answers:
            assert answer.status_code < 500, f"{answer.request.method} {answer.request.url} {answer.text}"
        return answers


@contextmanager
def callers(service: Service, who: str, number: int) -> Iterator[Callers]:
    made = Callers(service, service.town.keys[who], number)
    try:
        yield made
    finally:
        made.close()


def statuses(answers: Iterable[httpx.Response]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def codes(answers: Iterable[httpx.Response]) -> Counter[str]:
    """The code of each problem, or the status of what went well."""
    return Counter(
        str(answer.json()["code"]) if answer.status_code >= 400 else str(answer.status_code)
        for answer in answers
    )


def each(number: int, call: Callable[[int], Call]) -> Sequence[Call]:
    """The same call several times, each told its number."""
    return [call(n) for n in range(number)]


def post(path: str, body: object, **headers: str) -> Call:
    return lambda client: client.post(path, json=body, headers=headers)


def patch(path: str, body: object, tag: str = "*") -> Call:
    return lambda client: client.patch(path, json=body, headers={"if-match": tag})


def put(path: str, body: object, tag: str = "*") -> Call:
    return lambda client: client.put(path, json=body, headers={"if-match": tag})


def delete(path: str, tag: str = "*") -> Call:
    return lambda client: client.delete(path, headers={"if-match": tag})
