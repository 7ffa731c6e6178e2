"""Ask one site every question in turn, and keep what each answer showed."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin

from auditor.model.evidence import Failure, FailureKind
from auditor.model.facts import JSON
from scanners.dialling import failure_kind
from scanners.http import paths
from scanners.http.client import CRAWLER_AGENT, Client
from scanners.http.content import Seen, login_facts, page_facts, webmail_facts
from scanners.http.disclosure import disclosures
from scanners.http.gambling import gambling_words
from scanners.http.message import AnswerError, Exchange, Response
from scanners.http.neighbours import UNKNOWN_HOST, described, is_neutral
from scanners.http.page import Link, parse_page
from scanners.http.parse import allowed_methods, cookies_of, header_facts, reflects_origin
from scanners.http.published import (
    labelled_documents,
    own_target,
    pages_worth_reading,
    read_security_txt,
    read_sitemap,
    sitemap_target,
)

FOREIGN_ORIGIN = "https://tilik-audit.invalid"
_MALFORMED = "/?id[]=%FF&page[]=%FF"
"""A list where applications expect a word, of bytes that are no text: harmless, and seldom foreseen."""
_TRACE_MARK = "tilik-trace"
_BODY_BYTES = 65_536
_PAGE_BYTES = 1_000_000
_LINKED_PAGES_MAX = 3
_HOPS_MAX = 3
_ASKED_TO_SLOW_DOWN = (429, 503)
_REFUSING = (403, 500, 502, 504)
_FAILURES_IN_A_ROW_MAX = 2
_TIMEOUTS_IN_A_ROW_MAX = 3
"""Then the host is left alone: what was not asked stays missing. Firewalls drop OPTIONS and TRACE silently,
so two answers that never come do not yet mean that the site hangs."""
OtherClient = Callable[[], Client]


@dataclass(slots=True)
class Survey:
    """What has been learnt about one site. A question without an answer leaves its facts missing."""

    client: Client
    nameless: OtherClient
    """Gives a client that names no host in TLS, for asking as somebody who knows the address alone."""
    facts: dict[str, JSON] = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)
    failure: Failure | None = None
    _failures_in_a_row: int = 0
    _timeouts_in_a_row: int = 0

    def measure(self, root: Response, missing_path: str) -> None:
        """Learn everything, given the answer to GET / and a path that surely does not exist."""
        self._measure(root, missing_path)
        # Last, because many servers close the connection after they refused it.
        trace = self._ask("TRACE", "/", (("X-Tilik", _TRACE_MARK),))
        if trace is not None:
            echoed = b"TRACE / HTTP/" in trace.body and _TRACE_MARK.encode() in trace.body
            self.facts["http.trace"] = trace.status == 200 and echoed

    def _measure(self, root: Response, missing_path: str) -> None:
        site = self.client.site
        milliseconds = round(self.client.last_seconds * 1000)
        self.exchanges.append(Exchange.of("GET", "/", root))
        self.facts |= header_facts(site, root)
        foreign = self._ask("GET", "/", (("Origin", FOREIGN_ORIGIN),))
        if foreign is not None:
            self.facts["http.cors_reflects_origin"] = reflects_origin(foreign, FOREIGN_ORIGIN)
            milliseconds = min(milliseconds, round(self.client.last_seconds * 1000))
        self.facts["http.milliseconds"] = milliseconds
        options = self._ask("OPTIONS", "/")
        if options is not None:
            self.facts["http.methods"] = list(allowed_methods(options))
        self._ask_security_txt()
        missing = self._ask("GET", missing_path)
        refused = missing is not None and root.status in _REFUSING and missing.status in _REFUSING
        if refused:
            # What others see of this site was not shown to the auditor: nothing is read off a refusal.
            self.failure = Failure(FailureKind.REFUSED, f"every path is answered {root.status}")
            return
        if missing is not None and self._leads_away(root, missing, missing_path):
            self._nothing_here(root)
            return
        self._read_pages(root, missing)

    def _read_pages(self, root: Response, missing: Response | None) -> None:
        pages = self._pages(root)
        self.facts |= page_facts(self.client.site, pages)
        self._ask_unknown_host(pages[0])
        self._ask_for_errors(root, missing)
        self._ask_for_gambling(pages)
        if missing is not None:
            self._ask_exposed_paths(root, missing)
            self._ask_logins(pages, root, missing)

    def _nothing_here(self, root: Response) -> None:
        """Every path leads away to https: nothing is served here, so the server is spared the rest."""
        seen = Seen.of("/", root)
        self.facts |= page_facts(self.client.site, [seen])
        self.facts |= login_facts(self.client.site, [seen], True) | webmail_facts([seen], True)
        self.facts |= {fact: [] for fact in paths.EXPOSURE_FACTS}
        self.facts |= {"http.gambling_words": [], "http.gambling_to_crawlers": [], "http.error_discloses": []}
        self.facts |= {"http.labelled_documents": [], "http.unknown_host_answers": []}
        self.facts["http.unknown_host_neutral"] = True

    def _pages(self, root: Response) -> list[Seen]:
        """Return the front page first, then those of this site that say most about it."""
        site = self.client.site
        pages = [self._landing(root)]
        for target in pages_worth_reading(pages[0].page, site, _LINKED_PAGES_MAX):
            answer = self._ask("GET", target, body_bytes=_PAGE_BYTES)
            seen = None if answer is None else Seen.of(target.partition("?")[0], answer)
            if seen is not None and seen.response.status == 200 and seen.whole:
                pages.append(seen)
        return pages

    def _landing(self, root: Response) -> Seen:
        """Return the page that visitors of / come to on this very site; GET / itself when they leave it."""
        site, seen, asked = self.client.site, Seen.of("/", root), {"/"}
        while 300 <= seen.response.status < 400 and len(asked) <= _HOPS_MAX:
            try:
                location = urljoin(site.url + seen.path.lstrip("/"), seen.response.first("location") or "")
            except ValueError:
                break  # a target that is no URL leads nowhere
            target = own_target(site, location)
            answer = None if target is None or target in asked else self._ask("GET", target, (), _PAGE_BYTES)
            if target is None or answer is None:
                break
            asked.add(target)
            seen = Seen.of(target.partition("?")[0], answer)
        return seen if seen.response.status < 300 else Seen.of("/", root)

    def _ask(
        self,
        method: str,
        target: str,
        headers: tuple[tuple[str, str], ...] = (),
        body_bytes: int = _BODY_BYTES,
        client: Client | None = None,
    ) -> Response | None:
        """Return the answer, or None when there was none or the server asked for a pause."""
        if self._given_up:
            return None
        try:
            response = (client or self.client).ask(method, target, headers, body_bytes)
        except OSError as error:
            self._failed(failure_kind(error), f"{method} {target}: {error}")
            return None
        except AnswerError as error:
            self._failed(FailureKind.PROTOCOL, f"{method} {target}: {error}")
            return None
        self.exchanges.append(Exchange.of(method, target, response))
        if response.status in _ASKED_TO_SLOW_DOWN:
            self._failed(FailureKind.REFUSED, f"{method} {target}: answered {response.status}")
            return None
        self._failures_in_a_row = self._timeouts_in_a_row = 0
        return response

    @property
    def _given_up(self) -> bool:
        others = self._failures_in_a_row - self._timeouts_in_a_row
        return others >= _FAILURES_IN_A_ROW_MAX or self._failures_in_a_row >= _TIMEOUTS_IN_A_ROW_MAX

    def _failed(self, kind: FailureKind, detail: str) -> None:
        self._failures_in_a_row += 1
        self._timeouts_in_a_row += kind is FailureKind.TIMEOUT
        self.failure = self.failure or Failure(kind, detail)

    def _leads_away(self, root: Response, missing: Response, missing_path: str) -> bool:
        """Return whether the whole site, and not only its error page, is a redirect to https.

        Of a missing path alone it is not known: `ErrorDocument 404 https://…` leads away, beside real files.
        """
        if not all(self.client.site.leads_to_https(one, any_name=True) for one in (root, missing)):
            return False
        to = missing.first("location") or ""
        return to == root.first("location") or missing_path in to

    def _ask_security_txt(self) -> None:
        asked = paths.SECURITY_TXT
        response = self._ask("GET", asked.path)
        if response is None or (served := _shows(asked, response)) is None:
            return
        said = read_security_txt(response.text() if served else "")
        self.facts["http.security_txt"] = served
        self.facts["http.security_txt_contacts"] = list(said.contacts)
        self.facts["http.security_txt_expires"] = said.expires

    def _ask_unknown_host(self, own: Seen) -> None:
        site = self.client.site
        if site.dns_name is None:
            self.facts |= {"http.unknown_host_neutral": None, "http.unknown_host_answers": []}
            return
        client = self.nameless()
        hosts = (client.dialer.address, UNKNOWN_HOST)
        try:
            found = [self._neutral(client, host, own) for host in hosts]
        except ssl.SSLError:
            # Who names no host in TLS gets no connection at all: none of the two is shown anything.
            found = [(True, described(host, None)) for host in hosts]
        finally:
            if client is not self.client:
                client.close()
        answers = [neutral for neutral, _ in found]
        if False in answers or None not in answers:
            self.facts["http.unknown_host_neutral"] = False not in answers
            self.facts["http.unknown_host_answers"] = [text for _, text in found]

    def _neutral(self, client: Client, host: str, own: Seen) -> tuple[bool | None, str]:
        """Return what one strange host is shown. Whoever hangs up on it, or refuses TLS, shows nothing."""
        if self._given_up:
            return None, ""
        try:
            response = client.ask("GET", "/", (("Host", f"[{host}]" if ":" in host else host),), _PAGE_BYTES)
        except TimeoutError:
            return None, ""
        except ssl.SSLError:
            raise
        except (OSError, AnswerError):
            return True, described(host, None)
        self.exchanges.append(Exchange.of("GET", f"/ (Host: {host})", response))
        if response.status in _ASKED_TO_SLOW_DOWN:
            return None, ""
        return is_neutral(client.site, host, own, response), described(host, response)

    def _ask_for_errors(self, root: Response, missing: Response | None) -> None:
        malformed = self._ask("GET", _MALFORMED)
        usual = set() if root.encoded else set(disclosures(parse_page(root.text()).text))
        answers = [answer for answer in (missing, malformed) if answer is not None and not answer.encoded]
        found: list[JSON] = []
        for answer in answers:
            # What the front page says anyway is its content, and no error.
            shown = set(disclosures(parse_page(answer.text()).text))
            found.extend(sorted(shown - (usual if answer is malformed else set()) - set(map(str, found))))
        if found or (len(answers) == 2 and all(answer.complete for answer in answers)):
            self.facts["http.error_discloses"] = found

    def _ask_for_gambling(self, pages: list[Seen]) -> None:
        robots = self._ask("GET", "/robots.txt")
        target = sitemap_target(
            "" if robots is None or robots.status != 200 else robots.text(), self.client.site
        )
        answer = self._ask("GET", target, body_bytes=_PAGE_BYTES)
        listed = read_sitemap(answer.text()) if answer is not None and answer.status == 200 else []
        words = {word for seen in pages for word in gambling_words(seen.page.text, seen.page.links)}
        words |= set(gambling_words("", listed))
        whole = answer is not None and not answer.encoded and all(seen.whole for seen in pages)
        if words or whole:
            self.facts["http.gambling_words"] = sorted(words)
        links = [link for seen in pages for link in seen.page.anchors] + [Link(address) for address in listed]
        documents = labelled_documents(links)
        if documents or whole:
            self.facts["http.labelled_documents"] = list(documents)
        self._ask_as_crawler(pages[0], words)

    def _ask_as_crawler(self, front: Seen, known: set[str]) -> None:
        """Injected pages are often shown to search engines alone."""
        response = self._ask("GET", front.path, (("User-Agent", CRAWLER_AGENT),), _PAGE_BYTES)
        if response is None:
            return
        if response.status >= 400 and front.response.status < 400:
            self.facts["http.gambling_to_crawlers"] = None
            return
        seen = Seen.of(front.path, response)
        links = [*seen.page.links, response.first("location") or ""]
        words = set(gambling_words(seen.page.text, links)) - known
        if words or seen.whole:
            self.facts["http.gambling_to_crawlers"] = sorted(words)

    def _ask_exposed_paths(self, root: Response, missing: Response) -> None:
        """Ask every path; a list with a path left unanswered stays missing unless it holds something."""
        found: dict[str, list[JSON]] = {fact: [] for fact in paths.EXPOSURE_FACTS}
        for at_root in (paths.ROOT_LISTING, paths.ROOT_PANEL):
            if at_root.shown_by(root):
                found[at_root.fact].append("/")
        unanswered: set[str] = set()
        for asked in (*paths.PATHS, *paths.named_after(self.client.site.dns_name)):
            response = self._ask("GET", asked.path)
            shown = None if response is None else _shows(asked, response)
            if shown is None:
                unanswered.add(asked.fact)
            elif shown and asked.shown_by(missing):
                # The same content at a path that nobody uses: what lies here is hidden behind it.
                unanswered.add(asked.fact)
            elif shown:
                found[asked.fact].append(asked.path.partition("?")[0])
        self.facts |= {fact: list(shown) for fact, shown in found.items() if shown or fact not in unanswered}

    def _ask_logins(self, pages: list[Seen], root: Response, missing: Response) -> None:
        """Look for logins at the usual paths, and read their forms beside those of the other pages."""
        own = paths.LOGIN_PATHS_OF.get(str(self.facts.get("http.cms")))
        targets = [*paths.LOGIN_PATHS, *([own] if own else [])]
        seen_already = {seen.path for seen in pages}
        answers = {target: self._ask("GET", target) for target in targets if target not in seen_already}
        everywhere = missing.status == 200
        found = [
            Seen.of(target, answer)
            for target, answer in answers.items()
            if answer is not None and answer.status == 200 and not everywhere
        ]
        logins = [*pages, *(seen for seen in found if any(form.password for form in seen.page.forms))]
        whole = None not in answers.values() and all(seen.whole for seen in found)
        self.facts |= login_facts(self.client.site, logins, whole) | webmail_facts([*pages, *found], whole)
        cookies: list[JSON] = []
        for one in (root, *(seen.response for seen in logins)):
            cookies.extend(cookie for cookie in cookies_of(one) if cookie not in cookies)
        self.facts["http.cookies"] = cookies


def _shows(asked: paths.AskedPath, response: Response) -> bool | None:
    """Return whether the answer holds the real content; None when what came cannot tell."""
    if asked.shown_by(response):
        return True
    stuck = not response.complete and len(response.body) < _BODY_BYTES
    return None if stuck or not asked.readable(response) else False
