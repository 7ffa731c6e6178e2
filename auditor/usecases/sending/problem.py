"""Why a message could not be handed over, in words that hold no secret."""

from __future__ import annotations

import base64
from urllib.parse import quote

from reports.visible import clipped

_LONGEST = 300
_HIDDEN = "***"


class SendProblem(Exception):
    """Why one attempt failed. `lasting`: another would fail as well; `whole_channel`: for every address."""

    def __init__(
        self,
        problem: str,
        *,
        lasting: bool = False,
        whole_channel: bool = False,
        wait_seconds: int = 0,
    ):
        super().__init__(problem)
        self.problem = problem
        self.lasting = lasting
        self.whole_channel = whole_channel
        self.wait_seconds = wait_seconds
        """How long the service asks to be left alone; 0 when it asks for nothing."""


def without_secret(text: str, secret: str, user: str = "") -> str:
    """Return a text of bounded length without a secret, in whatever form a server may have repeated it."""
    for form in _forms(secret, user) if secret else ():
        text = text.replace(form, _HIDDEN)
    return clipped(text, _LONGEST)


def _forms(secret: str, user: str) -> tuple[str, ...]:
    plain = secret.encode()
    logins = (
        plain,
        b"\0" + user.encode() + b"\0" + plain,
        user.encode() + b"\0" + user.encode() + b"\0" + plain,
    )
    encoded = (base64.b64encode(login).decode() for login in logins)
    # Longest first: the secret alone may be a part of a longer form.
    forms = {
        secret,
        quote(secret, safe=""),
        plain.hex(),
        *(form for one in encoded for form in (one, one.rstrip("="))),
    }
    return tuple(sorted(forms, key=len, reverse=True))
