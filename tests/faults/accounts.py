"""What must add up afterwards, read from the database itself."""

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app import checking
from app.db import Base, Resource, connect
from app.events import Event
from app.meetings.models import MeetingMove
from app.meetings.vocabulary import MEETING_EVENTS
from app.minutes.models import ConclusionNoticeMove, MinutesComment, MinutesMove
from app.minutes.vocabulary import MINUTES_EVENTS
from app.quarterly_tasks.models import TaskEntry
from app.quarterly_tasks.recording import EVENTS as ENTRY_EVENTS
from app.quarterly_tasks.vocabulary import TASK_EVENTS

MOVES = {f"meeting.{verb}" for verb in MEETING_EVENTS.values()}
MINUTES_MOVES = {f"minutes.{verb}" for verb in MINUTES_EVENTS.values()}
NOTICE_MOVES = {f"conclusion_notice.{verb}" for verb in MINUTES_EVENTS.values()}
COMMENTED = {"minutes.commented", "conclusion_notice.commented"}
LOOP = ("carried_over", "withdrawn")  # by no transition of a caller's own
ENTRIES = {f"quarterly_task.{verb}" for verb in {*TASK_EVENTS.values(), *ENTRY_EVENTS.values(), *LOOP}}


def journal_faults(engine: Engine) -> list[str]:
    """Each version of each row has one event, each event one version; each fact its event.

    Counted here row by row, and by the statements of the service's own `check`.
    """
    with Session(engine) as db:
        told = defaultdict[Any, list[tuple[int, str]]](list)
        for subject, version, name in db.execute(select(Event.subject_id, Event.version, Event.name)):
            told[subject].append((version, name))
        rows = {
            id: version
            for resource in (one.class_ for one in Base.registry.mappers if issubclass(one.class_, Resource))
            for id, version in db.execute(select(resource.id, resource.version))
        }
        facts = [
            _uneven(db, MeetingMove, MeetingMove.meeting_id, told, MOVES),
            _uneven(db, MinutesMove, MinutesMove.minutes_id, told, MINUTES_MOVES),
            _uneven(db, ConclusionNoticeMove, ConclusionNoticeMove.conclusion_notice_id, told, NOTICE_MOVES),
            _uneven(
                db,
                MinutesComment,
                func.coalesce(MinutesComment.minutes_id, MinutesComment.conclusion_notice_id),
                told,
                COMMENTED,
            ),
            _uneven(db, TaskEntry, TaskEntry.task_id, told, ENTRIES),
        ]
    faults = [f"{id} is at version {rows[id]} without an event" for id in rows.keys() - told.keys()]
    for subject, events in told.items():
        versions = sorted(version for version, name in events if not name.endswith(".deleted"))
        ended = [version for version, name in events if name.endswith(".deleted")]
        last = rows.get(subject)
        if versions != list(range(1, len(versions) + 1)):
            faults.append(f"{subject} has events of the versions {versions}")
        elif last is not None and (last != len(versions) or ended):
            faults.append(f"{subject} is at version {last} with {len(versions)} events, {ended}")
        elif last is None and ended != [len(versions)]:
            faults.append(f"{subject} is gone with {len(versions)} events, {ended}")
    return [*faults, *(fault for found in facts for fault in found), *checking.faults(engine)]


def _uneven(db: Session, fact: type[Any], about: Any, told: Any, names: set[str]) -> list[str]:
    counted = db.execute(select(about, func.count()).select_from(fact).group_by(about))
    facts: dict[Any, int] = dict(counted.all())
    events = Counter(subject for subject, each in told.items() for _, name in each if name in names)
    wrong = {one for one in facts.keys() | events.keys() if facts.get(one, 0) != events.get(one, 0)}
    return [f"{one} has {facts.get(one, 0)} {fact.__name__}, {events.get(one, 0)} events" for one in wrong]


def number_of_events(engine: Engine) -> int:
    with Session(engine) as db:
        return db.scalar(select(func.count()).select_from(Event)) or 0


def sound(url: str) -> None:
    """SQLite itself finds nothing wrong with its file."""
    engine = connect(url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    engine.dispose()
