"""Anyone can verify signed minutes offline: no change goes unseen, in a byte, in the chain or in the keys."""

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jwk import OKPKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import SYSTEM
from app.db import new_id, one_transaction
from app.minutes import keys, verify
from app.minutes.chaining import add_link, canonical, link_of, signature
from app.minutes.links import MinutesLink, SigningKey
from app.minutes.proof import Proof, PublicKey, SignedLink
from app.minutes.proving import proof
from app.work import Work, at_the_desk
from tests.conftest import PROOF, Service
from tests.test_collecting import collected
from tests.town import a_meeting, made

pytestmark = pytest.mark.in_turn

CHANGES = 1_000
Json = dict[str, Any]


class Host:
    """A body that signs, and what it hands out."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.contents: list[bytes] = []
        secretary = service.as_("secretary")
        self.id = service.town.bodies["party"]
        meeting = a_meeting(secretary, self.id, title="Giao ban “quý III” \u2028 😀")
        path = f"/v1/meetings/{meeting['id']}/directives"
        for n in range(4):
            made(secretary.post(path, json={"text": f"Rà soát nhiệm vụ số {n}, báo cáo trước ngày 15"}))
            self.sign(collected(service, meeting))

    def sign(self, record: Any) -> None:
        document = record.document.model_copy(update={"id": new_id(), "version": 1})
        self._sign(
            record.model_copy(update={"document": document}), work=at_the_desk(self.service.engine, SYSTEM)
        )

    @one_transaction
    def _sign(self, record: Any, *, work: Work) -> None:
        content = canonical(record)
        add_link(work, self.id, document_id=record.document.id, kind="minutes", version=1, content=content)
        self.contents.append(content)

    def rotate(self) -> None:
        keys.rotate(work=at_the_desk(self.service.engine, SYSTEM))

    def proof(self, position: int = 4, since: int = 1) -> bytes:
        with Session(self.service.engine) as db:
            rows = db.scalars(
                select(MinutesLink).where(MinutesLink.host_id == self.id).order_by(MinutesLink.position)
            )
            links = [SignedLink(link=link_of(one), jws=one.jws) for one in rows]
            public = [PublicKey.model_validate(one.public_jwk) for one in db.scalars(select(SigningKey))]
        return proof(self.contents[position - 1], links[since - 1 : position], public)

    def key_set(self) -> Json:
        with Session(self.service.engine) as db:
            return {"keys": [one.public_jwk for one in db.scalars(select(SigningKey))]}


@pytest.fixture(scope="module")
def host(service: Service) -> Host:
    return Host(service)


@pytest.fixture(scope="module")
def whole(host: Host) -> bytes:
    return host.proof()


def refused(content: bytes, **known: Any) -> str:
    with pytest.raises(verify.Refused) as told:
        verify.verify(content, **known)
    return str(told.value)


def altered(content: bytes, change: Any) -> bytes:
    """The proof after a change that knows its form, and writes it down as it must be written."""
    found = json.loads(content)
    change(found)
    return rfc8785.dumps(found)


def test_a_proof_is_verified_and_is_of_the_form_that_is_published(host: Host, whole: bytes) -> None:
    links = verify.verify(whole, host.key_set())
    assert [one["position"] for one in links] == [1, 2, 3, 4]
    told = Proof.model_validate_json(whole)
    assert canonical(told) == whole
    assert links[-1]["sha256"] == verify.sha256(canonical(told.record))
    for position in range(1, 5):
        assert verify.verify(host.proof(position))[-1]["position"] == position


def test_of_a_thousand_changes_of_one_byte_each_is_caught(host: Host, whole: bytes) -> None:
    chance = random.Random(20251126)
    older = host.proof(2)
    caught = 0
    for n in range(CHANGES):
        at, by = chance.randrange(len(whole)), chance.randrange(1, 256)
        changed = whole[:at] + bytes([whole[at] ^ by]) + whole[at + 1 :]
        with pytest.raises(verify.Refused):
            verify.verify(changed, against=older if n % 2 else None)
        caught += 1
    assert caught == CHANGES
    for at in chance.sample(range(len(whole)), 50):
        refused(whole[:at] + whole[at + 1 :])
        refused(whole[:at] + b" " + whole[at:])


def test_an_edit_that_hashes_what_it_edited_is_caught_by_the_signature(whole: bytes) -> None:
    def edited(found: Json) -> None:
        found["record"]["directives"][0]["text"] = "Không phải báo cáo"
        found["chain"][-1]["link"]["sha256"] = verify.sha256(rfc8785.dumps(found["record"]))

    assert refused(altered(whole, edited)) == "Link 4 was changed after it was signed."


def test_a_record_of_another_version_is_caught(host: Host, whole: bytes) -> None:
    other = json.loads(host.proof(2))["record"]
    assert "not the one that was signed" in refused(altered(whole, lambda found: found.update(record=other)))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda chain: chain.insert(1, chain.pop(2)), "does not come after"),
        (lambda chain: chain.pop(1), "Link 3 does not come after 1."),
        (lambda chain: chain.pop(0), "The chain begins at link 2"),
        (lambda chain: chain.pop(), "not the one that was signed"),
        (lambda chain: chain.insert(1, chain[1]), "does not come after"),
        (lambda chain: chain[1].update(jws=chain[2]["jws"]), "Link 2 was changed"),
        (lambda chain: chain[1]["link"].update(position=3), "Link 3 was changed"),
        (lambda chain: chain[1]["link"].update(note="x"), "is not a link"),
        (lambda chain: chain.clear(), "It"),
    ],
    ids=[
        "swapped",
        "one left out",
        "the first left out",
        "the last left out",
        "one twice",
        "another's signature",
        "moved",
        "more said",
        "none",
    ],
)
def test_a_chain_that_is_not_what_was_signed_is_caught(whole: bytes, change: Any, why: str) -> None:
    assert why in refused(altered(whole, lambda found: change(found["chain"])))


def forged(content: bytes, change: Any) -> bytes:
    """What somebody hands out who has the service's place: all signed anew, with a key of their own."""
    key, found = OKPKey.generate_key("Ed25519"), json.loads(content)
    change(found)
    before = None
    found["chain"][-1]["link"]["sha256"] = verify.sha256(rfc8785.dumps(found["record"]))
    for entry in found["chain"]:
        entry["link"] |= {"key_id": key.thumbprint(), "previous_sha256": before}
        payload = rfc8785.dumps(entry["link"])
        entry["jws"], before = signature(payload, key), verify.sha256(payload)
    found["keys"] = [keys.public(key)]
    return rfc8785.dumps(found)


