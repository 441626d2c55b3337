"""The record to be shown or printed: a signed version as it was hashed, or the draft as things stand."""

from typing import Any, NamedTuple
from uuid import UUID

from app.documents import queries
from app.errors import Fault, NotFound, Words
from app.minutes import recording
from app.minutes.record import MinutesRecord
from app.reader import Reader
from app.reading import Reading

READ, TASKS = "meetings:read", "quarterly_tasks:read"


class Found(NamedTuple):
    """What was signed, to the byte, and its hash; or what was collected of a draft, which has none."""

    text: str
    sha256: str | None

    @property
    def record(self) -> MinutesRecord:
        """Made when asked for: of a long meeting that takes a while."""
        if self.sha256 is None:
            return recording.record(recording.read(self.text))
        return MinutesRecord.model_validate_json(self.text)

    @property
    def content(self) -> str:
        return self.text if self.sha256 else self.record.model_dump_json()


async def found(look: Reader, of: Reading[Any], by: str, key: UUID, version: int | None) -> Found:
    """What stands in the document of which this member has that value. Raises NotFound.

    It tells of tasks, whoever sees the meeting: raises Forbidden where those may not be read. A draft shows
    what only the host's own know as yet: the same for all others.
    """
    look.need(TASKS)
    statement = queries.record(of, by, look.actor.breadth(READ), look.lane.dialect)
    # a long meeting is much to collect: nobody else waits for it
    rows = await look.fetch(statement, {"key": key, "version": version}, READ, heavy=True)
    if not rows:
        raise NotFound
    number, content, sha256, drafted, is_at_its_host = rows[0]
    if content is not None:
        return Found(content, sha256)
    if number != 0:
        words = Words("Không có phiên bản này", "There is no such version")
        raise NotFound(errors=[Fault("query", "version", "not-found", words)])
    if not is_at_its_host:
        raise look.without(READ)
    return Found(drafted, None)
