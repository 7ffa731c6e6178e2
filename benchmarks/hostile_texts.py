"""Put thousands of hostile texts into every place of a report, and look what they change.

    python -m benchmarks.hostile_texts [TEXTS]

Prints counts; exit code 1 where a text changed the shape of a file or of what a terminal is given.
"""

from __future__ import annotations

import sys

from tests.reports.hostile_rounds import Rounds

WANTED = 5_000


def main(arguments: list[str]) -> int:
    """Try texts until as many as wanted were placed; return the exit code."""
    wanted = int(arguments[0]) if arguments else WANTED
    rounds = Rounds()
    changed: list[str] = []
    while rounds.texts < wanted:
        changed.extend(rounds.next())
    sys.stdout.write(
        f"{rounds.texts} texts in {len(rounds.places)} kinds of places, {rounds.files} files and listings of "
        f"findings: {len(changed)} changed\n"
    )
    for name in sorted(set(changed)):
        sys.stdout.write(f"  {name}\n")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
