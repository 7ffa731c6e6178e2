"""Compare our facts with those of testssl.sh, sslscan, nmap, openssl and ssh-audit on the lab's ports.

Run as root: scripts/install-packages benchmarks/packages.txt && python -m benchmarks.agreement
Prints each difference with who is right and why; one that nobody has looked into is UNEXPLAINED and makes the
exit code 1. Then for each peer how much was compared and the time it took, and how many of the lab's known
faults its findings give away.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks.agreement.compare import compare
from benchmarks.agreement.endpoints import endpoints
from benchmarks.agreement.explanations import explain
from benchmarks.agreement.nouns import Endpoint, Peer, Point, Seen
from benchmarks.agreement.ours import look
from benchmarks.agreement.peers import PEERS
from benchmarks.agreement.truths import compiled_checks, tally
from tests.lab.auditing import standing_lab
from tests.lab.lab import Lab

_AT_ONCE = 2
_OURS = "ours"


def main() -> int:
    """Compare and print; return 1 when a difference is unexplained."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.agreement", description=__doc__)
    parser.add_argument("--lab", type=Path, help="directory of a lab that is up already")
    parser.add_argument("--server", action="append", help="only this server; may be repeated")
    parser.add_argument("--peer", action="append", choices=[peer.name for peer in PEERS])
    arguments = parser.parse_args()
    with _lab(arguments.lab) as lab:
        asked = [
            one
            for one in endpoints(lab.fleet)
            if arguments.server in (None, []) or one.server in arguments.server
        ]
        peers = [peer for peer in PEERS if not arguments.peer or peer.name in arguments.peer]
        seen, seconds = _look_at_all(asked, peers, lab)
    points = [
        point
        for peer in peers
        for endpoint, theirs in seen[peer.name].items()
        for point in compare(endpoint, peer.name, seen[_OURS][endpoint], theirs)
    ]
    unexplained = _print_differences(points)
    _print_agreement(points, peers, seen, seconds)
    _print_truths(seen, lab)
    return 1 if unexplained else 0


@contextmanager
def _lab(state: Path | None) -> Iterator[Lab]:
    if state is not None:
        yield Lab(state)
        return
    with standing_lab() as lab:
        yield lab


def _look_at_all(
    asked: Sequence[Endpoint], peers: Sequence[Peer], lab: Lab
) -> tuple[dict[str, dict[Endpoint, Seen]], dict[str, float]]:
    """Let one observer after the other look at every endpoint, so that each one's time is its own."""
    seen: dict[str, dict[Endpoint, Seen]] = {}
    seconds: dict[str, float] = {}
    started = time.monotonic()
    seen[_OURS] = {endpoint: look(endpoint, lab.root) for endpoint in asked}
    seconds[_OURS] = time.monotonic() - started
    for peer in peers:
        started = time.monotonic()
        mine = [endpoint for endpoint in asked if endpoint.kind == peer.kind]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            answers = pool.map(partial(ask, peer), mine)
            seen[peer.name] = {
                one: answer for one, answer in zip(mine, answers, strict=True) if answer != Seen()
            }
        seconds[peer.name] = time.monotonic() - started
    return seen, seconds


def ask(peer: Peer, endpoint: Endpoint) -> Seen:
    """Return what a peer says about an endpoint; nothing when it does not answer in time."""
    try:
        return peer.parse(output_of(peer, endpoint))
    except subprocess.TimeoutExpired:
        return Seen()


def output_of(peer: Peer, endpoint: Endpoint) -> bytes:
    """Run a peer's commands and return their output, or the file that they write."""
    commands = peer.commands(endpoint)
    collected = b""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "output"
        for command in commands:
            words = [word.replace("{file}", str(file)) for word in command]
            done = subprocess.run(
                words, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=peer.seconds
            )
            said = file.read_bytes() if file.exists() else done.stdout
            collected += (Peer.heading(command) if len(commands) > 1 else b"") + said
    return collected


def _print_differences(points: Sequence[Point]) -> int:
    """Print every difference, grouped by its explanation; return how many have none."""
    unexplained = 0
    for point in sorted(point for point in points if not point.agrees):
        rule = explain(point)
        unexplained += rule is None
        what = f"{point.fact} {point.member}".strip()
        print(f"{point.where}  {what}  ours: {point.ours}  {point.peer}: {point.theirs}")
        print(f"    {rule.right} right: {rule.reason}" if rule else "    UNEXPLAINED")
    return unexplained


def _print_agreement(
    points: Sequence[Point],
    peers: Sequence[Peer],
    seen: Mapping[str, Mapping[Endpoint, Seen]],
    seconds: Mapping[str, float],
) -> None:
    print(
        f"\n{'peer':12}{'ports':>7}{'facts':>8}{'agreed':>8}{'explained':>11}{'unexplained':>13}{'seconds':>9}"
    )
    for peer in peers:
        mine = [point for point in points if point.peer == peer.name]
        agreed = sum(point.agrees for point in mine)
        explained = sum(not point.agrees and explain(point) is not None for point in mine)
        rest = len(mine) - agreed - explained
        print(
            f"{peer.name:12}{len(seen[peer.name]):7}{len(mine):8}{agreed:8}{explained:11}{rest:13}"
            f"{seconds[peer.name]:9.1f}"
        )
    print(f"{_OURS:12}{len(seen[_OURS]):7}{'':8}{'':8}{'':11}{'':13}{seconds[_OURS]:9.1f}")


def _print_truths(seen: Mapping[str, Mapping[Endpoint, Seen]], lab: Lab) -> None:
    beyond, now = {peer.name: peer.beyond for peer in PEERS}, datetime.now(UTC)
    print(f"\n{'observer':12}{'checks':>8}{'found':>8}{'missed':>8}{'invented':>10}")
    for name, answers in seen.items():
        one = tally(answers, lab.fleet, compiled_checks(beyond.get(name, ())), now)
        print(f"{name:12}{one.checks:8}{len(one.found):8}{len(one.missed):8}{len(one.invented):10}")
        for word, faults in (("missed", one.missed), ("invented", one.invented)):
            for server, port, asked, check in sorted(faults):
                print(f"    {word}: {check} at {server}:{port} {asked}")


if __name__ == "__main__":
    sys.exit(main())
