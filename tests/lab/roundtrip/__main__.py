"""Command line: go through the cases, print what came of each, and write it down."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.lab.model import LabError
from tests.lab.roundtrip.cases import CASES
from tests.lab.roundtrip.model import Outcome
from tests.lab.roundtrip.outcomes import record, stamped, this_system
from tests.lab.roundtrip.running import Wave, catalogue, waves

_STATE = Path("/var/tmp/tilik-roundtrip")


def main() -> int:
    """Run the wanted cases; 0 when all are proven, 1 when not, 2 when the lab cannot work."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab.roundtrip", description=__doc__)
    parser.add_argument("--check", nargs="+", default=[], help="only these checks, or check@software")
    parser.add_argument("--state", type=Path, default=_STATE, help="directory of everything the lab keeps")
    parser.add_argument("--json", type=Path, help="file of outcomes to bring up to date")
    arguments = parser.parse_args()
    wanted = [case for case in CASES if not arguments.check or {case.check, case.id} & set(arguments.check)]
    outcomes: list[Outcome] = []
    for number, cases in enumerate(waves(wanted)):
        wave = Wave(cases, arguments.state, arguments.state / "audits" / str(number), catalogue())
        try:
            for outcome in wave.outcomes():
                outcomes.append(stamped(outcome, catalogue(), this_system()))
                _print(outcome)
        except LabError as error:
            print(f"roundtrip: {', '.join(one.id for one in cases)}: {error}", file=sys.stderr)
            return 2
        if arguments.json:
            record(arguments.json, outcomes)
    proven = sum(one.proven for one in outcomes)
    print(f"{proven} of {len(outcomes)} proven")
    return 0 if proven == len(outcomes) else 1


def _print(one: Outcome) -> None:
    result = "proven" if one.proven else f"NOT PROVEN: {one.problem}"
    print(f"{one.check:38} {one.software:16} {one.program[:40]:40} {result}", flush=True)
    for label, names in (("also closes", one.also_closed), ("appears", one.appeared)):
        if names:
            print(f"{'':38} {label}: {', '.join(names)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
