"""The way of a GET: who asks, has it changed, one statement, and its bytes go out as they are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response

from app import paging, reading, tags
from app.actor import Actor, Breadth
from app.db import today
from app.errors import Forbidden, NotFound, Problem, Unauthorized
from app.lanes import Lane, Rows
from app.paging import PageQuery
from app.prepared import Statement
from app.reading import Reading
from app.text import words


@dataclass(frozen=True)
class Reader:
    """One caller's look at the data."""

    lane: Lane
    actor: Actor
    request: Request

    async def one(
        self,
        of: Reading[Any],
        id: UUID,
        include: Collection[str] = (),
        as_of: date | None = None,
    ) -> Response:
        """The resource of that id, or 404; 304 where the caller already has it."""
        breadth = self.actor.breadth(f"{of.area}:write")
        statement = reading.one(of, frozenset(include), breadth, self.lane.dialect)
        only_its_row = not include and not of.is_more_than_its_row
        given = {"id": id, "today": as_of or today()}
        heavy = not of.long.isdisjoint(include)
        return await self.found(of, statement, only_its_row=only_its_row, heavy=heavy, **given)

    async def found(
        self,
        of: Reading[Any],
        statement: Statement,
        *,
        only_its_row: bool = False,
        heavy: bool = False,
        **given: Any,
    ) -> Response:
        """The same for a statement that finds the resource otherwise than by its id."""
        rows = await self.fetch(statement, given, f"{of.area}:write", heavy=heavy)
        if not rows:
            raise NotFound
        body, version, _ = rows[0]
        tag = tags.of_row(version, body, only_its_row=only_its_row)
        return self.unchanged(tag) or answer(body, tag)

    async def only(self, of: Reading[Any], **named: Any) -> Response:
        """The resource of which these members have these values, or 404."""
        permission = f"{of.area}:write"
        breadth = self.actor.breadth(permission)
        statement = reading.only(of, frozenset(named), breadth, self.lane.dialect)
        return await self.found(of, statement, only_its_row=not of.is_more_than_its_row, **named)

    async def page(
        self, of: Reading[Any], wanted: PageQuery, *, inside: Reading[Any] | None = None, **fixed: Any
    ) -> Response:
        """A page of the list; with `inside`, of what one row of another noun contains (404 without it)."""
        permission = f"{of.area}:write"
        breadth = self.actor.breadth(permission)
        asked = wanted.model_dump(
            exclude={"limit", "cursor", "sort", "include", "include_total"}, exclude_defaults=True
        )
        asked |= fixed
        day = asked.pop("as_of", None) if "as_of" not in of.filters else None
        sort, include = wanted.sort, frozenset(getattr(wanted, "include", ()))
        question = paging.question(of.path, sort, asked, day)
        cursor = wanted.cursor
        after = paging.position(cursor, question, of.order(sort)) if cursor is not None else {}
        shape = frozenset((n, n == "q" or (isinstance(v, list) and len(v) > 1)) for n, v in asked.items())
        given = {name: _value(name, value) for name, value in asked.items()}
        statement = reading.page(of, shape, sort, include, breadth, self.lane.dialect, onward=bool(after))
        about = (asked, sort, wanted.cursor, wanted.limit, wanted.include_total, day)
        tag = "" if of.has_bookkeeping else await self.list_tag(statement, about)
        if tag and (same := self.unchanged(tag)):
            if inside is not None:
                await self._inside(inside, next(iter(fixed.values())))
            return same
        given |= {**after, "limit": wanted.limit + 1, "today": day or today()}
        rows = await self.fetch(statement, given, permission, heavy="q" in asked)
        if not rows and inside is not None:
            await self._inside(inside, next(iter(fixed.values())))
        total = await self._total(of, shape, breadth, given, permission) if wanted.include_total else "null"
        shown = rows[: wanted.limit]
        onward = paging.cursor(question, shown[-1][1]) if len(rows) > wanted.limit else None
        end = f'],"next_cursor":{_quoted(onward)},"total":{total}}}'
        body = b"".join([b'{"items":[', b",".join([row[0] for row in shown]), end.encode()])
        link = {"Link": paging.next_link(self.request, onward)} if onward else {}
        return answer(body, tag, **link)

    def need(self, permission: str) -> None:
        """For what is shown beside the noun itself: the caller's key may have been narrowed, or be none."""
        if not self.actor.allows(permission):
            raise self.without(permission)

    def without(self, permission: str) -> Problem:
        """What a caller is told who lacks it: to show a credential, who has none."""
        if self.actor.principal_id is None:
            return Unauthorized(headers={"WWW-Authenticate": Unauthorized.CHALLENGE})
        return Forbidden.without(permission)

    async def fetch(self, statement: Statement, given: dict[str, Any], permission: str, **how: bool) -> Rows:
        """The rows of a statement, with the caller's scope bound in; `heavy` and `anew` as of a lane."""
        known = {"today": today(), **given, **self.actor.parameters(permission)}
        return await self.lane.fetch(statement.sql, statement.values(known), **how)

    async def list_tag(self, statement: Statement, question: object) -> str:
        """Taken before the rows: it may be too old for them, never too new."""
        head = reading.head(len(self.actor.sees), self.lane.dialect)
        (heads,) = await self.fetch(head, {}, "")
        day = today() if statement.daily else None
        heads = (await self.lane.life(), *heads)
        return tags.of_list(heads, (statement.mark, question, self.actor.fingerprint, day))

    def unchanged(self, tag: str) -> Response | None:
        """304, where the caller has this already."""
        if not tags.same(self.request.headers.get("if-none-match"), tag):
            return None
        return Response(status_code=304, headers={"ETag": tag, "Cache-Control": tags.PRIVATE})

    async def _inside(self, of: Reading[Any], id: UUID) -> None:
        """An empty list inside what is not there is a 404."""
        permission = f"{of.area}:write"
        statement = reading.one(of, frozenset(), self.actor.breadth(permission), self.lane.dialect)
        if not await self.fetch(statement, {"id": id}, permission):
            raise NotFound

    async def _total(
        self, of: Reading[Any], shape: reading.Asked, breadth: Breadth, given: dict[str, Any], permission: str
    ) -> str:
        statement = reading.total(of, shape, breadth, self.lane.dialect)
        ((number,),) = await self.fetch(statement, given, permission, heavy=True)
        return str(number)


def _value(name: str, value: Any) -> Any:
    if name == "q":
        return words(value)
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _quoted(cursor: str | None) -> str:
    return f'"{cursor}"' if cursor else "null"


def answer(body: str | bytes, tag: str, **headers: str) -> Response:
    """The bytes as the database wrote them."""
    known = {**({"ETag": tag} if tag else {}), "Cache-Control": tags.PRIVATE, **headers}
    return Response(body, media_type="application/json", headers=known)


async def reader(request: Request) -> Reader:
    return Reader(request.app.state.lane, request.state.actor, request)


Looking = Annotated[Reader, Depends(reader)]
