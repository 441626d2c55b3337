"""How long a document may be: there are few presses, and whoever waits for one waits behind it."""

from collections.abc import Iterable, Iterator

from app.documents.formats import KINDS, DocumentFormat
from app.documents.paper import Block, Table
from app.errors import NotAcceptable, Words

# What takes seconds to set. Minutes of a whole day have some hundred pages; this is ten times as much.
MOST_LETTERS = 2_000_000
MOST_PIECES = 50_000  # runs of paragraphs, cells of tables
LONGEST_RECORD = 10 * MOST_LETTERS  # letters, much of which is not printed


def too_long() -> NotAcceptable:
    words = Words(
        "Văn bản quá dài, không in được; nội dung vẫn lấy được ở dạng dữ liệu.",
        "The document is too long to be printed; what it records can be had as data.",
    )
    return NotAcceptable(words, allowed=[KINDS[DocumentFormat.JSON]])


def bounded(blocks: Iterable[Block]) -> Iterator[Block]:
    """The same, one after the other. Raises NotAcceptable once they are too many."""
    letters = pieces = 0
    for block in blocks:
        texts = list(_texts(block))
        letters, pieces = letters + sum(map(len, texts)), pieces + len(texts)
        if letters > MOST_LETTERS or pieces > MOST_PIECES:
            raise too_long()
        yield block


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield from (cell for row in block.rows for cell in row)
    else:
        yield from (run.text for run in block.runs)
