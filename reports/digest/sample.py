"""A message that tries out a channel and tells nothing of any audit."""

from __future__ import annotations

from datetime import datetime

from auditor.model.message import Message
from reports.digest.text import as_short, as_text
from reports.digest.view import DigestView
from reports.page import fill
from reports.visible import shown
from reports.words import Words


def sample(organization: str, timezone: str, language: str, now: datetime) -> Message:
    """Return a message for whoever sets up a channel; raise ReportError for an unknown language."""
    words = Words(language, timezone)
    title = words.say("Trial message of the auditor")
    view = DigestView(
        subject=title,
        organization=shown(organization),
        office="",
        mark="",
        title=title,
        whom=words.moment(now),
        moment=words.moment(now),
        lead=(words.say("This channel works. Digests of audits will come over it."),),
        numbers=(),
        sections=(),
        foot=(),
        language=language,
    )
    html = fill("digest.html", language, view=view)
    record = {"schema": "tilik-sample-1", "at": now.isoformat()}
    return Message(title, as_text(view), html, as_short(view), language, "", record)