def rewritten(found: Json) -> None:
    found["record"]["directives"].pop()


def test_who_signs_it_all_anew_is_caught_by_the_keys_that_are_known(host: Host, whole: bytes) -> None:
    content = forged(whole, rewritten)
    verify.verify(content)  # nothing in it contradicts itself
    assert "is not in the key set" in refused(content, keys=host.key_set())


def test_who_signs_it_all_anew_is_caught_by_a_link_kept_elsewhere(host: Host, whole: bytes) -> None:
    content = forged(whole, rewritten)
    for position in range(1, 5):
        assert refused(content, against=host.proof(position)) == "Link 1 is not the one that was kept."
    assert "is not the one that was kept" in refused(whole, against=content)


def test_part_of_a_chain_is_verified_with_a_proof_that_holds_its_beginning(host: Host, whole: bytes) -> None:
    late = host.proof(since=3)
    assert "begins at link 3" in refused(late)
    assert len(verify.verify(late, against=host.proof(3))) == 2
    assert len(verify.verify(late, against=whole)) == 2
    assert "no link in common" in refused(late, against=host.proof(2))


def test_a_chain_that_was_cut_short_is_caught_by_what_was_kept_of_it(host: Host, whole: bytes) -> None:
    cut = altered(whole, lambda found: found["chain"].__delitem__(slice(0, 2)))
    assert "begins at link 3" in refused(cut)
    assert "no link in common" in refused(cut, against=host.proof(2))


def test_after_a_rotation_old_and_new_links_are_verified(host: Host, whole: bytes) -> None:
    host.rotate()
    record = Proof.model_validate_json(whole).record
    host.sign(record)
    newest = host.proof(len(host.contents))
    links = verify.verify(newest, host.key_set(), whole)
    assert len({one["key_id"] for one in links}) == 2
    assert len(json.loads(newest)["keys"]) == 2
    verify.verify(whole, host.key_set(), newest)
    assert len(json.loads(host.proof())["keys"]) == 1


def test_keys_that_are_not_what_they_say_or_signed_nothing_are_caught(host: Host, whole: bytes) -> None:
    other = keys.public(OKPKey.generate_key("Ed25519"))
    extra = lambda found: found.update(keys=sorted([*found["keys"], other], key=lambda one: one["kid"]))  # noqa: E731
    assert "signed nothing" in refused(altered(whole, extra))
    assert "named after" in refused(altered(whole, lambda found: found["keys"][0].update(x=other["x"])))
    assert "each there once" in refused(altered(whole, lambda found: found["keys"].append(found["keys"][0])))


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"null", b"\xff", b"NaN", b"1e3", b'{"a":1,"a":1}', b'"\\ud800"', b"[" * 5_000, b"9" * 5_000,
     b'{"chain":[],"form":"minutes-proof/1","keys":[],"record":{}}', b'{"chain":{},"form":"minutes-proof/1","keys":{},"record":[]}',
     b'{"chain":[1],"form":"minutes-proof/1","keys":["a"],"record":{}}'],
    ids=range(14),
)  # fmt: skip
def test_what_is_no_proof_is_refused_in_words(content: bytes) -> None:
    assert refused(content)


Text = st.text(st.characters(exclude_categories=["Cs"]))
Value = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | Text,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(Text, inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=500 * PROOF or 50, deadline=None)
@given(Value)
def test_the_script_writes_json_down_as_the_library_does(value: Any) -> None:
    assert verify.canonical(value) == rfc8785.dumps(value)
    assert verify.read(rfc8785.dumps(value), "It") == value


def test_the_script_runs_alone(host: Host, whole: bytes, tmp_path: Path) -> None:
    script, file = tmp_path / "verify.py", tmp_path / "proof.json"
    script.write_bytes(Path(verify.__file__).read_bytes())
    file.write_bytes(whole)
    (tmp_path / "older.json").write_bytes(host.proof(1))
    (tmp_path / "keys.json").write_text(json.dumps(host.key_set()))

    def run(*given: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-I", script.name, *given],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    code, said = run("proof.json")
    assert (code, said.splitlines()[0]) == (0, "VERIFIED")
    assert verify.sha256(host.contents[3]) in said
    assert run("proof.json", "--keys", "keys.json", "--against", "older.json")[0] == 0
    file.write_bytes(whole.replace(b"15", b"16", 1))
    assert run("proof.json")[0] == 1
    assert run("nowhere.json")[0] == 2
    assert "Traceback" not in run("nowhere.json")[1] + run("proof.json", "--keys", "verify.py")[1]
