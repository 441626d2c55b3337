"""The files of the made-up meetings: one to look at, one to remove."""

from io import BytesIO
from uuid import UUID

from app import example_ids as ids
from app.attachments import attaching, examples
from app.attachments.storing import Store
from app.attachments.vocabulary import OwnerKind
from app.work import Work

NOTE = "Ghi chú của văn phòng (dữ liệu mẫu).\n"


def make(work: Work, store: Store) -> None:
    """Both of the last briefing."""
    _file(work, store, ids.ATTACHMENT, examples.FILE_NAME, examples.TEXT, examples.DESCRIPTION)
    _file(work, store, ids.SPARE_ATTACHMENT, "Ghi chú (dữ liệu mẫu).txt", NOTE)


def _file(  # noqa: PLR0913, PLR0917  a row's members, one after the other
    work: Work, store: Store, id: str, name: str, text: str, description: str | None = None
) -> None:
    upload = attaching.stored(store, name, BytesIO(text.encode()), UUID(id))
    work.add(attaching.made(work, OwnerKind.MEETING, UUID(ids.BRIEFING), upload, description))
