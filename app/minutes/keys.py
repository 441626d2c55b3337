"""The keys that sign: the private halves in a folder of files, the public ones in the database for good.

A folder that holds no current key gets one when it is first needed. So several machines may share a folder,
or have one each; and who restores a backup without the folder signs on with a new key.
"""

import logging
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from app.db import one_transaction
from app.errors import Unavailable, Words
from app.minutes.links import SigningKey

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

    from app.work import Work

log = logging.getLogger("app")
FOLDER = "signing_keys"  # the engine's option


def keep_keys_in(engine: Engine, folder: str | None) -> None:
    """Tell everything that works with this database where its keys are."""
    if folder:
        engine.update_execution_options(**{FOLDER: folder})


def folder_of(engine: Engine) -> Path:
    """As it was set; else beside the SQLite file, or below var/."""
    if given := engine.get_execution_options().get(FOLDER):
        return Path(str(given))
    name = engine.url.database or "memory"
    lite = engine.dialect.name == "sqlite"
    return Path(f"{name}.keys") if lite else Path("var") / "keys" / name


def signing_key(db: Session, now: datetime) -> "OKPKey":
    """The key to sign with, made where the folder has none that is current. Raises Unavailable."""
    folder = _folder(db)
    try:
        if found := _current(db, folder):
            return found
        _take_turns(db)
        return _current(db, folder) or _entered(db, folder, now)
    except (OSError, ValueError) as error:
        log.exception("the signing keys cannot be used")
        raise Unavailable(
            Words("Không dùng được khóa ký", "The signing keys cannot be used: see the log")
        ) from error


@one_transaction
def rotate(*, work: "Work") -> str:
    """Retire every key and make another; answers its id. What was signed before verifies as before."""
    _take_turns(work.db)
    current = SigningKey.retired_at.is_(None)
    work.db.execute(update(SigningKey).where(current).values(retired_at=work.now))
    made = _made(_folder(work.db))
    _enter(work.db, made, work.now)
    return str(made.thumbprint())


def _folder(db: Session) -> Path:
    return folder_of(db.get_bind().engine)


def _take_turns(db: Session) -> None:
    """Two that need a key at once make one. SQLite has one writer."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(hashtext('make a signing key'))"))


def _current(db: Session, folder: Path) -> "OKPKey | None":
    """The newest that is not retired and of which the folder has the private half."""
    current = select(SigningKey.id).where(SigningKey.retired_at.is_(None))
    for id in db.scalars(current.order_by(SigningKey.made_at.desc(), SigningKey.id)):
        if (path := folder / f"{id}.pem").exists():
            return _read(path)
    return None


def _entered(db: Session, folder: Path, now: datetime) -> "OKPKey":
    """A key that the database does not know yet: one whose first signing never ended, else a new one."""
    known = set(db.scalars(select(SigningKey.id)))
    left = (path for path in sorted(folder.glob("*.pem")) if path.stem not in known)
    key = next((_read(path) for path in left), None) or _made(folder)
    _enter(db, key, now)
    return key


def _enter(db: Session, key: "OKPKey", now: datetime) -> None:
    db.add(SigningKey(id=key.thumbprint(), public_jwk=public(key), made_at=now, retired_at=None))
    db.flush()


def public(key: "OKPKey") -> dict[str, str]:
    """What may be told of a key: an RFC 8037 JWK and its thumbprint, nothing that is not needed."""
    told = key.as_dict(private=False)
    return {**{name: str(told[name]) for name in ("kty", "crv", "x")}, "kid": str(key.thumbprint())}


def _read(path: Path) -> "OKPKey":
    """Raises ValueError where the file holds another key than its name says."""
    from joserfc.jwk import OKPKey  # noqa: PLC0415  it is slow to load, and few processes sign

    key = OKPKey.import_key(path.read_text())
    if key.thumbprint() != path.stem:
        raise ValueError(f"{path.name} holds another key")
    return key


def _made(folder: Path) -> "OKPKey":
    """A new key, in a file of its owner's alone that is whole once it has its name."""
    from joserfc.jwk import OKPKey  # noqa: PLC0415  it is slow to load, and few processes sign

    key = OKPKey.generate_key("Ed25519")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{key.thumbprint()}.pem"
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.as_pem(private=True))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return key
