"""A bucket that speaks as much of S3 as files need, and checks every signature (AWS Signature Version 4)."""

import hashlib
import hmac
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import reduce
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape, unescape

KEY_ID, SECRET = "a-key-of-the-tests", "its-secret"
NAME, REGION = "minutes", "vn-1"
PAGE = 3  # keys that one answer lists at most
UNSIGNED = "UNSIGNED-PAYLOAD"
SIGNED = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<scope>[^,]+), ?"
    r"SignedHeaders=(?P<headers>[^,]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass
class Bucket:
    """What lies in it, what it was asked, and how it fails where it shall."""

    url: str = ""
    objects: dict[str, tuple[bytes, datetime]] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    secret: str = SECRET
    fails: Callable[[str], int | None] = lambda _: None  # with what status, by what it is asked
    cuts: int = 0  # so many downloads are cut off in the middle
    refused: int = 0  # requests without a valid signature

    @property
    def setting(self) -> str:
        """As MINUTES_ATTACHMENTS names it; its files lie under a prefix."""
        return f"s3://{NAME}/tep?endpoint_url={self.url}&region={REGION}"


@contextmanager
def served(bucket: Bucket) -> Iterator[None]:
    """While it is up; what lies in it stays there."""
    port = urlsplit(bucket.url).port or 0
    server = _Server(("127.0.0.1", port), _Answering)
    server.bucket, server.daemon_threads = bucket, True
    bucket.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


