"""What an OPD sets up so that the inside of a server can be looked at: a script to read and to run."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from jinja2 import Environment

from reports.templating import environment
from reports.visible import shown
from reports.words import Words


@dataclass(frozen=True, slots=True)
class RootCommand:
    """A command that is run as root: what it is for, its program, and the text as sudoers takes it."""

    key: str
    program: str
    argument: str
    """The one argument of `sh -c`."""


@dataclass(frozen=True, slots=True)
class HostAccessGuide:
    """What the script is about."""

    server: str
    organization: str
    reference: str
    user: str
    public_key: str
    sources: tuple[str, ...]
    """Addresses that the auditor comes from; empty: any."""
    until: date
    """Last day of the assignment."""
    sudo_defaults: tuple[str, ...]
    """Lines of sudoers about how; releases that do not know the last one go without it."""
    commands: tuple[RootCommand, ...]
    """What is run as root; empty where sudo is not asked for."""
    timezone: str


@cache
def _environment(language: str) -> Environment:
    # A shell script is not escaped as a page is: every value is quoted for the shell or made one line.
    made = environment(language, autoescape=False, keep_trailing_newline=True)
    made.filters["quoted"] = shlex.quote
    made.filters["line"] = shown
    return made


def host_access_script(guide: HostAccessGuide, language: str) -> str:
    """Return a POSIX sh script that sets up the account, its key and what it may run as root."""
    restrictions = ["restrict"]
    if guide.sources:
        restrictions.append(f'from="{",".join(guide.sources)}"')
    entry = f"{','.join(restrictions)} {guide.public_key} {guide.user}"
    words = Words(language, guide.timezone)
    page = _environment(language).get_template("host-access.sh")
    # From its day of expiry on an account is closed, and the last day of an assignment is included.
    closed = guide.until + timedelta(days=1)
    return page.render(guide=guide, entry=entry, until=words.day(guide.until), closed=closed.isoformat())
