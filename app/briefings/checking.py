"""What a document must agree on in itself, before anything of it is compared with what is stored."""

from collections.abc import Sequence

from app.briefings.linking import Part
from app.briefings.pointing import Problems
from app.briefings.schemas import BriefingAgendaItemIn, BriefingIn, BriefingReviewIn
from app.meetings.contents import DEEPEST
from app.reviews.schemas import unlike_its_disposition
from app.reviews.vocabulary import Disposition
from app.schema import fault, refuse, refuse_all

ONLY_WITH = (("completed_on", Disposition.CLOSE), ("successor", Disposition.CARRY_OVER))


def check(said: BriefingIn, problems: Problems) -> None:
    """Each id once in its list, parents before children, and reviews that say what they decide."""
    lists: dict[str, Sequence[Part]] = {
        "participations": said.participations,
        "agenda_items": said.agenda_items,
        "speeches": said.speeches,
        "findings": said.findings,
        "directives": said.directives,
        "quarterly_tasks": said.quarterly_tasks,
    }
    for where, parts in lists.items():
        _once(where, parts, problems)
    _a_tree(said.agenda_items, problems)
    for n, one in enumerate(said.task_reviews):
        with problems.at(f"task_reviews/{n}"):
            refuse_all(unlike_its_disposition(one))
        with problems.at(f"task_reviews/{n}"):
            _says_which_and_what(one)


def _once(where: str, parts: Sequence[Part], problems: Problems) -> None:
    seen = set[str]()
    for n, one in enumerate(parts):
        with problems.at(f"{where}/{n}"):
            if one.external_id in seen:
                refuse("external_id", "twice", "Đã nêu ở trên", "It is named twice")
        seen.add(one.external_id)


def _a_tree(items: Sequence[BriefingAgendaItemIn], problems: Problems) -> None:
    depth: dict[str | None, int] = {None: 0}
    later = {one.external_id for one in items}
    for n, one in enumerate(items):
        later.discard(one.external_id)
        with problems.at(f"agenda_items/{n}"):
            if one.parent in later or one.parent == one.external_id:
                refuse(
                    "parent", "parent_not_before", "Mục cha phải đứng trước", "Its parent must come before"
                )
            if depth.get(one.parent, 0) >= DEEPEST:
                refuse("parent", "too_deep", "Tối đa ba cấp", "An agenda is three levels deep at most")
        depth.setdefault(one.external_id, depth.get(one.parent, 0) + 1)


def _says_which_and_what(one: BriefingReviewIn) -> None:
    faults = []
    if (one.task is None) == (one.task_id is None):
        words = "Nêu task hoặc task_id, không phải cả hai", "Name task or task_id, and not both"
        faults.append(fault("task", "missing", *words))
    for name, only in ONLY_WITH:
        if getattr(one, name) is not None and one.disposition != only:
            words = f"Chỉ dùng với {only}", f"It belongs to {only} only"
            faults.append(fault(name, "extra_forbidden", *words))
    refuse_all(faults)
