"""Try one target with inputs that coverage guides: python -m fuzz.run TARGET --executions N.

Needs atheris (fuzz/requirements.lock; scripts/fuzz installs it). Ends with one line: executions, executions
per second, inputs slower than a second, and the first undeclared error. Such inputs are kept in
.cache/fuzz/found.
"""

from __future__ import annotations

import argparse
import atexit
import hashlib
import sys
import time
import traceback
from pathlib import Path

from fuzz.target import Target

FOUND = Path(__file__).resolve().parents[1] / ".cache" / "fuzz" / "found"
_SLOW_SECONDS = 1.0
_WATCHED = ("scanners", "auditor", "controls")


class _Trial:
    """Counts what happens, and ends the program at the first undeclared error."""

    def __init__(self, target: Target, executions: int, seeds: list[bytes]) -> None:
        self.target, self.executions, self.seeds = target, executions, seeds
        self.done = self.read = self.slow = 0
        self.slowest_seconds = 0.0
        self.error = ""
        self.started = time.monotonic()

    def one(self, data: bytes) -> None:
        """Try one input."""
        begun = time.monotonic()
        try:
            self.read += self.target.try_bytes(data)
        except Exception:
            self.error = traceback.format_exc()
            self._keep(data, "error")
            raise
        finally:
            seconds = time.monotonic() - begun
            self.done += 1
            self.slowest_seconds = max(self.slowest_seconds, seconds)
            if seconds > _SLOW_SECONDS:
                self.slow += 1
                self._keep(data, "slow")

    def _keep(self, data: bytes, kind: str) -> None:
        FOUND.mkdir(parents=True, exist_ok=True)
        name = f"{self.target.name}-{kind}-{hashlib.sha256(data).hexdigest()[:12]}"
        (FOUND / name).write_bytes(data)

    def report(self) -> None:
        """Print the one line."""
        seconds = max(time.monotonic() - self.started, 0.001)
        print(  # noqa: T201 - what the program is for
            f"{self.target.name:20}{self.done:>12,} executions{self.done / seconds:>9,.0f}/s"
            f"{self.read:>12,} read{self.slow:>4} slow, slowest {self.slowest_seconds:.2f} s  "
            f"{'UNDECLARED ' + self.error.strip().splitlines()[-1] if self.error else 'no undeclared error'}",
            flush=True,
        )


def main() -> int:
    """Run atheris until the number of executions is reached, or an undeclared error."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.run", description=__doc__)
    parser.add_argument("target")
    parser.add_argument("--executions", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

    with atheris.instrument_imports(include=list(_WATCHED)):
        from fuzz.targets import TARGETS

    target = TARGETS[arguments.target]
    corpus = Path(__file__).resolve().parents[1] / ".cache" / "fuzz" / "corpus" / target.name
    corpus.mkdir(parents=True, exist_ok=True)
    seeds = target.seeds()
    for seed in seeds:
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    trial = _Trial(target, arguments.executions, seeds)
    atexit.register(trial.report)
    options = [
        f"-atheris_runs={arguments.executions}",
        f"-seed={arguments.seed}",
        "-max_len=8192",
        "-verbosity=0",
    ]
    options += ["-rss_limit_mb=2048", "-timeout=60", f"-artifact_prefix={FOUND}/"]
    FOUND.mkdir(parents=True, exist_ok=True)
    atheris.Setup([sys.argv[0], *options, str(corpus)], trial.one)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
