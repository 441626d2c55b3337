"""Closing a quarter: every task is final, and what was counted is kept as it is."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from app.db import finish, new_id, today
from app.errors import Blocked, Words
from app.organizations.models import Organization, QuarterClosing
from app.quarter import Quarter
from app.quarterly_tasks.counts import Facet, Side
from app.quarterly_tasks.models import QuarterlyTask
from app.quarterly_tasks.vocabulary import FINAL
from app.reports.queries import Question, quarterly_tasks
from app.work import Work

CONFIRM = "quarterly_tasks:confirm"
MOST = 100  # blockers that one answer lists


def close_quarter(
    work: Work, organization: Organization, quarter: Quarter, id: UUID | None = None
) -> QuarterClosing:
    """Keep the report of the quarter for good; closed already, it stays as it is. Raises Blocked."""
    # Who sets a task here has the same row in share: see refuse_in_closed_quarter.
    here = select(Organization.id).where(Organization.id == organization.id)
    work.db.execute(here.with_for_update())
    theirs = QuarterClosing.organization_id == organization.id, QuarterClosing.quarter == str(quarter)
    closed = work.db.scalar(select(QuarterClosing).where(*theirs))
    if closed is not None:
        return closed
    _refuse_open(work, organization, quarter)
    made = QuarterClosing(
        id=id or new_id(),
        tenant_id=organization.tenant_id,
        organization_id=organization.id,
        quarter=str(quarter),
        closed_by=work.actor.name,
        report=_report(work, organization, quarter),
    )
    work.add(made)
    return made


def _refuse_open(work: Work, organization: Organization, quarter: Quarter) -> None:
    if quarter.last_day >= today():
        blocker = {
            "code": "quarter-not-over",
            "detail_vi": f"{quarter.label_vi} chưa kết thúc",
            "detail_en": f"{quarter.label_en} is not over",
            "pointer": f"/v1/quarters/{quarter}?organization_id={organization.id}",
        }
        raise Blocked(Words("Chưa chốt được quý", "The quarter cannot be closed yet"), blockers=[blocker])
    tasks = select(QuarterlyTask).where(
        QuarterlyTask.issuing_organization_id == organization.id, QuarterlyTask.quarter == str(quarter)
    )
    found = work.db.scalars(tasks.order_by(QuarterlyTask.id).with_for_update()).all()
    left = [task for task in found if task.status not in FINAL and not _has_parts(work, task)]
    if left:
        words = Words("Còn nhiệm vụ chưa kết thúc", "Some tasks are not final")
        raise Blocked(words, blockers=[_blocker(task) for task in left[:MOST]])


def _has_parts(work: Work, task: QuarterlyTask) -> bool:
    """It is final when its parts in this quarter are; those are looked at themselves."""
    parts = exists().where(QuarterlyTask.parent_id == task.id, QuarterlyTask.quarter == task.quarter)
    return bool(work.db.scalar(select(parts)))


def _blocker(task: QuarterlyTask) -> dict[str, str]:
    return {
        "code": "task-not-final",
        "detail_vi": f"Nhiệm vụ chưa kết thúc: {task.title}",
        "detail_en": f"This task is not final: {task.title}",
        "pointer": f"/v1/quarterly-tasks/{task.id}",
    }


def _report(work: Work, organization: Organization, quarter: Quarter) -> dict[str, Any]:
    """The body's own tasks as they are counted now: in all, by field and by kind."""
    finish(work.db)  # what this very transaction has changed is counted, too
    work.db.flush()
    found = {facet: _counted(work, organization, quarter, facet) for facet in Facet}
    own = next(
        row for row in found[Facet.ORGANIZATION]["items"] if row["organization_id"] == str(organization.id)
    )
    groups = {
        f"by_{facet}": [
            {facet.value: row[facet.value], "cells": row["cells"]} for row in found[facet]["items"]
        ]
        for facet in (Facet.FIELD, Facet.KIND)
    }
    return {"as_of": str(today()), "total": own["cells"], **groups}


def _counted(work: Work, organization: Organization, quarter: Quarter, facet: Facet) -> dict[str, Any]:
    may = work.actor.circles(CONFIRM)
    asked = Question(Side.ISSUER, facet, replay=False, roll_up=False, may=len(may), alone=True)
    given = {"organization_id": organization.id, "quarter": str(quarter), "as_of": today()}
    statement = quarterly_tasks(asked, work.db.get_bind().dialect)
    ((body,),) = statement.run(work.db, {**given, **work.actor.parameters(CONFIRM)})
    counted: dict[str, Any] = json.loads(body)
    return counted
