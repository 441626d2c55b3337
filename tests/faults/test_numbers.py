"""Numbers without a gap and without a twin: 16 sign at once, while every process is killed."""

import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.minutes.links import MinutesLink
from app.minutes.models import Minutes, MinutesMove, MinutesVersion, NumberSeries
from app.minutes.vocabulary import MinutesTransition
from tests.conftest import NO_TLS, Tell
from tests.faults.accounts import journal_faults
from tests.faults.conftest import Starter, Stronghold
from tests.faults.counts import many
from tests.faults.processes import Served
from tests.town import a_meeting, made, move

AT_ONCE = 16
KILLS = many(1, 4)
DOCUMENTS = many(16, 64)
WORKERS = many(1, 2)


def test_of_sixteen_who_sign_at_once_with_kills_each_gets_the_next_number(
    database: Stronghold, serve: Starter, tmp_path: Path, tell: Tell
) -> None:
    service = serve(database, WORKERS, MINUTES_SIGNING_KEYS=str(tmp_path / "keys"))
    waiting = _submitted(service.client(database.town.keys["secretary"]), database)
    with ThreadPoolExecutor(AT_ONCE) as at_once:
        signing = [at_once.submit(_sign, service, database, waiting[n::AT_ONCE]) for n in range(AT_ONCE)]
        for n in range(KILLS):
            signed = (n + 1) * DOCUMENTS // (KILLS + 2)  # so that the last kill, too, meets many who wait
            _until_signed(service, database, signed)
            time.sleep(random.uniform(0, 0.05))  # else it would always come right after a commit
            service.kill()
            service.start()
        lost = sum(one.result() for one in signing)
    with Session(database.engine) as db:
        numbers = sorted(one or 0 for one in db.scalars(select(Minutes.document_number)))
        told = sorted(one or 0 for one in db.scalars(select(MinutesMove.document_number).where(_SIGNED)))
        last = db.scalars(select(NumberSeries.last)).one()
        versions = list(db.scalars(select(MinutesVersion.number)))
        places = sorted(db.scalars(select(MinutesLink.position)))
    assert numbers == told == places == list(range(1, DOCUMENTS + 1))
    assert (last, versions) == (DOCUMENTS, [1] * DOCUMENTS)
    assert journal_faults(database.engine) == []
    tell(f"{database.name}: {DOCUMENTS} signed, {KILLS} kills, {lost} answers lost; 1..n, none twice")


_SIGNED = MinutesMove.transition == MinutesTransition.SIGN


def _submitted(secretary: httpx.Client, database: Stronghold) -> list[str]:
    """Minutes of so many meetings, each waiting for a signature."""
    paths = []
    for _ in range(DOCUMENTS):
        meeting = a_meeting(secretary, database.town.bodies["party"], record="reported")
        move(secretary, meeting, "hold")
        one = made(secretary.post(f"/v1/meetings/{meeting['id']}/minutes", json={}))
        move(secretary, one, "submit")
        paths.append(f"/v1/minutes/{one['id']}/transitions")
    return paths


def _sign(service: Served, database: Stronghold, paths: Sequence[str]) -> int:
    """Each until it is signed, under one key whatever becomes of the answers; answers how many were lost."""
    lost = 0
    with httpx.Client(
        base_url=service.url, headers={"x-api-key": database.town.keys["approver"]}, timeout=60
    ) as approver:
        for path in paths:
            while True:
                try:
                    key = {"idempotency-key": path}
                    answer = approver.post(path, json={"transition": "sign"}, headers=key)
                except httpx.TransportError:
                    lost += 1
                    time.sleep(0.05)
                    continue
                if answer.status_code == 201:
                    break
                assert answer.status_code in {503, 409}, answer.text
                assert answer.status_code == 503 or answer.json()["code"] == "idempotency-in-progress"
                time.sleep(0.05)
    return lost


def _until_signed(service: Served, database: Stronghold, number: int) -> None:
    """Asked of the service: who looks into the file with the engine of the writers waits with them."""
    end, signed = time.monotonic() + 60, {"status": "signed", "include_total": "true", "limit": "1"}
    known = {"x-api-key": database.town.keys["secretary"]}
    while time.monotonic() < end:
        answer = httpx.get(
            f"{service.url}/v1/minutes", params=signed, headers=known, verify=NO_TLS, timeout=60
        )
        if answer.json()["total"] >= number:
            return
        time.sleep(0.02)
    raise AssertionError("nobody signs any more")
