"""What in a new contract breaks a caller who was written to the old one.

Requests may come to allow more and answers to hold less, never the other way around. So of both it is asked
whether one schema allows what another forbids: of a request the old against the new, of an answer the reverse.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.types import Json

METHODS = {"get", "post", "put", "patch", "delete"}
MOST = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}
LEAST = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}
TOLD = {"title", "description", "example", "examples", "deprecated"}  # words: they bind nobody
READ = {"$ref", "type", "anyOf", "oneOf", "enum", "const", "default", "properties", "required", "items"}
ANYTHING = {"additionalProperties": True}  # says no more than its absence
OPEN = "New ones may be added."  # what a description says of a list that callers must not take for closed


def breaking(old: Json, new: Json) -> list[str]:
    """Every change that breaks a caller, in words."""
    return list(dict.fromkeys(_Compared(old, new).all()))


class _Compared:
    def __init__(self, old: Json, new: Json) -> None:
        self.old, self.new = old, new
        self.requests = _Allowing(old, new, is_answer=False)
        self.answers = _Allowing(new, old, is_answer=True)

    def all(self) -> Iterator[str]:
        was, now = (_of(each, "components").get("securitySchemes", {}) for each in (self.old, self.new))
        yield from (f"security: {name} differs" for name in was if _bare(was[name]) != _bare(now.get(name)))
        for path, methods in self.old["paths"].items():
            for method in METHODS & methods.keys():
                found = _of(_of(self.new["paths"], path), method)
                where = f"{method.upper()} {path}"
                yield from self.operation(methods[method], found, where) if found else [f"{where}: gone"]

    def operation(self, was: Json, now: Json, where: str) -> Iterator[str]:
        for name in ("operationId", "security"):
            if was.get(name) != now.get(name):
                yield f"{where}: {name} {was.get(name)} → {now.get(name)}"
        yield from self.parameters(self.named(self.old, was), self.named(self.new, now), where)
        yield from self.body(_of(was, "requestBody"), _of(now, "requestBody"), f"{where} body")
        for status, answer in was["responses"].items():
            found = _resolved(now["responses"].get(status, {}), self.new)
            yield from self.answer(_resolved(answer, self.old), found, f"{where} {status}")

    def named(self, root: Json, operation: Json) -> dict[str, Json]:
        given = [_resolved(one, root) for one in operation.get("parameters", ())]
        return {f"{one['in']} {one['name']}": one for one in given}

    def parameters(self, was: Mapping[str, Json], now: Mapping[str, Json], where: str) -> Iterator[str]:
        for name, one in now.items():
            if one.get("required") and not was.get(name, {}).get("required"):
                yield f"{where} {name}: now required"
        for name, one in was.items():
            if name in now:
                yield from self.requests.schema(one["schema"], now[name]["schema"], f"{where} {name}")
            else:
                yield f"{where} {name}: gone"

    def body(self, was: Json, now: Json, where: str) -> Iterator[str]:
        if now.get("required") and not was.get("required"):
            yield f"{where}: now required"
        yield from self.contents(was, now, where, is_answer=False)

    def answer(self, was: Json, now: Json, where: str) -> Iterator[str]:
        if not now:
            yield f"{where}: gone"
            return
        yield from (f"{where} {name}: gone" for name in _of(was, "headers").keys() - _of(now, "headers"))
        yield from self.contents(was, now, where, is_answer=True)

    def contents(self, was: Json, now: Json, where: str, *, is_answer: bool) -> Iterator[str]:
        for kind, one in _of(was, "content").items():
            found = _of(now, "content").get(kind)
            if found is None:
                yield f"{where} {kind}: gone"
            elif is_answer:
                yield from self.answers.schema(found["schema"], one["schema"], where)
            else:
                yield from self.requests.schema(one["schema"], found["schema"], where)


class _Allowing:
    """What one contract's schema (`wide`) allows and the other's (`slim`) does not."""

    def __init__(self, wide: Json, slim: Json, *, is_answer: bool) -> None:
        self.wide, self.slim, self.is_answer = wide, slim, is_answer
        self.seen: set[tuple[str, str]] = set()  # schemas with a name are compared, and named, once

    def differs(self, where: str, name: str, wide: Any, slim: Any) -> str:
        was, now = (slim, wide) if self.is_answer else (wide, slim)
        return f"{where}: {name} {was} → {now}"

    def schema(self, wide: Json, slim: Json, where: str) -> Iterator[str]:
        pair = wide.get("$ref", ""), slim.get("$ref", "")
        if all(pair) and pair in self.seen:
            return
        self.seen.add(pair)
        if pair[1]:
            where = pair[1].rpartition("/")[2]
        wides, slims = list(_kinds(wide, self.wide)), list(_kinds(slim, self.slim))
        for one in wides:
            alike = [other for other in slims if _same_type(one, other)]
            if alike:
                yield from min((list(self.one(one, other, where)) for other in alike), key=len)
            else:
                yield self.differs(where, "type", _types(wides), _types(slims))

    def one(self, wide: Json, slim: Json, where: str) -> Iterator[str]:
        yield from self.limits(wide, slim, where)
        yield from self.values(wide, slim, where)
        yield from self.members(wide, slim, where)
        if "items" in slim:
            yield from self.schema(wide.get("items", {}), slim["items"], f"{where}[]")
        if not self.is_answer and "default" in wide and wide["default"] != slim.get("default"):
            yield self.differs(where, "default", wide["default"], slim.get("default"))
        for name in slim.keys() - MOST - LEAST - TOLD - READ:  # a pattern, a format, whatever else there is
            if slim[name] not in (wide.get(name), ANYTHING.get(name)):
                yield self.differs(where, name, wide.get(name), slim[name])

    def limits(self, wide: Json, slim: Json, where: str) -> Iterator[str]:
        for name in (MOST | LEAST) & slim.keys():
            sign = 1 if name in MOST else -1
            if name not in wide or sign * wide[name] > sign * slim[name]:
                yield self.differs(where, name, wide.get(name), slim[name])

    def values(self, wide: Json, slim: Json, where: str) -> Iterator[str]:
        allowed, known = _values(wide), _values(slim)
        if known is None or (self.is_answer and OPEN in slim.get("description", "")):
            return
        if allowed is None:
            yield self.differs(where, "enum", None, known)
        elif more := [one for one in allowed if one not in known]:
            yield f"{where}: {'may now be' if self.is_answer else 'no longer takes'} {', '.join(map(str, more))}"

    def members(self, wide: Json, slim: Json, where: str) -> Iterator[str]:
        wides, slims = _of(wide, "properties"), _of(slim, "properties")
        was, now = (slims, wides) if self.is_answer else (wides, slims)
        yield from (f"{where}.{name}: gone" for name in was if name not in now)
        always = set(slim.get("required", ())) - set(wide.get("required", ()))
        said = "no longer always there" if self.is_answer else "now required"
        yield from (f"{where}.{name}: {said}" for name in sorted(always) if name in now)
        for name in (one for one in wides if one in slims):
            yield from self.schema(wides[name], slims[name], f"{where}.{name}")


def _of(one: Mapping[str, Any], name: str) -> Json:
    found: Json = one.get(name) or {}
    return found


def _bare(one: Json | None) -> Json | None:
    return one and {name: value for name, value in one.items() if name not in TOLD}


def _resolved(one: Json, root: Json) -> Json:
    if "$ref" not in one:
        return one
    found: Any = root
    for name in one["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return {**found, **{name: value for name, value in one.items() if name != "$ref"}}


def _kinds(schema: Json, root: Json) -> Iterator[Json]:
    """The schema, or each of those it chooses from, with one type or none."""
    found = _resolved(schema, root)
    choice = found.get("anyOf") or found.get("oneOf") or ()
    rest = {name: value for name, value in found.items() if name not in {"anyOf", "oneOf"}}
    for one in choice:
        yield from ({**rest, **kind} for kind in _kinds(one, root))
    if not choice:
        several = found["type"] if isinstance(found.get("type"), list) else [found.get("type")]
        yield from ({**found, "type": one} for one in several)


def _same_type(wide: Json, slim: Json) -> bool:
    return slim["type"] in {None, wide["type"]} or (wide["type"], slim["type"]) == ("integer", "number")


def _types(kinds: Iterable[Json]) -> str:
    return " or ".join(sorted({str(one["type"] or "anything") for one in kinds}))


def _values(schema: Json) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    values: list[Any] | None = schema.get("enum")
    return values
