"""What an administrator may hand on: no more than is administered."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from app.audience import ALL_LINES, Ancestor
from app.errors import Forbidden, Words
from app.organizations.models import Line
from app.work import Work

WRITE = "principals:write"
Given = tuple[UUID, Sequence[str] | None]  # an organization, and the lines of a grant there


def bits(lines: Iterable[str] | None) -> int:
    """The lines of a grant as audiences write them; none named: all."""
    found = 0
    for line in lines or ():
        found |= Line(line).bit
    return found or ALL_LINES


def refuse_more_than_held(work: Work, grants: Iterable[Given]) -> None:
    """Raises Forbidden for a grant that reaches further, in places or lines, than the caller administers."""
    held = work.actor.circles(WRITE)
    for organization_id, lines in grants:
        above = select(Ancestor.ancestor_id).where(Ancestor.organization_id == organization_id)
        reach = (held.get(ancestor, 0) for ancestor in work.db.scalars(above))
        if not any(bits(lines) & ~theirs == 0 for theirs in reach):
            raise Forbidden(
                Words(
                    "Không thể trao quyền rộng hơn quyền quản trị đang có",
                    "Nobody hands on more than they administer, in places or lines",
                )
            )


def refuse_more_than_by_this_key(work: Work, scopes: Sequence[str] | None) -> None:
    """Raises Forbidden where a narrowed key would make one that may do what it may not itself."""
    held = work.actor.scopes
    if held is not None and (scopes is None or set(scopes) - held):
        raise Forbidden(
            Words(
                "Khóa này đã được thu hẹp: khóa mới chỉ được có những `scopes` mà nó có",
                "This key was narrowed: name `scopes` for the new one, out of its own",
            )
        )
