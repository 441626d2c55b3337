"""The statements of reports: the database counts, and writes the JSON.

The present is read from the sums that writers keep; any other day or moment from the states that held then.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    JSON,
    ColumnElement,
    Date,
    Dialect,
    Integer,
    SmallInteger,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from app.audience import Ancestor
from app.organizations.models import Level, Organization, QuarterClosing
from app.prepared import Statement, written
from app.quarterly_tasks.counts import DONE, UNDONE, Counted, Facet, Side, TaskState, TaskTally
from app.quarterly_tasks.vocabulary import TaskKind
from app.reading import Reading, ToCovering
from app.reports.schemas import QuarterClosingOut
from app.sql import Found, Value, as_bytes, constant, json_object, json_rows, json_text, percent, whole
from app.types import Id, Moment
from app.vocabulary import Vocabulary, WorkField

_as_of = bindparam("as_of", type_=Date())
_known_at = bindparam("known_at", type_=Moment())
_organization = bindparam("organization_id", type_=Id())
the_quarter = bindparam("quarter", type_=String())
WORDS: Mapping[Facet, type[Vocabulary]] = {Facet.FIELD: WorkField, Facet.KIND: TaskKind}
UNKNOWN = ("Chưa phân lĩnh vực", "No field")


class Question(NamedTuple):
    """What shapes a report's statement; `replay`: any other day or moment than now."""

    side: Side
    facet: Facet
    replay: bool
    roll_up: bool
    may: int  # parameters that say where the caller may read tasks
    alone: bool = False  # without the bodies below


def bodies_of(may: int, *, alone: bool = False) -> CTE:
    """The organization and all below it, as far as the caller's grants cover them from above."""
    above = aliased(Ancestor)

    def covered(n: int) -> ColumnElement[bool]:
        granted = above.ancestor_id == bindparam(f"may_{n}", type_=Id())
        lines = bindparam(f"may_lines_{n}", type_=SmallInteger())
        here = exists(select(whole(1)).where(above.organization_id == _organization, granted))
        return and_(Ancestor.lines.op("&")(lines) != whole(0), here)

    below = select(Ancestor.organization_id).where(Ancestor.ancestor_id == _organization)
    if alone:
        below = below.where(Ancestor.organization_id == _organization)
    return below.where(or_(false(), *(covered(n) for n in range(may)))).cte("bodies")


def _present(side: Side, facet: Facet) -> Found:
    """What is kept of each body: the rows before the day add up to what holds on it."""
    kept = TaskTally
    cells: dict[str, Any] = {
        "total": kept.undone + kept.on_time + kept.late,
        "completed_on_time": kept.on_time,
        "completed_late": kept.late,
        "open_within_deadline": kept.undone - kept.overdue,
        "open_overdue": kept.overdue,
        "of_which_unconfirmed": kept.unconfirmed,
        "of_which_carried_over": kept.carried_over,
        "late_by_root_due_date": kept.late_by_root,
        "drafts": kept.drafts,
        "cancelled": kept.cancelled,
    }
    found = select(kept.organization_id, kept.quarter, kept.member, *_labelled(cells))
    return found.where(kept.side == constant(side), kept.facet == constant(facet), kept.late_after < _as_of)


def _past(side: Side, facet: Facet) -> Found:
    """Every task as it counted on that day, by what was recorded until that moment."""
    body = TaskState.issuing_organization_id if side == Side.ISSUER else TaskState.lead_organization_id
    member = {Facet.FIELD: TaskState.field, Facet.KIND: TaskState.kind}.get(facet, constant(""))
    cells = {name: case((holds, whole(1)), else_=whole(0)) for name, holds in _cells_of_a_state().items()}
    found = select(
        body.label("organization_id"), TaskState.quarter, member.label("member"), *_labelled(cells)
    )
    return found.where(
        body.is_not(None),
        TaskState.effective_on <= _as_of,
        TaskState.recorded_at <= _known_at,
        or_(TaskState.ended_on > _as_of, TaskState.superseded_at > _known_at),
    )


