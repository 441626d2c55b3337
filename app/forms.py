"""The strict form request: a file and some fields, bounded, and never whole in memory."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator

from fastapi import Request
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser

from app import errors
from app.arriving import arriving
from app.errors import Fault, Problem, Words
from app.strict_json import LONGEST_NUMBER

FORM = "multipart/form-data"
LARGEST = 20 * 1024 * 1024  # bytes of a file
AROUND = 262_144  # bytes of a form beside its file: its other fields, and what stands between
MOST_FIELDS = 20
STEP = 1_048_576  # bytes; each that arrives gives what follows as long again
UNREAD = Words("Biểu mẫu không đọc được", "This is no form that can be read")


class FormRequest(Request):
    """A request whose form has been read, strictly, once."""

    def __init__(self, read: Request, form: FormData) -> None:
        super().__init__(read.scope, read.receive)
        self._form = form  # where Starlette keeps a form that has been read


async def read_form(request: Request, seconds: float) -> Request:
    """Read the body as a form with one file; what is longer than a file may be is left unread."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM:
        raise errors.UnsupportedMediaType(
            Words("Gửi biểu mẫu multipart/form-data.", "Send a form as multipart/form-data."),
            headers={"Accept-Post": FORM},
        )
    length = request.headers.get("content-length", "0")
    if (
        len(length) < LONGEST_NUMBER
        and length.isascii()
        and length.isdigit()
        and int(length) > LARGEST + AROUND
    ):
        raise errors.ContentTooLarge(most=LARGEST)
    try:
        async with arriving(seconds) as end:
            form = await MultiPartParser(
                request.headers,
                _bounded(request, seconds, end),
                max_files=1,
                max_fields=MOST_FIELDS,
                max_part_size=AROUND,
            ).parse()
    except MultiPartException as error:
        raise _malformed("form_invalid", UNREAD) from error
    except OSError as error:  # there is no room to lay it down
        raise errors.Unavailable from error
    again = [name for name, times in Counter(name for name, _ in form.multi_items()).items() if times > 1]
    if again:
        await form.close()
        raise _malformed("repeated", Words("Chỉ được nêu một lần", "It may be given but once"))
    return FormRequest(request, form)


async def _bounded(request: Request, seconds: float, end: asyncio.Timeout) -> AsyncGenerator[bytes, None]:
    """Part by part: what is longer may take longer, in proportion, but who sends next to nothing may not."""
    read, began = 0, asyncio.get_running_loop().time()
    async for part in request.stream():
        read += len(part)
        if read > LARGEST + AROUND:
            raise errors.ContentTooLarge(most=LARGEST)
        end.reschedule(began + seconds * (1 + read / STEP))
        yield part


def _malformed(code: str, words: Words) -> Problem:
    return errors.MalformedRequest(errors=[Fault("body", "#", code, words)])
