"""A piece of work: somebody, some time, one transaction, and a record of what was done."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, TypeVar, cast
from uuid import UUID

from fastapi import Depends, Request, Response
from sqlalchemy import Engine, inspect
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app import references, tags
from app.actor import Actor
from app.audience import Circles, circles_of, may_reach
from app.blockers import blockers
from app.db import Fact, Resource, today, utcnow
from app.errors import Blocked, Fault, Forbidden, NotFound, PreconditionRequired, Stale, Words
from app.events import write_down
from app.idempotency import Claim
from app.reading import Reading, ToTenant
from app.types import plain

R = TypeVar("R", bound=Resource)
F = TypeVar("F", bound=Fact)
N = TypeVar("N", bound=Resource | Fact)
Changes = dict[str, dict[str, Any]]
KEPT_HEADERS = ("ETag", "Location")


class Answer(Response):
    """JSON of our own making; `kept` is what a replay may show of it, where that is less."""

    media_type = "application/json"
    kept: str | None = None


@dataclass
class Work:
    """`db` is the session of the transaction that `one_transaction` opens around the handler."""

    engine: Engine
    actor: Actor
    now: datetime
    request: Request
    db: Session = field(init=False)

    def once(self, call: Callable[[], Response]) -> Response:
        """Do it, or give the answer that the same Idempotency-Key got before."""
        key = self.request.headers.get("idempotency-key")
        if key is None or self.request.method != "POST" or self.actor.principal_id is None:
            return call()
        claim = Claim(self.actor.principal_id, f"POST {self.request.url.path}", key, self._asked(), self.now)
        if earlier := claim.earlier(self.db):
            return Answer(earlier.body, earlier.status, {**earlier.headers, "Idempotency-Replayed": "true"})
        answer = call()
        body = getattr(answer, "kept", None) or bytes(answer.body).decode()
        kept = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
        claim.done(self.db, answer.status_code, body, kept)
        return answer

    def _asked(self) -> Any:
        """What makes it the same request: the body, and what the query says, as that it is a rehearsal."""
        body, query = getattr(self.request.state, "json", None), self.request.url.query
        return [query, body] if query else body

    def named(self, of: Reading[N], id: UUID, at: str | None = None) -> N:
        """The row of that id, if the actor may see it; `at` is the member that names it."""
        return self._found(of, id, at=at)

    def governed(self, of: Reading[R], id: UUID, permission: str, at: str | None = None) -> R:
        """The row of that id, if the actor sees it and has this permission there."""
        return self._found(of, id, permission=permission, at=at)

    def known(self, of: Reading[Any], tenant_id: UUID, /, **named: UUID | None) -> None:
        """All of these ids, by the members that name them, are rows that the actor may see: one statement.

        They are of the tenant in which the work is done: who works in two does not tie one to the other.
        A key that leaves their area out sees none; but bodies and people are a directory, for every caller.
        """
        given = {at: one for at, one in named.items() if one is not None}
        if not given:
            return
        read = f"{of.area}:read"
        statement = of.known(self.actor.breadth(read), self.engine.dialect)
        rows = statement.run(
            self.db, {"ids": list(given.values()), "tenant_id": tenant_id, **self.actor.parameters(read)}
        )
        shows = self.actor.enters(of.area) or isinstance(of.visible, ToTenant)
        found = {one for (one,) in rows if shows}
        missing = [at for at, one in given.items() if one not in found]
        if missing:
            raise NotFound(errors=[_missing(at) for at in missing])

    def sees(self, of: Reading[Any], one: UUID) -> bool:
        """Whether the actor sees the row of that id, as things stand in this transaction."""
        read = f"{of.area}:read"
        found = of.found(self.actor.breadth(read), for_update=False)
        return self.db.execute(found, {"id": one, **self.actor.parameters(read)}).first() is not None

    def need(self, permission: str) -> None:
        """For what is read or changed beside the noun itself: the caller's key may have been narrowed."""
        if not self.actor.allows(permission):
            raise Forbidden.without(permission)

    def may(self, permission: str, bodies: Collection[UUID]) -> bool:
        """Whether the actor has this permission in any of these bodies."""
        return may_reach(self.db, bodies, self.actor.circles(permission))

    def taken(self, of: Reading[R], id: UUID, at: str | None = None) -> R:
        """The row of that id, if the actor may see it; nobody else changes it until this transaction ends."""
        return self._found(of, id, for_update=True, at=at)

    def locked(self, of: Reading[R], id: UUID, permission: str) -> R:
        """The same, if the actor has this permission there."""
        return self._found(of, id, permission=permission, for_update=True)

    def unchanged(self, of: Reading[R], id: UUID, permission: str | None = None) -> R:
        """The same, if the caller has seen it in its present state (If-Match)."""
        row = self.locked(of, id, permission or f"{of.area}:write")
        self.compare(row)
        return row

    def compare(self, row: Resource) -> None:
        """Raises unless the caller has seen the row in its present state (If-Match)."""
        wanted = self.request.headers.get("if-match")
        if wanted is None:
            raise PreconditionRequired
        if not tags.has_version(wanted, row.version):
            raise Stale(headers={"ETag": f'"{row.version}"'}, current_version=row.version)

    def created(self, of: Reading[R], row: R, **more: Any) -> Response:
        """Store it, record it, answer 201 with what the next GET shows."""
        self.add(row, **more)
        return self.shown(of, row, 201)

    def add_all(self, rows: Sequence[Resource]) -> None:
        """Store several rows of one noun at once, each with its event."""
        for row in rows:
            row.created_at = row.updated_at = self.now
        self.db.add_all(rows)
        self.db.flush()
        for row in rows:
            self._add(row, {})

    def add(self, row: Resource, **more: Any) -> None:
        """Store a row and record it, without an answer of its own."""
        row.created_at = row.updated_at = self.now
        self.db.add(row)
        self.db.flush()
        self._add(row, more)

    def _add(self, row: Resource, more: Mapping[str, Any]) -> None:
        if row.external_refs:
            references.add(self.db, row)
        changes = {**_all(row, "new"), **{name: {"new": value} for name, value in more.items()}}
        self._write_down("created", row, changes, row.settle(self.db, anew=True))
        row.entail(self.db, changes, on=None, gone=False)

    def changed(self, of: Reading[R], row: R, **values: Any) -> Response:
        """Set these values; where that changes anything, a new version and an event."""
        self.change(row, "updated", **values)
        return self.shown(of, row)

    def change(
        self,
        row: Resource,
        verb: str,
        more: Changes | None = None,
        *,
        told: bool = False,
        on: date | None = None,
        **values: Any,
    ) -> None:
        """The same, under an event of another name.

        `more` are changes that stand beside the row; `told` says that a fact goes with it, which is an
        event also where no member changes; `on` is the day from which it holds.
        """
        left = row.governing_id
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
        changes = {**_altered(row), **(more or {})}
        if not changes and told:  # said again: what was said is the same, old and new
            changes = {name: {"old": plain(value), "new": plain(value)} for name, value in values.items()}
        if not changes:
            return
        row.updated_at = self.now
        flag_modified(row, "updated_at")
        self.db.flush()
        if "external_refs" in changes:
            references.keep(self.db, row)
        moves = row.AUDIENCE_FOLLOWS & changes.keys()
        seen_before = row.settle(self.db, anew=False) if moves else {}
        self._write_down(verb, row, changes, seen_before, left)
        row.entail(self.db, changes, on=on, gone=False)

    def told(self, of: Reading[F], fact: F, about: Resource) -> Response:
        """Store a fact; answer 201 with it, and with the new tag of what it is about."""
        fact.recorded_at, fact.recorded_by = self.now, self.actor.name
        self.db.add(fact)
        answer = self.shown(of, fact, CREATED)
        answer.headers["ETag"] = f'"{about.version}"'
        return answer

    def remove(self, row: Resource) -> None:
        """Delete it, unless something stands on it; what was there stays in the journal."""
        if found := blockers(self.db, row):
            raise Blocked(blockers=found)
        seen_before, gone = circles_of(self.db, row.seen_by), _all(row, "old")
        if row.external_refs:
            references.forget(self.db, row)
        self.db.delete(row)
        self.db.flush()
        row.unsettle(self.db)
        self._write_down("deleted", row, gone, seen_before)
        row.entail(self.db, gone, on=None, gone=True)

    def _write_down(
        self, verb: str, row: Resource, changes: Changes, seen_before: Circles, left: UUID | None = None
    ) -> None:
        """The one event of a change, for all who see its subject now or saw it before."""
        event = {
            "at": self.now,
            "actor_id": self.actor.principal_id,
            "actor": self.actor.name,
            "noun": row.noun,
            "name": f"{row.noun}.{verb}",
            "subject_id": row.id,
            "version": row.version,
            "organization_id": row.governing_id,
            "left_organization_id": left if left != row.governing_id else None,
            "changes": changes,
            "request_id": getattr(self.request.state, "request_id", None),
        }
        write_down(self.db, event, row.seen_by, seen_before)

    def shown(self, of: Reading[N], row: N, status: int = 200, **more: Any) -> Response:
        """The row as every GET shows it: by the same expressions, inside this transaction.

        `more` binds what the expressions ask for besides.
        """
        self.db.flush()
        permission = f"{of.area}:write"
        known = {"id": row.id, "today": today(), **more, **self.actor.parameters(permission)}
        ((text,),) = of.shown(self.actor.breadth(permission), self.engine.dialect).run(self.db, known)
        body = text.encode()
        tag = tags.of_row(getattr(row, "version", 1), body, only_its_row=not of.is_more_than_its_row)
        headers = {"ETag": tag, "Cache-Control": tags.PRIVATE}
        if status == CREATED:
            headers["Location"] = f"{of.path}/{row.id}"
        return Answer(body, status, headers)

    def _found(
        self,
        of: Reading[N],
        id: UUID,
        *,
        permission: str | None = None,
        for_update: bool = False,
        at: str | None = None,
    ) -> N:
        needed = permission or f"{of.area}:read"
        statement = of.found(self.actor.breadth(needed), for_update=for_update)
        found = self.db.execute(statement, {"id": id, **self.actor.parameters(needed)}).first()
        if found is None:
            raise NotFound(errors=[_missing(at)] if at else [])
        if for_update:
            self.now = utcnow()  # it may have waited for another change of the row
        row, is_theirs = found
        if permission and not is_theirs:
            raise Forbidden
        return cast("N", row)


