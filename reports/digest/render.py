"""A digest in every form that a channel may need."""

from __future__ import annotations

from auditor.model.digest import Digest
from auditor.model.message import Audience, Message
from reports.digest.record import record
from reports.digest.text import as_short, as_text
from reports.digest.view import digest_view
from reports.page import fill
from reports.words import Words


def render(digest: Digest, audience: Audience, language: str) -> Message:
    """Return the message of a digest; raise ReportError for a language that there is none of."""
    view = digest_view(digest, audience, Words(language, digest.timezone))
    subject = f"[{view.mark}] {view.subject}" if view.mark else view.subject
    return Message(
        subject=subject,
        text=as_text(view),
        html=fill("digest.html", language, view=view),
        short=as_short(view),
        language=language,
        classification=digest.classification,
        record=record(digest, audience),
    )
