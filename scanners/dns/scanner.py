"""Examine one domain by questions to the resolvers alone, but for two files of its own mail hosts."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field

import dns.version

from auditor.model.evidence import Failure, FailureKind, Observation, RawOutput
from auditor.model.facts import JSON, Facts, FactSpec
from auditor.model.plan import Task
from scanners.base import Limits, Pace
from scanners.dialling import Deadline, failure_kind
from scanners.dns import leftovers, mail, zone
from scanners.dns.answers import Unanswered
from scanners.dns.asking import Asker, Reply
from scanners.dns.dane import Reach, tlsa_facts
from scanners.dns.domain import Domain, shown
from scanners.dns.facts import FACTS
from scanners.dns.names import COMMON_LABELS, look_at_names
from scanners.dns.options import Options, OptionsError, read_name, read_options
from scanners.dns.policy_file import mta_sts_mode_facts

_QUESTIONS, _QUESTIONS_PER_NAME = 100, 3
_PARTS: tuple[Callable[[Domain], Facts], ...] = (
    zone.name_server_facts,
    zone.name_server_address_facts,
    zone.signing_facts,
    zone.authenticated_facts,
    zone.caa_facts,
    mail.mx_facts,
    mail.spf_facts,
    mail.spf_tree_facts,
    mail.dmarc_facts,
    mail.dkim_facts,
    mail.transport_facts,
)


@dataclass(slots=True)
class _Findings:
    """What has been learnt so far, and why the first missing part is missing."""

    facts: dict[str, JSON] = field(default_factory=dict)
    failure: Failure | None = None

    def take(self, part: str, ask: Callable[[], Facts]) -> None:
        """Ask for one part; leave its facts missing where no answer decides them."""
        try:
            self.facts |= ask()
        except Unanswered as error:
            self.note(Failure(error.kind, f"{part}: {error.detail}"))
        except OSError as error:
            self.note(Failure(failure_kind(error), f"{part}: {error}"))

    def note(self, failure: Failure) -> None:
        """Keep the first failure: the others often follow from it."""
        self.failure = self.failure or failure


class DnsScanner:
    """Observe a domain's delegation, signing, mail policy and names.

    The task's `server_name` is the domain. Options: `resolvers` (texts "address" or "address:port"),
    `names` and `addresses` of the inventory, `released` (addresses of its retired servers), `reachable`
    (addresses that may be connected to, for the policy file of MTA-STS and the certificates that DANE names),
    `dkim_selectors`, `mail`, `expires` (a date), `public_view` (the resolvers see what the public sees; by
    default where all have public addresses), `trust_anchors` (path of a PEM file).
    """

    def __init__(self, https_port: int = 443, smtp_port: int = 25) -> None:
        self.name = "dns"
        self.facts: tuple[FactSpec, ...] = FACTS
        self._https_port = https_port
        self._smtp_port = smtp_port

    def scan(self, task: Task, limits: Limits, pace: Pace) -> Observation:
        """Measure one domain; what no answer decides stays missing."""
        found = _Findings()
        replies: list[Reply] = []
        options: Options | None = None
        try:
            options = read_options(task.options)
            name = read_name(task.server_name)
        except OptionsError as error:
            found.note(Failure(FailureKind.TOOL_MISSING, str(error)))
        else:
            deadline = Deadline.after(limits.timeout_seconds)
            names = len(options.names) + len(COMMON_LABELS)
            asker = Asker(options.resolvers, limits, pace, deadline, _QUESTIONS + _QUESTIONS_PER_NAME * names)
            reach = Reach(limits, pace, deadline, self._https_port, self._smtp_port)
            _examine(Domain(name, options, asker), reach, found)
            replies = asker.replies
        return Observation(
            tool="dnspython",
            tool_version=dns.version.version,
            settings=_settings(options),
            facts=found.facts,
            failure=found.failure,
            raw=_raw(replies),
        )


def _examine(domain: Domain, reach: Reach, found: _Findings) -> None:
    found.facts |= _inventory_facts(domain.options)
    found.take("exists", lambda: {"domain.exists": _exists(domain)})
    if found.facts.get("domain.exists") is not True:
        return
    found.take("zone", lambda: {"domain.zone": shown(domain.zone_of(domain.name))})
    for part in _PARTS:
        found.take(part.__name__.removesuffix("_facts"), lambda part=part: part(domain))  # type: ignore[misc]
    found.take("mta_sts_mode", lambda: mta_sts_mode_facts(domain, reach))
    found.take("tlsa", lambda: tlsa_facts(domain, reach))
    looks = look_at_names(domain)
    found.facts |= leftovers.name_facts(looks)
    found.facts |= leftovers.address_facts(domain, looks)
    found.facts |= leftovers.dangling_facts(domain, looks)
    if looks.failure is not None:
        found.note(Failure(looks.failure.kind, f"{looks.unanswered[0]}: {looks.failure.detail}"))


def _inventory_facts(options: Options) -> Facts:
    known: Facts = {"domain.mail": options.mail, "domain.expires": options.expires}
    return {name: value for name, value in known.items() if value is not None}


def _exists(domain: Domain) -> bool:
    answer = domain.asker.ask(domain.name, "SOA")
    return answer.exists or bool(answer.aliases)


def _settings(options: Options | None) -> dict[str, JSON]:
    if options is None:
        return {}
    return {
        "resolvers": [f"{address} port {port}" for address, port in options.resolvers],
        "names": len(options.names),
        "dkim_selectors": sorted(options.dkim_selectors),
        "public_view": options.public_view,
        "trust_anchors": options.trust_anchors,
    }


def _raw(replies: list[Reply]) -> tuple[RawOutput, ...]:
    """Return every answer, one line each: resolver, question, and the message in base64."""
    lines = [
        f"{reply.resolver[0]} {reply.resolver[1]} {reply.question} {base64.b64encode(reply.wire).decode()}\n"
        for reply in replies
    ]
    return (RawOutput("answers", "text/plain", "".join(lines).encode()),) if lines else ()
