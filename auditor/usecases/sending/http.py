"""Post to a web service: no redirects, no proxies, a verified certificate, limits of time and size."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import SplitResult, urlsplit

from auditor.usecases.sending.connection import Limits, Watch, tls_context, told
from auditor.usecases.sending.problem import SendProblem

_LARGEST_ANSWER_BYTES = 16_384
_LONGEST_WAIT_SECONDS = 86_400
_REDIRECTS = range(300, 400)
_DONE = range(200, 300)
REQUEST_TIMEOUT, TOO_EARLY, TOO_MANY = 408, 425, 429


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered; `body` is empty where it took the message on, and at most its beginning."""

    status: int
    body: bytes
    wait_seconds: int

    @property
    def accepted(self) -> bool:
        """Return whether the service took the message on."""
        return self.status in _DONE


def post(url: str, body: bytes, headers: Mapping[str, str], ca: str, limits: Limits) -> Answer:
    """Post bytes to a URL; raise SendProblem for a connection that fails, and for a redirect.

    No problem tells more of the URL than host and port: of Telegram it holds a secret.
    """
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    context = tls_context(ca) if secure else None
    with Watch(limits) as watch, contextlib.closing(HTTPConnection(host, port)) as connection:
        try:
            opened = watch.open(host, port)
            connection.sock = context.wrap_socket(opened, server_hostname=host) if context else opened
            connection.request("POST", _target(parts), body, {"Host": parts.netloc, **headers})
            answer = _answer(connection.getresponse())
        except (OSError, HTTPException) as error:
            raise told(error, host, port, watch) from None
    if answer.status in _REDIRECTS:
        raise SendProblem(
            f"{host}, port {port}: it sends us elsewhere ({answer.status}), which is not followed; "
            "write the final address",
            whole_channel=True,
        )
    return answer


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _answer(response: HTTPResponse) -> Answer:
    # What follows an acceptance is not read: it could only turn a delivered message into a failed one.
    body = b""
    if response.status not in _DONE:
        with contextlib.suppress(OSError, HTTPException):
            body = response.read(_LARGEST_ANSWER_BYTES)
    asked = response.getheader("Retry-After", "")
    wait = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
    return Answer(response.status, body, min(wait, _LONGEST_WAIT_SECONDS))
