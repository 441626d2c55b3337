"""Where documents are made: in threads beside the event loop, few at once, so that all else goes on."""

from collections.abc import Callable, Mapping
from functools import cached_property, partial

import anyio.to_thread
from anyio import CapacityLimiter

from app.documents.formats import DocumentFormat
from app.documents.markdown import as_markdown
from app.documents.paper import Document
from app.documents.portable import as_pdf
from app.documents.webpage import as_html
from app.documents.word import as_docx
from app.errors import Unavailable, Words

WRITERS: Mapping[DocumentFormat, Callable[[Document], bytes]] = {
    DocumentFormat.MARKDOWN: as_markdown,
    DocumentFormat.HTML: as_html,
    DocumentFormat.DOCX: as_docx,
    DocumentFormat.PDF: as_pdf,
}
AT_ONCE = 2
WAITING = 32


class Press:
    """One for each process."""

    @cached_property
    def _places(self) -> CapacityLimiter:  # of the loop that is running
        return CapacityLimiter(AT_ONCE)

    async def made(self, kind: DocumentFormat, composed: Callable[[], Document]) -> tuple[bytes, str]:
        """The file and its name. Raises Unavailable where too many wait already."""
        if self._places.statistics().tasks_waiting >= WAITING:
            words = Words(
                "Đang có quá nhiều văn bản được tạo; hãy thử lại.", "Too many documents at once; try again."
            )
            raise Unavailable(words)
        return await anyio.to_thread.run_sync(partial(_made, kind, composed), limiter=self._places)


def _made(kind: DocumentFormat, composed: Callable[[], Document]) -> tuple[bytes, str]:
    document = composed()
    return WRITERS[kind](document), document.name