def _cells_of_a_state() -> dict[str, ColumnElement[bool]]:
    """Which of them a task is in; the four add up to the total."""

    def among(*states: Counted) -> ColumnElement[bool]:
        return or_(*(TaskState.state == constant(state) for state in states))

    done, undone = among(*DONE), among(*UNDONE)
    late = TaskState.late_after < _as_of
    return {
        "total": or_(done, undone),
        "completed_on_time": and_(done, ~late),
        "completed_late": and_(done, late),
        "open_within_deadline": and_(undone, ~late),
        "open_overdue": and_(undone, late),
        "of_which_unconfirmed": among(Counted.SUBMITTED),
        "of_which_carried_over": among(Counted.CARRIED_OVER),
        "late_by_root_due_date": and_(or_(done, undone), TaskState.root_late_after < _as_of),
        "drafts": among(Counted.DRAFT),
        "cancelled": among(Counted.CANCELLED),
    }


def _again(sums: Any, names: list[str]) -> dict[str, ColumnElement[int]]:
    """The sums of sums: whole numbers too, which PostgreSQL would make numerics of and count more slowly."""
    return {name: cast(func.coalesce(func.sum(sums[name]), whole(0)), Integer) for name in names}


def cells(sums: Mapping[str, ColumnElement[Any]]) -> dict[str, ColumnElement[Any]]:
    """The cells, with the rate of completion: what is done of what is done or overdue."""
    done = sums["completed_on_time"] + sums["completed_late"]
    return {**sums, "completion_rate": percent(done, done + sums["open_overdue"])}


def _zeros(sums: Any, names: list[str]) -> dict[str, ColumnElement[int]]:
    return {name: func.coalesce(sums[name], whole(0)) for name in names}


def _counts(
    asked: Question, bodies: CTE, group: str, name: str = "counts", of: Sequence[Value] = (the_quarter,)
) -> CTE:
    """What each body, member or quarter comes to."""
    source = (_past if asked.replay else _present)(asked.side, asked.facet).subquery("counted")
    theirs = select(source.c[group], *_labelled(_again(source.c, NAMES)))
    theirs = theirs.join(bodies, bodies.c.organization_id == source.c.organization_id)
    theirs = theirs.where(or_(*(source.c.quarter == one for one in of)))
    return theirs.group_by(source.c[group]).cte(name)


NAMES = [*_cells_of_a_state()]
# What is told of a body that has nothing, as `cells` would: most have, and to write it each time is dear.
NOTHING = constant(json.dumps(dict.fromkeys(NAMES, 0) | {"completion_rate": None}, separators=(",", ":")))
QUARTER_CLOSINGS = Reading(
    QuarterClosing,
    QuarterClosingOut,
    path="/v1/quarter-closings",
    area="quarterly_tasks",
    visible=ToCovering(QuarterClosing.organization_id),
    governed_by=QuarterClosing.organization_id,
    by={"organization_id": QuarterClosing.organization_id, "quarter": QuarterClosing.quarter},
)


def by_organization(asked: Question, bodies: CTE, counts: CTE) -> Found:
    """A row for each body, those with nothing too."""
    sums: CTE | Subquery = counts
    if asked.roll_up:
        above = select(Ancestor.ancestor_id.label("organization_id"), *_labelled(_again(counts.c, NAMES)))
        above = above.join(counts, counts.c.organization_id == Ancestor.organization_id)
        sums = above.group_by(Ancestor.ancestor_id).subquery("rolled_up")
    counted = json_text(cells({name: sums.c[name] for name in NAMES}))
    row = {
        "organization_id": Organization.id,
        "parent_id": Organization.parent_id,
        "level": Organization.level,
        "field": null(),
        "kind": null(),
        "label_vi": Organization.name,
        "label_en": Organization.name,
        "cells": type_coerce(case((sums.c.organization_id.is_(None), NOTHING), else_=counted), JSON()),
    }
    rows = select(json_text(row).label("body")).select_from(bodies)
    rows = rows.join(Organization, Organization.id == bodies.c.organization_id)
    rows = rows.outerjoin(sums, sums.c.organization_id == Organization.id)
    levels = case({one.value: n for n, one in enumerate(Level)}, value=Organization.level)
    return rows.order_by(levels, Organization.name_key, Organization.id)