CREATED = 201


def _missing(at: str) -> Fault:
    words = Words("Không có đối tượng này", "There is no such resource")
    return Fault("body", f"#/{at}", "not-found", words)


def _is_told(row: Resource, name: str) -> bool:
    return name not in row.INTERNAL and name not in ("tenant_id", "version", "created_at", "updated_at")


def _told(row: Resource, name: str, value: Any) -> Any:
    return "(private)" if name in row.PRIVATE and value is not None else plain(value)


def _all(row: Resource, which: str) -> Changes:
    """Every member of a row that came or went."""
    names = (c.key for c in inspect(type(row)).columns if c.computed is None and _is_told(row, c.key))
    return {name: {which: _told(row, name, getattr(row, name))} for name in names}


def _altered(row: Resource) -> Changes:
    """The members that were given another value, with both."""
    found: Changes = {}
    for attribute in inspect(row).attrs:
        history = attribute.history
        if not history.has_changes() or not _is_told(row, attribute.key):
            continue
        old = history.deleted[0] if history.deleted else None
        found[attribute.key] = {
            "old": _told(row, attribute.key, old),
            "new": _told(row, attribute.key, history.added[0] if history.added else None),
        }
    return found


async def work(request: Request) -> Work:
    return Work(request.app.state.engine, request.state.actor, utcnow(), request)


Doing = Annotated[Work, Depends(work)]


def at_the_desk(engine: Engine, actor: Actor) -> Work:
    """A piece of work that no request asked for: a command's."""
    scope = {"type": "http", "method": "", "path": "", "headers": [], "query_string": b"", "state": {}}
    return Work(engine, actor, utcnow(), Request(scope))
