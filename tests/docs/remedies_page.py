"""The page about remedies that were put in their places: what closed, and what no round trip can show."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from tests.docs.tables import table
from tests.lab.hosts.roundtrip.adapted import NOT_TRIED
from tests.lab.hosts.roundtrip.outcomes import OUTCOMES as HOST_OUTCOMES
from tests.lab.roundtrip.model import Outcome
from tests.lab.roundtrip.outcomes import OUTCOMES, recorded
from tests.lab.roundtrip.reasons import REASONS

_MADE = (
    "<!-- Made by scripts/write-docs from tests/lab/roundtrip/outcomes.json and reasons.py and "
    "from tests/lab/hosts/roundtrip; change those by running the round trips, not this page. -->"
)


def remedies_page() -> Iterator[str]:
    """Yield the lines of docs/remedies.md."""
    outcomes = recorded(OUTCOMES)
    proven = [one for one in outcomes if one.proven]
    checks = {one.check for one in proven}
    yield from (_MADE, "", "# Remedies that were tried", "")
    yield (
        "Each line is one round trip on a real server of the lab: it was broken, an audit found it, the text "
        "that the catalogue gives for its software was put in its place and nothing else, the server was "
        "started anew, `auditor verify` called the finding fixed, and in a whole audit nothing that had "
        "passed before failed. Names, addresses and paths in the texts are examples, and were filled in. "
        "`controls/catalogue/proofs.json` holds the same with a digest of each text: fix lists mark what is "
        "proven, and on what, and a proof counts no more once its text has changed. On the command line: "
        "`auditor controls show CHECK`."
    )
    yield ""
    yield f"{len(proven)} remedies of {len(checks)} checks close their findings."
    yield from ("", "*Also closes*: other findings of the server that the same text closed.", "")
    yield "*Shows*: findings about what was not there before, such as the TLS of a service that had none."
    yield ""
    yield from table(("Check", "Text for", "Tried on", "Also closes", "Shows"), map(_cells, proven))
    yield from ("", "## Not proven, and why", "")
    missing = [one for one in outcomes if not one.proven]
    rows = [*((f"{one.check} ({one.software})", one.problem) for one in missing), *REASONS.items()]
    yield from table(("Check", "Why"), sorted(rows))
    yield from _hosts()


def _hosts() -> Iterator[str]:
    """Yield the part about the inside of hosts, whose remedies are tried on whole hosts."""
    outcomes = recorded(HOST_OUTCOMES)
    proven = [one for one in outcomes if one.proven]
    checks = {one.check for one in proven}
    missing = {one.check: one.problem for one in outcomes if one.check not in checks}
    yield from ("", "## Inside of hosts", "")
    yield (
        "Each line is one round trip on a whole host of the lab: the check failed there, the text was put in "
        "force as root, and the next look over SSH found it passing, and nothing failing that had passed "
        "before. Example names were replaced by those of the finding; packages were fetched beforehand. "
        f"{len(checks)} checks are proven: `python -m tests.lab.hosts.roundtrip`."
    )
    yield ""
    yield from table(("Check", "Text for", "Tried on", "Also closes"), (_host_cells(one) for one in proven))
    yield from ("", "### Not proven on hosts, and why", "")
    reasons = {key.replace("@", " on "): why for key, why in NOT_TRIED.items()}
    yield from table(("Check", "Why"), sorted({**missing, **reasons}.items()))


def _host_cells(one: Outcome) -> Iterator[str]:
    return islice(_cells(one), 4)


def _cells(one: Outcome) -> Iterator[str]:
    yield one.check
    yield one.software.replace("+", ", ")
    yield one.program
    yield ", ".join(one.also_closed)
    yield ", ".join(one.appeared)
