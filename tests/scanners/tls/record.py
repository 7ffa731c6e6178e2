"""Record what the TLS scanner stores about real servers: `python -m tests.scanners.tls.record`.

Writes the stored document and the facts derived from it side by side; the difference is to be reviewed.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from auditor.model.plan import Task
from scanners.base import Limits
from scanners.tls.scanner import TlsScanner
from tests.scanners.tls.servers import openssl_server, server_context, tls_server

FIXTURES = Path(__file__).parent / "fixtures"
LIMITS = Limits(1000, 4, 1000, timeout_seconds=60, connect_timeout_seconds=1)


@contextmanager
def modern() -> Iterator[int]:
    """TLS 1.2 and 1.3 as OpenSSL serves them by default."""
    with tls_server(server_context()) as listener:
        yield listener.port


@contextmanager
def only_tls_1_3() -> Iterator[int]:
    """Nothing older than TLS 1.3."""
    context = server_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    with tls_server(context) as listener:
        yield listener.port


@contextmanager
def client_certificate() -> Iterator[int]:
    """TLS 1.2 for clients with a certificate only."""
    with openssl_server("-tls1_2", "-Verify", "1") as port:
        yield port


@contextmanager
def old() -> Iterator[int]:
    """TLS 1.0 with everything that OpenSSL still can, and renegotiation."""
    with openssl_server("-tls1", "-cipher", "ALL:@SECLEVEL=0", "-client_renegotiation") as port:
        yield port


@contextmanager
def anonymous() -> Iterator[int]:
    """TLS 1.2 without a certificate."""
    with openssl_server("-tls1_2", "-nocert", "-cipher", "aNULL:@SECLEVEL=0") as port:
        yield port


SERVERS = {
    "modern": modern,
    "only_tls_1_3": only_tls_1_3,
    "client_certificate": client_certificate,
    "old": old,
    "anonymous": anonymous,
}


def scan(port: int, **options: object) -> tuple[dict[str, object], dict[str, object]]:
    """Return the stored document and the facts of one scan with all tests allowed."""
    consent = ["tls-heartbleed-absent", "tls-ccs-injection-absent", "tls-robot-absent"]
    task = Task("tls", "server", "opd", "127.0.0.1", port, "site.lab.test", options={"consent": [*consent]})
    observation = TlsScanner().scan(task, LIMITS, lambda: None)
    return json.loads(observation.raw[0].content), dict(observation.facts)


def main() -> None:
    """Record every server."""
    FIXTURES.mkdir(exist_ok=True)
    for name, server in SERVERS.items():
        with server() as port:
            document, facts = scan(port)
        for suffix, content in (("", document), (".facts", facts)):
            text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)
            (FIXTURES / f"{name}{suffix}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