class _Server(ThreadingHTTPServer):
    bucket: Bucket

    def handle_error(self, *_: Any) -> None:
        """Who asked has gone."""


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: Any) -> None:
        """Not on the terminal."""

    def _answered(self) -> None:
        self.bucket, parts = self.server.bucket, urlsplit(self.path)
        self.sent = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.asks = dict(parse_qsl(parts.query, keep_blank_values=True))
        _, name, *key = unquote(parts.path).split("/", 2)
        self.key = key[0] if key else ""
        self.bucket.asked.append(f"{self.command} {' '.join(sorted(self.asks))}".strip())
        if status := self.bucket.fails(self.bucket.asked[-1]):
            self._tell(status, _fault("SlowDown"))
        elif not _is_signed(self, self.bucket.secret):
            self.bucket.refused += 1
            self._tell(403, _fault("SignatureDoesNotMatch"))
        elif name != NAME:
            self._tell(404, _fault("NoSuchBucket"))
        else:
            getattr(self, f"_{self.command.lower()}")()

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _answered  # noqa: N815  the library's names

    def _tell(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.send_header("connection", "close")  # so that none is left open when it is down
        self.end_headers()
        if self.command == "GET" and self.key and self.bucket.cuts and len(body) > 1:
            self.bucket.cuts, body = self.bucket.cuts - 1, body[: len(body) // 2]
        if self.command != "HEAD":
            self.wfile.write(body)

    def _put(self) -> None:
        if "uploadId" in self.asks:
            self.bucket.uploads[self.asks["uploadId"]][int(self.asks["partNumber"])] = self.sent
        else:
            self.bucket.objects[self.key] = self.sent, datetime.now(UTC)
        self._tell(200, etag=_tag(self.sent))

    def _post(self) -> None:
        """An upload in parts begins, or ends; or several are deleted."""
        if "delete" in self.asks:
            keys = [unescape(key) for key in re.findall("<Key>(.*?)</Key>", self.sent.decode())]
            for key in keys:
                self.bucket.objects.pop(key, None)  # S3 says the same whether it was there or not
            self._tell(200, _xml("DeleteResult", *(_element("Deleted", Key=key) for key in keys)))
            return
        if "uploads" in self.asks:
            id = f"upload-{len(self.bucket.asked)}"
            self.bucket.uploads[id] = {}
            self._tell(200, _xml("InitiateMultipartUploadResult", Key=self.key, UploadId=id))
            return
        parts = self.bucket.uploads.pop(self.asks["uploadId"])
        whole = b"".join(parts[number] for number in sorted(parts))
        self.bucket.objects[self.key] = whole, datetime.now(UTC)
        self._tell(200, _xml("CompleteMultipartUploadResult", Key=self.key, ETag=_tag(whole)))

    def _delete(self) -> None:
        """An upload in parts is given up."""
        self.bucket.uploads.pop(self.asks["uploadId"], None)
        self._tell(204)

    def _get(self) -> None:
        if not self.key:
            self._list()
            return
        if self.key not in self.bucket.objects:
            self._tell(404, _fault("NoSuchKey"))
            return
        found, since = self.bucket.objects[self.key]
        known = {"etag": _tag(found), "last_modified": format_datetime(since, usegmt=True)}
        if not (asked := self.headers.get("range")):
            self._tell(200, found, **known)
            return
        first, last = (int(one) for one in asked.removeprefix("bytes=").split("-"))
        part = found[first : last + 1]
        told = f"bytes {first}-{first + len(part) - 1}/{len(found)}"
        self._tell(206, part, **known, content_range=told)

    _head = _get

    def _list(self) -> None:
        """A page of the keys under a prefix."""
        after = self.asks.get("continuation-token", "")
        prefix = self.asks.get("prefix", "")
        keys = sorted(key for key in self.bucket.objects if key.startswith(prefix) and key > after)
        page, more = keys[:PAGE], len(keys) > PAGE
        told = {"Name": NAME, "Prefix": prefix, "KeyCount": len(page), "IsTruncated": str(more).lower()}
        onward = {"NextContinuationToken": page[-1]} if more else {}
        self._tell(200, _xml("ListBucketResult", *map(self._listed, page), **told, **onward))

    def _listed(self, key: str) -> str:
        found, since = self.bucket.objects[key]
        at = since.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return _element("Contents", Key=key, LastModified=at, ETag=_tag(found), Size=len(found))


def _is_signed(asked: BaseHTTPRequestHandler, secret: str) -> bool:
    """Whether whoever asks knows the secret, and nothing that was signed came otherwise."""
    told = SIGNED.fullmatch(asked.headers.get("authorization") or "")
    if told is None or told["key"] != KEY_ID or not told["scope"].endswith(f"/{REGION}/s3/aws4_request"):
        return False
    digest = asked.headers["x-amz-content-sha256"]
    sent: bytes = asked.sent  # type: ignore[attr-defined]  # read before this is asked
    if digest not in {UNSIGNED, hashlib.sha256(sent).hexdigest()}:
        return False
    parts = urlsplit(asked.path)
    query = sorted((quote(n, ""), quote(v, "")) for n, v in parse_qsl(parts.query, keep_blank_values=True))
    names = told["headers"].split(";")
    request = (
        asked.command,
        quote(unquote(parts.path), "/"),
        "&".join(f"{name}={value}" for name, value in query),
        *(f"{name}:{(asked.headers[name] or '').strip()}" for name in names),
        "",
        told["headers"],
        digest,
    )
    hashed = hashlib.sha256("\n".join(request).encode()).hexdigest()
    said = "\n".join(("AWS4-HMAC-SHA256", asked.headers["x-amz-date"], told["scope"], hashed))
    key = reduce(_mac, told["scope"].split("/"), f"AWS4{secret}".encode())
    return "host" in names and hmac.compare_digest(_mac(key, said).hex(), told["signature"])


def _mac(key: bytes, said: str) -> bytes:
    return hmac.digest(key, said.encode(), "sha256")


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _fault(code: str) -> bytes:
    return _xml("Error", Code=code, Message=code)


def _xml(name: str, *inner: str, **members: object) -> bytes:
    return ('<?xml version="1.0" encoding="UTF-8"?>' + _element(name, *inner, **members)).encode()


def _element(name: str, *inner: str, **members: object) -> str:
    told = "".join(f"<{member}>{escape(str(value))}</{member}>" for member, value in members.items())
    return f"<{name}>{told}{''.join(inner)}</{name}>"
