"""Record what the peers say about a few servers of the lab: `python -m tests.benchmarks.agreement.record`.

Rewrites fixtures/. Needs root and the packages of benchmarks/packages.txt and tests/lab/packages.txt. Give it
the directory of a lab that is up already, and it asks that one.
"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

from benchmarks.agreement.__main__ import output_of
from benchmarks.agreement.endpoints import endpoints
from benchmarks.agreement.peers import PEERS
from tests.lab.auditing import standing_lab
from tests.lab.fleet import FLEET
from tests.lab.lab import Lab

FIXTURES = Path(__file__).parent / "fixtures"
RECORDED = {
    ("disdik-belajar-01", 9443): "odd",
    ("diskominfo-portal-01", 443): "strong",
    ("dpmptsp-mail-01", 143): "mail",
    ("disdukcapil-loket-01", 22): "old-ssh",
    ("disdukcapil-db-01", 22): "strong-ssh",
}


def main() -> None:
    """Ask every peer about every recorded endpoint."""
    FIXTURES.mkdir(exist_ok=True)
    asked = dict.fromkeys(RECORDED, False)
    with nullcontext(Lab(Path(sys.argv[1]))) if len(sys.argv) > 1 else standing_lab():
        for endpoint in endpoints(FLEET):
            name = RECORDED.get((endpoint.server, endpoint.port))
            if name is None or asked[endpoint.server, endpoint.port]:
                continue
            asked[endpoint.server, endpoint.port] = True
            for peer in PEERS:
                if peer.kind == endpoint.kind:
                    (FIXTURES / f"{name}.{peer.name}").write_bytes(output_of(peer, endpoint))


if __name__ == "__main__":
    main()
