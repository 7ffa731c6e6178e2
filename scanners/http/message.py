"""Requests and answers as values."""

from __future__ import annotations

import codecs
import hashlib
import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([a-z0-9_.:-]{1,40})", re.IGNORECASE)
_KNOWN_CHARSETS = re.compile(
    r"utf-?8|us-ascii|ascii|iso-?8859-\d{1,2}|latin-?1|windows-125\d|cp125\d|utf-16(le|be)?"
)
"""Only these: other codecs of Python are not text encodings, or are slow on hostile input."""


class AnswerError(ValueError):
    """What came back is not a complete HTTP answer."""


class NotHttpError(AnswerError):
    """What came back does not begin like HTTP, or nothing came back."""


class TlsAlertError(NotHttpError):
    """What came back is a TLS alert: the port speaks TLS."""


class ClosedError(NotHttpError):
    """The connection ended without a byte of an answer."""


@dataclass(frozen=True, slots=True)
class Response:
    """One answer. Header names are lower case; `complete` is false when the body was cut short."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    complete: bool = True

    def all(self, name: str) -> list[str]:
        """Return the value of every header of this name, in order."""
        return [value for header, value in self.headers if header == name]

    def first(self, name: str) -> str | None:
        """Return the first header of this name."""
        return next(iter(self.all(name)), None)

    def joined(self, name: str) -> str | None:
        """Return all headers of this name as one list, as RFC 9110, section 5.2, allows."""
        return ", ".join(self.all(name)) or None

    @property
    def encoded(self) -> bool:
        """Return whether the body is compressed although `identity` was asked for; it is never unpacked."""
        return any(value.strip().lower() not in ("", "identity") for value in self.all("content-encoding"))

    def text(self) -> str:
        """Return the body as text: a charset that is not known, or lies, gives replacement characters."""
        match = _CHARSET.search(self.first("content-type") or "")
        name = match[1].lower() if match else "utf-8"
        if not _KNOWN_CHARSETS.fullmatch(name):
            name = "utf-8"
        try:
            codec = codecs.lookup(name)
        except LookupError:
            return self.body.decode("utf-8", "replace")
        return codec.decode(self.body, "replace")[0]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with its answer, of whose body only length and digest are kept."""

    method: str
    target: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body_bytes: int
    body_sha256: str
    complete: bool

    @classmethod
    def of(cls, method: str, target: str, response: Response) -> Exchange:
        """Return what is kept of an exchange."""
        digest = hashlib.sha256(response.body).hexdigest()
        head = (response.status, response.reason, response.headers)
        return cls(method, target, *head, len(response.body), digest, response.complete)


@dataclass(frozen=True, slots=True)
class Site:
    """What is asked: a scheme, and the name or address (without port) it goes by."""

    scheme: str
    name: str
    port: int

    @property
    def host_header(self) -> str:
        """Return the Host header: an IPv6 address in brackets, the port only when it is not the usual one."""
        host = f"[{self.name}]" if ":" in self.name else self.name
        usual = 443 if self.scheme == "https" else 80
        return host if self.port == usual else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """Return the address of the front page."""
        return f"{self.scheme}://{self.host_header}/"

    @property
    def dns_name(self) -> str | None:
        """Return the host name in lower case, or None when the site is known by address only."""
        try:
            ipaddress.ip_address(self.name)
        except ValueError:
            return self.name.lower().rstrip(".")
        return None

    def leads_to_http(self, response: Response) -> bool:
        """Return whether this https site sends visitors back to plain http."""
        location = (response.first("location") or "").strip().lower()
        return self.scheme == "https" and 300 <= response.status < 400 and location.startswith("http:")

    def leads_to_https(self, response: Response, any_name: bool = False) -> bool:
        """Return whether this plain site answers with a redirect to https, of its own name or of any."""
        if self.scheme != "http" or not 300 <= response.status < 400:
            return False
        try:
            location = urlsplit((response.first("location") or "").strip())
            host = location.hostname or ""
        except ValueError:
            return False
        if location.scheme != "https" or not host:
            return False
        return any_name or host.rstrip(".") == self.name.lower().rstrip(".")
