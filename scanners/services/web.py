"""Ask a port for HTTP, and what answers there for what it gives to strangers.

Interfaces are told by what their root says of itself, the ones without a root by their port number. One
request each: a list of names, or a count. Bodies are read to a bound and not kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from auditor.model.facts import Facts
from scanners.services.answers import AnswerError, text_of
from scanners.services.context import Context
from scanners.services.conversation import Conversation
from scanners.services.products import described, product_of

USER_AGENT = "Tilik/0.1 (security audit by the organisation's IT office)"
_BODY_BYTES = 16_384
_HEAD_LINES = 200
_SITES = frozenset({80, 443})
"""Ports of whole web sites, whose page need not be made for us: HEAD tells enough."""
_REFUSED = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: status, headers by lower-case name, and the beginning of the body."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def content(self) -> dict[str, object]:
        """Return the body as a JSON object, empty when it is none."""
        try:
            content = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return content if isinstance(content, dict) else {}


def parse_head(lines: list[bytes]) -> Answer:
    """Return status and headers of an answer, given its lines up to the empty one; raise AnswerError."""
    found = re.match(rb"HTTP/[0-9.]{1,4} ([1-5][0-9]{2})(?:[ \r\n]|$)", lines[0]) if lines else None
    if found is None:
        raise AnswerError("not an HTTP answer")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        if colon:
            headers.setdefault(text_of(name).lower(), text_of(value))
    return Answer(int(found[1]), headers)


def exchange(talk: Conversation, request: bytes, *, body: bool = True) -> Answer:
    """Send a request and return its answer, with as much of the body as is worth reading."""
    talk.send(request)
    lines: list[bytes] = []
    while len(lines) < _HEAD_LINES:
        line = talk.line()
        if not line.strip(b"\r\n"):
            break
        lines.append(line)
        if len(lines) == 1:
            parse_head(lines)
    answer = parse_head(lines)
    return Answer(answer.status, answer.headers, _body(talk, answer.headers) if body else b"")


def _body(talk: Conversation, headers: dict[str, str]) -> bytes:
    length = headers.get("content-length", "")
    chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    wanted = min(int(length), _BODY_BYTES) if re.fullmatch("[0-9]{1,9}", length) else _BODY_BYTES
    body = b""
    try:
        while len(body) < wanted and not (chunked and body.endswith(b"0\r\n\r\n")):
            body += talk.some()
    except (EOFError, OSError):
        pass
    return _unchunked(body) if chunked else body[:_BODY_BYTES]


def _unchunked(body: bytes) -> bytes:
    """Join the whole chunks; JSON that is cut will not be read anyway."""
    joined = b""
    while found := re.match(rb"([0-9a-fA-F]{1,6})[^\r\n]{0,100}\r\n", body):
        size = int(found[1], 16)
        joined += body[found.end() : found.end() + size]
        body = body[found.end() + size + 2 :]
        if not size:
            break
    return joined


def request(context: Context, method: str, path: str, content: str = "") -> bytes:
    """Return a request of ours."""
    address = context.dialer.address
    host = context.server_name or (f"[{address}]" if ":" in address else address)
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}:{context.port}", f"User-Agent: {USER_AGENT}"]
    lines += ["Accept: */*", "Accept-Encoding: identity"]
    if content:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + content).encode()


def ask_http(talk: Conversation, context: Context) -> Iterator[Facts]:
    """Ask for the root, tell what it is, and ask an interface whether it obeys strangers."""
    method = "HEAD" if context.port in _SITES else "GET"
    root = exchange(talk, request(context, method, "/"), body=method == "GET")
    if talk.tls is False and _wants_tls(root):
        return
    yield {"service.name": "http", **product_of("http", root.headers.get("server", ""))}
    for recognises, asks in _INTERFACES:
        if recognises(root, context.port):
            yield from asks(root, _Site(talk, context))
            return


def _wants_tls(root: Answer) -> bool:
    """Return whether a TLS port explained in plain HTTP that it wants TLS."""
    return (
        root.status == 400
        and re.search(
            rb"plain HTTP request was sent to HTTPS|request to an HTTPS server|speaking plain HTTP to an SSL",
            root.body,
        )
        is not None
    )


@dataclass(slots=True)
class _Site:
    """Asks on the same connection as long as it lives."""

    talk: Conversation
    context: Context

    def ask(self, method: str, path: str, content: str = "") -> Answer:
        asked = request(self.context, method, path, content)
        try:
            return exchange(self.talk, asked)
        except (EOFError, ConnectionError):
            self.talk.close()
            self.talk = self.context.open_like(self.talk)
            return exchange(self.talk, asked)


def _elasticsearch(root: Answer, _site: _Site) -> Iterator[Facts]:
    version = root.content.get("version")
    number = version.get("number") if isinstance(version, dict) else None
    yield described(
        "Elasticsearch REST API", number if isinstance(number, str) else None, "elasticsearch:elasticsearch"
    )
    # With security on, the root too is told to users alone.
    yield {"elasticsearch.unauthenticated": root.status == 200}


def _is_elasticsearch(root: Answer, _port: int) -> bool:
    content = root.content
    if "cluster_name" in content and isinstance(content.get("version"), dict):
        return root.status == 200
    return root.status in _REFUSED and b"security_exception" in root.body


def _couchdb(root: Answer, site: _Site) -> Iterator[Facts]:
    version = root.content.get("version")
    yield described("CouchDB httpd", version if isinstance(version, str) else None, "apache:couchdb")
    status = site.ask("GET", "/_all_dbs?limit=1").status
    if status == 200 or status in _REFUSED:
        yield {"couchdb.unauthenticated": status == 200}


def _docker(_root: Answer, site: _Site) -> Iterator[Facts]:
    answer = site.ask("GET", "/version")
    content = answer.content
    if answer.status in _REFUSED:
        yield {"docker.unauthenticated": False}
    elif answer.status == 200 and "ApiVersion" in content:
        version = content.get("Version")
        yield {
            "service.name": "docker",
            **described("Docker", version if isinstance(version, str) else None, "docker:docker"),
            "docker.unauthenticated": True,
        }


def _is_docker(root: Answer, port: int) -> bool:
    return (
        port in (2375, 2376)
        or "api-version" in root.headers
        or "docker" in root.headers.get("server", "").lower()
    )


def _kubernetes(path: str) -> Callable[[Answer, _Site], Iterator[Facts]]:
    def ask(_root: Answer, site: _Site) -> Iterator[Facts]:
        answer = site.ask("GET", path)
        if answer.status in _REFUSED:
            yield {
                **described("Kubernetes", None, "kubernetes:kubernetes"),
                "kubernetes.unauthenticated": False,
            }
        elif answer.status == 200 and re.search(rb'"kind"\s*:\s*"\w+List"', answer.body):
            yield {
                **described("Kubernetes", None, "kubernetes:kubernetes"),
                "kubernetes.unauthenticated": True,
            }

    return ask


def _is_kubernetes(root: Answer, _port: int) -> bool:
    content = root.content
    return (content.get("kind") == "Status" and content.get("apiVersion") == "v1") or "/apis" in str(
        content.get("paths", "")
    )


def _etcd(_root: Answer, site: _Site) -> Iterator[Facts]:
    version = site.ask("GET", "/version").content.get("etcdserver")
    if not isinstance(version, str):
        return
    yield {**described("etcd", version, "etcd:etcd")}
    # The number of keys, not their names or values: reading them is what a stranger should not be able to do.
    answer = site.ask("POST", "/v3/kv/range", '{"key":"AA==","range_end":"AA==","count_only":true}')
    if answer.status == 200 and "header" in answer.content:
        yield {"etcd.unauthenticated": True}
    elif answer.status in _REFUSED or b"user name is empty" in answer.body:
        yield {"etcd.unauthenticated": False}


_INTERFACES: tuple[tuple[Callable[[Answer, int], bool], Callable[[Answer, _Site], Iterator[Facts]]], ...] = (
    (_is_elasticsearch, _elasticsearch),
    (lambda root, _port: root.content.get("couchdb") == "Welcome", _couchdb),
    (_is_docker, _docker),
    (lambda _root, port: port in (10250, 10255), _kubernetes("/pods")),
    (_is_kubernetes, _kubernetes("/api/v1/namespaces?limit=1")),
    (lambda _root, port: port == 2379, _etcd),
)
"""How an interface is told, and what it is asked."""