def _labelled(sums: Mapping[str, ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    return [one.label(name) for name, one in sums.items()]


def _by_member(asked: Question, counts: CTE) -> Found:
    """A row for each word of the vocabulary, those with nothing too."""
    words = [(one.value, one.label_vi, one.label_en) for one in WORDS[asked.facet]]
    words += [("", *UNKNOWN)] if asked.facet == Facet.FIELD else []
    listed = (
        select(
            *(constant(text).label(name) for name, text in zip(("word", "vi", "en"), word, strict=True))
        ).add_columns(whole(n).label("place"))
        for n, word in enumerate(words)
    )
    each = union_all(*listed).subquery("words")
    word = func.nullif(each.c.word, constant(""))
    row = {
        **dict.fromkeys(("organization_id", "parent_id", "level"), null()),
        "field": word if asked.facet == Facet.FIELD else null(),
        "kind": word if asked.facet == Facet.KIND else null(),
        "label_vi": each.c.vi,
        "label_en": each.c.en,
        "cells": json_object(cells(_zeros(counts.c, NAMES))),
    }
    rows = select(json_object(row).label("body")).select_from(each)
    return rows.outerjoin(counts, counts.c.member == each.c.word).order_by(each.c.place)


def _whole(counts: CTE) -> Value:
    return select(json_object(cells(_again(counts.c, NAMES)))).select_from(counts).scalar_subquery()


def _name() -> Value:
    return select(Organization.name).where(Organization.id == _organization).scalar_subquery()


def if_covered(report: Mapping[str, Value], bodies: CTE, dialect: Dialect) -> Statement:
    """The report, or no row at all where the caller's grants do not reach."""
    body = as_bytes(json_text({"organization_name": _name(), **report}))
    return written(select(body).where(exists(select(bodies.c.organization_id))), dialect)


@lru_cache(maxsize=512)
def quarterly_tasks(asked: Question, dialect: Dialect) -> Statement:
    """The total, and its rows."""
    bodies = bodies_of(asked.may, alone=asked.alone)
    by_body = asked.facet == Facet.ORGANIZATION
    counts = _counts(asked, bodies, "organization_id" if by_body else "member")
    rows = by_organization(asked, bodies, counts) if by_body else _by_member(asked, counts)
    return if_covered({"total": _whole(counts), "items": json_rows(rows)}, bodies, dialect)


@lru_cache(maxsize=512)
def comparison(asked: Question, quarters: int, dialect: Dialect) -> Statement:
    """A row for each quarter, bound as quarter_0 and so on with its labels."""
    bodies = bodies_of(asked.may)
    named = ("quarter", "label_vi", "label_en")
    listed = (
        select(*(bindparam(f"{name}_{n}", type_=String()).label(name) for name in named))
        for n in range(quarters)
    )
    each = union_all(*listed).subquery("quarters")
    of = [bindparam(f"quarter_{n}", type_=String()) for n in range(quarters)]
    counts = _counts(asked, bodies, "quarter", of=of)
    row: dict[str, Any] = {name: each.c[name] for name in named}
    row["cells"] = json_object(cells(_zeros(counts.c, NAMES)))
    rows = select(json_object(row).label("body")).select_from(each)
    rows = rows.outerjoin(counts, counts.c.quarter == each.c.quarter).order_by(each.c.quarter)
    return if_covered({"items": json_rows(rows)}, bodies, dialect)


@lru_cache(maxsize=64)
def quarter(asked: Question, dialect: Dialect) -> Statement:
    """An organization's quarter."""
    bodies = bodies_of(asked.may)
    return if_covered(as_a_quarter(of_each_side(asked, bodies)), bodies, dialect)


def of_each_side(asked: Question, bodies: CTE) -> dict[Side, CTE]:
    """What each body comes to in what it issued, and in what it leads."""
    return {
        side: _counts(asked._replace(side=side), bodies, "organization_id", f"of_{side}") for side in Side
    }


def as_a_quarter(counts: Mapping[Side, CTE]) -> dict[str, Value]:
    """What was issued and led there and below; and whether it is closed."""
    sides = {f"as_{side}": _whole(theirs) for side, theirs in counts.items()}
    mine = (QuarterClosing.organization_id == _organization) & (QuarterClosing.quarter == the_quarter)
    closed = select(QuarterClosing.created_at).where(mine).scalar_subquery()
    return {**sides, "closed_at": closed}
