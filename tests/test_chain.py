"""What a body signs becomes one chain, signed by keys that stay known for ever."""

import json
import stat
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.actor import SYSTEM
from app.db import new_id, one_transaction, utcnow
from app.errors import Conflict
from app.minutes import keys
from app.minutes.chaining import add_link, canonical, digest, link_of
from app.minutes.links import MinutesChain, MinutesLink, SigningKey
from app.work import Work, at_the_desk
from tests.conftest import Service


@one_transaction
def _signed(host: UUID, content: bytes, *, work: Work) -> MinutesLink:
    return add_link(work, host, document_id=new_id(), kind="minutes", version=1, content=content)


def signed(service: Service, host: UUID, content: bytes = b"{}") -> MinutesLink:
    """A link for this content, in a transaction of its own."""
    return _signed(host, content, work=at_the_desk(service.engine, SYSTEM))


def chain(service: Service, host: UUID) -> list[MinutesLink]:
    with Session(service.engine) as db:
        rows = select(MinutesLink).where(MinutesLink.host_id == host).order_by(MinutesLink.position)
        return list(db.scalars(rows))


@pytest.fixture
def party(service: Service) -> Any:
    return service.town.bodies["party"]


def test_each_body_has_a_chain_of_its_own_and_each_link_names_the_one_before(service: Service) -> None:
    for _ in range(3):
        signed(service, service.town.bodies["front"], b'{"a":1}')
        signed(service, service.town.bodies["committee"])
    for host, content in (("front", b'{"a":1}'), ("committee", b"{}")):
        links = [link_of(one) for one in chain(service, service.town.bodies[host])]
        assert [one.position for one in links] == [1, 2, 3]
        assert [one.previous_sha256 for one in links] == [None, *(digest(one) for one in links[:-1])]
        assert {one.sha256 for one in links} == {sha256(content).hexdigest()}


def test_a_link_is_signed_whole(service: Service, party: UUID) -> None:
    made = signed(service, party)
    link = link_of(made)
    payload = canonical(link)
    assert json.loads(payload)["form"] == "minutes-link/1"
    with Session(service.engine) as db:
        public = db.get_one(SigningKey, made.key_id).public_jwk
    assert set(public) == {"kty", "crv", "x", "kid"}
    key = OKPKey.import_key(public)
    assert key.thumbprint() == public["kid"] == made.key_id == link.key_id
    attached = made.jws.replace("..", f".{urlsafe_b64encode(payload).decode().rstrip('=')}.")
    assert jws.deserialize_compact(attached, key, ["Ed25519"]).payload == payload


def test_those_who_sign_at_once_make_one_chain(service: Service) -> None:
    host = service.town.bodies["office"]
    with ThreadPoolExecutor(8) as at_once:
        list(at_once.map(lambda n: signed(service, host, b"%d" % n), range(16)))
    links = [link_of(one) for one in chain(service, host)]
    assert [one.position for one in links] == list(range(1, 17))
    assert [one.previous_sha256 for one in links[1:]] == [digest(one) for one in links[:-1]]
    assert [one.signed_at for one in links] == sorted(one.signed_at for one in links)


def test_what_is_not_kept_leaves_no_gap(service: Service, party: UUID) -> None:
    before = signed(service, party).position

    @one_transaction
    def given_up(*, work: Work) -> None:
        add_link(work, party, document_id=new_id(), kind="minutes", version=1, content=b"")
        raise Conflict

    with pytest.raises(Conflict):
        given_up(work=at_the_desk(service.engine, SYSTEM))
    assert signed(service, party).position == before + 1


def test_no_statement_changes_or_deletes_a_link(service: Service, party: UUID) -> None:
    made = signed(service, party)
    this = MinutesLink.id == made.id
    values = {column.name: getattr(made, column.key) for column in MinutesLink.__table__.c}
    statements: list[Any] = [
        update(MinutesLink).where(this).values(sha256="0" * 64),
        delete(MinutesLink).where(this),
    ]
    if service.database == "sqlite":
        statements.append(
            insert(MinutesLink).prefix_with("OR REPLACE").values({**values, "sha256": "0" * 64})
        )
    else:
        statements.append(text("TRUNCATE minutes_links"))
    for statement in statements:
        with (
            pytest.raises(DatabaseError, match="never changed or deleted"),
            service.engine.begin() as connection,
        ):
            connection.execute(statement)
    assert chain(service, party)[-1].sha256 == made.sha256


def test_a_chain_that_lost_its_last_link_is_not_continued(service: Service) -> None:
    host = service.town.bodies["neighbour"]
    with service.engine.begin() as connection:
        connection.execute(insert(MinutesChain).values(host_id=host, length=4))
    with pytest.raises(Conflict, match="Link 4"):
        signed(service, host)


# -- keys


def test_private_keys_are_files_of_their_owners_alone_and_in_no_table(service: Service, party: UUID) -> None:
    key_id = signed(service, party).key_id
    folder = keys.folder_of(service.engine)
    file = folder / f"{key_id}.pem"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    private = OKPKey.import_key(file.read_text()).as_dict(private=True)
    with Session(service.engine) as db:
        told = json.dumps([one.public_jwk for one in db.scalars(select(SigningKey))])
    assert str(private["x"]) in told
    assert str(private["d"]) not in told


def test_a_retired_key_signs_no_more_and_stays_known(service: Service, party: UUID) -> None:
    old = signed(service, party).key_id
    new = keys.rotate(work=at_the_desk(service.engine, SYSTEM))
    assert signed(service, party).key_id == new != old
    with Session(service.engine) as db:
        assert db.get_one(SigningKey, old).retired_at is not None
        assert db.get_one(SigningKey, new).retired_at is None


def test_a_machine_without_the_key_makes_one_of_its_own(service: Service, party: UUID, tmp_path: Any) -> None:
    here = signed(service, party).key_id
    known = service.engine.get_execution_options()
    try:
        keys.keep_keys_in(service.engine, str(tmp_path / "others"))
        there = signed(service, party).key_id
        assert [one.stem for one in (tmp_path / "others").iterdir()] == [there]
    finally:
        service.engine.update_execution_options(signing_keys=known.get("signing_keys"))
    assert there != here == signed(service, party).key_id


def test_a_key_whose_first_signing_was_given_up_is_not_lost(
    service: Service, party: UUID, tmp_path: Any
) -> None:
    known = service.engine.get_execution_options()
    try:
        keys.keep_keys_in(service.engine, str(tmp_path))
        with Session(service.engine) as db:
            made = keys.signing_key(db, utcnow()).thumbprint()
        assert signed(service, party).key_id == made
    finally:
        service.engine.update_execution_options(signing_keys=known.get("signing_keys"))
