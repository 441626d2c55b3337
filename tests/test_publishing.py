"""What it takes to verify signed minutes is there for anyone: keys, forms, the script, and commands."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from app.actor import SYSTEM
from app.minutes import keys, verify
from app.minutes.chaining import canonical
from app.minutes.publishing import FORMS, schema
from app.work import at_the_desk
from tests.conftest import ROOT, Service
from tests.test_collecting import collected
from tests.test_commands import Desk
from tests.test_commands import desk as desk  # noqa: PLC0414  a fixture
from tests.test_verifying import Host
from tests.town import a_meeting, shown

pytestmark = pytest.mark.in_turn

SNAPSHOTS = Path(__file__).parent / "contract" / "forms"
NOT_THE_FORM = {"description", "title", "$id"}


@pytest.fixture(scope="module")
def host(service: Service) -> Host:
    return Host(service)


@pytest.fixture(scope="module")
def anyone(service: Service) -> httpx.Client:
    return service.client()


# -- the keys


def test_every_key_that_ever_signed_is_published_and_no_private_half(
    service: Service, host: Host, anyone: httpx.Client
) -> None:
    answer = anyone.get("/.well-known/minutes-keys.json")
    assert answer.headers["content-type"] == "application/jwk-set+json"
    first = shown(answer)["keys"]
    verify.verify(host.proof(), shown(answer))
    new = keys.rotate(work=at_the_desk(service.engine, SYSTEM))
    after = shown(anyone.get("/.well-known/minutes-keys.json"))["keys"]
    assert [one["kid"] for one in after] == [*(one["kid"] for one in first), new]
    assert {tuple(sorted(one)) for one in after} == {("alg", "crv", "kid", "kty", "use", "x")}
    verify.verify(host.proof(), {"keys": after})


@pytest.mark.parametrize(
    "path", ["/.well-known/minutes-keys.json", "/.well-known/minutes-verify.py", "/schemas/minutes-record/1"]
)
def test_what_is_published_may_be_kept_and_is_not_sent_twice(anyone: httpx.Client, path: str) -> None:
    answer = anyone.get(path)
    assert answer.headers["cache-control"].startswith("public, max-age=")
    assert anyone.get(path, headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    assert anyone.head(path).status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_service_that_never_signed_has_no_keys_yet(desk: Desk) -> None:
    said = desk.run("new-signing-key")
    assert said.returncode == 0
    (file,) = Path(f"{desk.database}.keys").iterdir()
    assert said.stdout.strip() == file.stem
    assert "PRIVATE" not in said.stdout + said.stderr


def test_a_backup_holds_no_private_key(desk: Desk, tmp_path: Path) -> None:
    assert desk.run("new-signing-key").returncode == 0
    assert desk.run("backup", str(tmp_path / "kept")).returncode == 0
    (file,) = Path(f"{desk.database}.keys").iterdir()
    secret = file.read_text().splitlines()[1].encode()
    assert secret not in (tmp_path / "kept").read_bytes()


# -- the forms


@pytest.mark.parametrize("name", FORMS)
def test_a_form_changes_only_with_its_number(name: str) -> None:
    """What was recorded is read for ever: a change is a form of the next number, beside this one.

    To publish a form of a new number, commit `schema(name)` under the file's name.
    """
    file = SNAPSHOTS / f"{name.replace('/', '-')}.json"
    assert file.exists(), f"commit {json.dumps(schema(name), ensure_ascii=False)}"
    assert structure(schema(name)) == structure(json.loads(file.read_text()))


def structure(said: Any) -> Any:
    """All but the words, which may be mended."""
    if isinstance(said, list):
        return [structure(one) for one in said]
    if not isinstance(said, dict):
        return said
    return {
        name: {member: structure(one) for member, one in value.items()}
        if name == "properties"
        else structure(value)
        for name, value in said.items()
        if name not in NOT_THE_FORM
    }


def test_words_may_be_mended_and_members_may_not() -> None:
    one = {"title": "A", "properties": {"title": {"type": "string", "description": "A"}}}
    assert structure(one) == structure({**one, "title": "B"})
    assert structure(one) != structure({"properties": {}})


def test_forms_are_published_under_their_names(anyone: httpx.Client) -> None:
    for name in FORMS:
        answer = anyone.get(f"/schemas/{name}")
        assert answer.headers["content-type"] == "application/schema+json"
        assert shown(answer)["$id"] == f"/schemas/{name}"
    for path in ("/schemas/minutes-record/2", "/schemas/nothing/1", "/schemas/minutes-record/%00"):
        assert anyone.get(path).status_code in {400, 404}


def test_what_is_recorded_is_of_the_published_form(
    service: Service, host: Host, anyone: httpx.Client
) -> None:
    meeting = a_meeting(service.as_("secretary"), host.id)
    record = json.loads(canonical(collected(service, meeting)))
    known = shown(anyone.get("/schemas/minutes-record/1"))
    check = jsonschema.Draft202012Validator(known, format_checker=jsonschema.FormatChecker())
    check.validate(record)
    assert list(check.iter_errors({**record, "more": 1}))
    assert list(check.iter_errors({name: value for name, value in record.items() if name != "agenda_items"}))
    whole = shown(anyone.get("/schemas/minutes-proof/1"))
    jsonschema.Draft202012Validator(whole).validate(json.loads(host.proof()))


# -- the script and the command


def test_the_published_script_verifies_what_the_command_does(
    host: Host, anyone: httpx.Client, desk: Desk, tmp_path: Path
) -> None:
    script, file = tmp_path / "verify.py", tmp_path / "proof.json"
    script.write_bytes(anyone.get("/.well-known/minutes-verify.py").content)
    file.write_bytes(host.proof())
    (tmp_path / "keys.json").write_bytes(anyone.get("/.well-known/minutes-keys.json").content)
    given = [str(file), "--keys", str(tmp_path / "keys.json"), "--against", str(file)]
    command = [sys.executable, "-I", str(script), *given]
    alone = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    here = desk.run("verify", *given)
    assert (alone.returncode, here.returncode) == (0, 0), alone
    assert alone.stdout == here.stdout
    assert alone.stdout.startswith("VERIFIED")
    file.write_bytes(host.proof() + b"\n")
    assert "NOT VERIFIED" in desk.refused("verify", str(file))
    assert not desk.database.exists()
    by_address = desk.run("verify", *given[:1], "--keys", f"{host.service.url}/.well-known/minutes-keys.json")
    assert by_address.returncode == 1  # the file is still the wrong one, and the keys were fetched
    assert (ROOT / "app" / "minutes" / "verify.py").read_bytes() == script.read_bytes()
