"""What is taken away holds no more from the next request on, on every worker."""

from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.conftest import Tell
from tests.faults.conftest import Starter, Stronghold
from tests.faults.counts import only_as_proof
from tests.town import ANY, Json, every, made, shown

ASKERS = 16  # each on a connection of its own, so that each worker has some
TURNS = 10
REFUSED = {"key": 401, "principal": 401, "grant": 403}


@only_as_proof
def test_no_worker_lets_in_whose_right_was_taken_away(
    database: Stronghold, serve: Starter, tell: Tell
) -> None:
    service = serve(database, workers=4)
    administrator = service.client(database.town.keys["administrator"])
    party = str(database.town.bodies["party"])
    for what in [*REFUSED] * TURNS:
        who = made(administrator.post("/v1/principals", json={"name": "Ai", "organization_id": party}))
        grant = {"role": "reader", "organization_id": party}
        made(administrator.post(f"/v1/principals/{who['id']}/grants", json=grant))
        key = made(administrator.post(f"/v1/principals/{who['id']}/keys", json={"label": "khóa"}))
        askers = [service.client(key["key"]) for _ in range(ASKERS)]
        with ThreadPoolExecutor(ASKERS) as pool:
            assert set(pool.map(_asked, askers)) == {200}
            _take_away(administrator, what, who, key)
            assert set(pool.map(_asked, askers)) == {REFUSED[what]}
        for asker in askers:
            asker.close()
    asked = len(REFUSED) * TURNS * ASKERS
    tell(f"{database.name}: {asked} requests on 4 workers, all refused at once")


def _asked(client: httpx.Client) -> int:
    return client.get("/v1/meetings").status_code


def _take_away(administrator: httpx.Client, what: str, who: Json, key: Json) -> None:
    if what == "key":
        shown(administrator.put(f"/v1/keys/{key['id']}/revocation"))
    elif what == "principal":
        change = {"is_active": False}
        shown(administrator.patch(f"/v1/principals/{who['id']}", json=change, headers=ANY))
    else:
        (grant,) = every(administrator, f"/v1/principals/{who['id']}/grants")
        assert administrator.delete(f"/v1/grants/{grant['id']}", headers=ANY).status_code == 204
