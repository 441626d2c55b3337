"""What is wrong with a document, all of it, each at its place in the document."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy.exc import IntegrityError

from app.errors import Blocked, Fault, Problem, ValidationError, Words
from app.problems import of_database
from app.schema import refuse_all
from app.validation import MOST

# What our own rules call a member, and what the document calls it.
IN_THE_DOCUMENT = {
    "agenda_item_id": "agenda_item",
    "speech_id": "speech",
    "cause_of_id": "cause_of",
    "parent_id": "parent",
    "carried_from_id": "carried_from",
    "directive_id": "directive",
    "answers_finding_id": "answers_finding",
    "previous_meeting_id": "previous",
    "transition": "status",
    "external_refs": "external_id",
    "effective_on": "issued",  # a task is given out on the meeting's day
}
AT = {"code-taken": "code", "external-ref-taken": "external_id"}  # of what the database refuses
Pointed = Callable[[str], str]


class Unplaced(Exception):
    """Something is linked to a part of the document that is wrong itself: that is told, and enough."""


class _Found(NamedTuple):
    kind: type[Problem]
    fault: Fault


def part(where: str) -> Pointed:
    """A member of the part that stands there."""
    return lambda member: f"{where}/{_renamed(member)}" if member else where


def _renamed(member: str) -> str:
    first, *rest = member.split("/")
    return "/".join([IN_THE_DOCUMENT.get(first, first), *rest])


class Problems:
    """What has been found so far. `places`: where in the document the rows stand that others name by path."""

    def __init__(self) -> None:
        self.found: list[_Found] = []
        self.places: dict[str, str] = {}

    @contextmanager
    def at(self, where: str | Pointed) -> Iterator[None]:
        """Whatever goes wrong with one part is told there, beside what is wrong with others."""
        pointed = part(where) if isinstance(where, str) else where
        try:
            yield
        except Unplaced:
            return
        except IntegrityError as error:  # with it the transaction has ended: nothing more can be found
            refused = of_database(error)
            self._add(type(refused), pointed(AT.get(refused.code, "")), refused.code, refused.detail)
            self.tell()
        except Blocked as problem:
            for one in problem.members.get("blockers", ()):
                words = Words(one["detail_vi"], one["detail_en"])
                self.found.append(
                    _Found(Blocked, Fault("body", self._place(one["pointer"]), one["code"], words))
                )
        except Problem as problem:
            for fault in problem.errors:
                self._add(type(problem), pointed(fault.name.removeprefix("#/")), fault.code, fault.words)
            if not problem.errors:
                self._add(type(problem), pointed(""), problem.code, problem.detail)

    def _add(self, kind: type[Problem], where: str, code: str, words: Words) -> None:
        self.found.append(_Found(kind, Fault("body", f"#/{where}", code, words)))

    def _place(self, pointer: str) -> str:
        return self.places.get(pointer) or self.places.get(pointer.partition("?")[0]) or pointer

    def of_kind(self, kind: type[Problem]) -> list[Fault]:
        """Where in the document there is a problem of that kind."""
        return [one.fault for one in self.found if one.kind is kind][:MOST]

    def tell(self) -> None:
        """Raise them: as one kind of problem, where they are; else as a document that is not valid.

        What stands in the way of a transition may be gone once the rest is mended, so it is told alone.
        """
        wrong = [one for one in self.found if one.kind is not Blocked][:MOST]
        kinds = {one.kind for one in wrong}
        faults = [one.fault for one in wrong]
        if len(kinds) == 1 and not issubclass(kind := kinds.pop(), ValidationError):
            raise kind(errors=faults)
        refuse_all(faults)
        if self.found:
            raise Blocked(blockers=[_blocker(one.fault) for one in self.found[:MOST]])


def _blocker(fault: Fault) -> dict[str, str]:
    words = {"detail_vi": fault.words.vi, "detail_en": fault.words.en}
    return {"code": fault.code, **words, "pointer": fault.name}
