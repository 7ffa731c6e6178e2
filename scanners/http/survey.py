"""Ask one site every question in turn, and keep what each answer showed."""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.model.evidence import Failure, FailureKind
from auditor.model.facts import JSON
from scanners.dialling import failure_kind
from scanners.http import paths
from scanners.http.client import Client
from scanners.http.content import page_facts
from scanners.http.disclosure import disclosures
from scanners.http.message import AnswerError, Exchange, Response
from scanners.http.page import parse_page
from scanners.http.parse import allowed_methods, header_facts, reflects_origin

FOREIGN_ORIGIN = "https://tilik-audit.invalid"
_TRACE_MARK = "tilik-trace"
_BODY_BYTES = 65_536
_ASKED_TO_SLOW_DOWN = (429, 503)
_REFUSING = (403, 500, 502, 504)
_OF_THE_PAGE = (
    "http.default_page",
    "http.gambling_words",
    "http.generator",
    "http.mixed_content",
    "http.password_form",
    "http.password_form_insecure",
)
_FAILURES_IN_A_ROW_MAX = 2
"""Then the host is left alone: what was not asked stays missing."""


@dataclass(slots=True)
class Survey:
    """What has been learnt about one site. A question without an answer leaves its facts missing."""

    client: Client
    facts: dict[str, JSON] = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)
    failure: Failure | None = None
    _failures_in_a_row: int = 0

    def measure(self, root: Response, missing_path: str) -> None:
        """Learn everything, given the answer to GET / and a path that surely does not exist."""
        self.exchanges.append(Exchange("GET", "/", root))
        self.facts |= header_facts(self.client.site, root)
        self.facts |= page_facts(self.client.site, root)
        self._ask_methods()
        self._ask_as_foreign_origin()
        self._ask_security_txt()
        missing = self._ask("GET", missing_path)
        if missing is None:
            return
        if root.status in _REFUSING and missing.status in _REFUSING:
            self._refused(root)
            return
        self._read_error_page(missing)
        if self._leads_away(root, missing, missing_path):
            # Every path leads away: nothing is served here, so the server is spared the other requests.
            self.facts |= {fact: [] for fact in paths.EXPOSURE_FACTS}
        else:
            self._ask_exposed_paths(root, missing)

    def _refused(self, root: Response) -> None:
        """Keep nothing read off a refusal: what others see of this site was not shown to the auditor."""
        for fact in _OF_THE_PAGE:
            self.facts.pop(fact, None)
        self.failure = Failure(FailureKind.REFUSED, f"every path is answered {root.status}")

    def _ask(self, method: str, target: str, headers: tuple[tuple[str, str], ...] = ()) -> Response | None:
        """Return the answer, or None when there was none or the server asked for a pause."""
        if self._failures_in_a_row >= _FAILURES_IN_A_ROW_MAX:
            return None
        try:
            response = self.client.ask(method, target, headers, _BODY_BYTES)
        except OSError as error:
            self._failed(failure_kind(error), f"{method} {target}: {error}")
            return None
        except AnswerError as error:
            self._failed(FailureKind.PROTOCOL, f"{method} {target}: {error}")
            return None
        self.exchanges.append(Exchange(method, target, response))
        if response.status in _ASKED_TO_SLOW_DOWN:
            self._failed(FailureKind.REFUSED, f"{method} {target}: answered {response.status}")
            return None
        self._failures_in_a_row = 0
        return response

    def _failed(self, kind: FailureKind, detail: str) -> None:
        self._failures_in_a_row += 1
        self.failure = self.failure or Failure(kind, detail)

    def _leads_away(self, root: Response, missing: Response, missing_path: str) -> bool:
        """Return whether the whole site, and not only its error page, is a redirect to https.

        Of a missing path alone it is not known: `ErrorDocument 404 https://…` leads away, beside real files.
        """
        if not all(self.client.site.leads_to_https(one, any_name=True) for one in (root, missing)):
            return False
        to = missing.first("location") or ""
        return to == root.first("location") or missing_path in to

    def _ask_methods(self) -> None:
        options = self._ask("OPTIONS", "/")
        if options is not None:
            self.facts["http.methods"] = list(allowed_methods(options))
        trace = self._ask("TRACE", "/", (("X-Tilik", _TRACE_MARK),))
        if trace is not None:
            echoed = b"TRACE / HTTP/" in trace.body and _TRACE_MARK.encode() in trace.body
            self.facts["http.trace"] = trace.status == 200 and echoed

    def _ask_as_foreign_origin(self) -> None:
        response = self._ask("GET", "/", (("Origin", FOREIGN_ORIGIN),))
        if response is not None:
            self.facts["http.cors_reflects_origin"] = reflects_origin(response, FOREIGN_ORIGIN)

    def _ask_security_txt(self) -> None:
        asked = paths.SECURITY_TXT
        response = self._ask("GET", asked.path)
        if response is not None and (served := _shows(asked, response)) is not None:
            self.facts["http.security_txt"] = served

    def _read_error_page(self, missing: Response) -> None:
        if missing.encoded:
            return
        found: list[JSON] = list(disclosures(parse_page(missing.text()).text))
        if found or missing.complete:
            self.facts["http.error_discloses"] = found

    def _ask_exposed_paths(self, root: Response, missing: Response) -> None:
        """Ask every path; a list with a path left unanswered stays missing unless it holds something."""
        found: dict[str, list[JSON]] = {fact: [] for fact in paths.EXPOSURE_FACTS}
        if paths.ROOT_LISTING.shown_by(root):
            found[paths.LISTING].append("/")
        unanswered: set[str] = set()
        for asked in paths.PATHS:
            response = self._ask("GET", asked.path)
            shown = None if response is None else _shows(asked, response)
            if shown is None:
                unanswered.add(asked.fact)
            elif shown and asked.shown_by(missing):
                # The same content at a path that nobody uses: what lies here is hidden behind it.
                unanswered.add(asked.fact)
            elif shown:
                found[asked.fact].append(asked.path)
        self.facts |= {fact: list(shown) for fact, shown in found.items() if shown or fact not in unanswered}


def _shows(asked: paths.AskedPath, response: Response) -> bool | None:
    """Return whether the answer holds the real content; None when what came cannot tell."""
    if asked.shown_by(response):
        return True
    stuck = not response.complete and len(response.body) < _BODY_BYTES
    return None if stuck or not asked.readable(response) else False
