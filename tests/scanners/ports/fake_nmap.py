"""A stand-in for nmap on PATH: it records how it was started, prints what it was given, and sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_SCRIPT = """\
#!/bin/sh
if [ "$1" = -V ]; then
  echo 'Nmap version 7.93 ( https://nmap.org )'
  exit 0
fi
for argument; do printf '%s\\0' "$argument"; done >>'{folder}/arguments'
cat '{folder}/stderr' >&2
exec cat '{folder}/stdout'
"""


@dataclass(frozen=True, slots=True)
class FakeNmap:
    """The folder that holds the program, and what it prints and records."""

    folder: Path

    def install(self) -> None:
        """Write the program."""
        (self.folder / "nmap").write_text(_SCRIPT.format(folder=self.folder), encoding="utf-8")
        (self.folder / "nmap").chmod(0o755)
        self.prints(b"")

    def prints(self, output: bytes, complaint: bytes = b"") -> None:
        """Set what it prints from now on."""
        (self.folder / "stdout").write_bytes(output)
        (self.folder / "stderr").write_bytes(complaint)

    def started_with(self) -> list[str] | None:
        """Return the arguments of the start since the last call, None when it was not started."""
        record = self.folder / "arguments"
        if not record.exists():
            return None
        text = record.read_bytes().decode()
        record.unlink()
        return text.split("\0")[:-1]
