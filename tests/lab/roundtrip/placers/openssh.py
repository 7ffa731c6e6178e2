"""Puts lines into a file that sshd reads first, and runs the commands about keys that a text gives."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from tests.lab.model import LabError
from tests.lab.roundtrip.model import Bed

_COMMAND = re.compile(r"^#?\s*(?:as root: |# )?(ssh-keygen|rm -f|echo)\b")


def sshd(bed: Bed) -> None:
    """Put the text for OpenSSH in its place: keys by its commands, lines before all others."""
    _lay_out_keys(bed)
    lines = [line.strip() for line in bed.text("openssh").splitlines()]
    for line in lines:
        if _COMMAND.match(line):
            _run(bed, re.sub(r"^#?\s*(?:as root: |# *)?", "", line))
    settings = [line for line in lines if line and not line.startswith("#") and not _COMMAND.match(line)]
    present = [line for line in settings if not _missing_key(line)]
    configuration = bed.read("sshd_config")
    if any("ed25519" in line for line in settings if line.startswith("HostKey ")):
        # The steps: "If HostKey or HostKeyAlgorithms lines exist, add the Ed25519 ones."
        configuration = re.sub(r"(?m)^(HostKeyAlgorithms .*)$", r"\1,ssh-ed25519", configuration)
    bed.write("sshd_config", "\n".join(present) + "\n" + configuration)


def _missing_key(line: str) -> bool:
    words = line.split()
    return words[0] == "HostKey" and not Path(words[1]).exists()


def _lay_out_keys(bed: Bed) -> None:
    """Give the host keys the paths that the texts know them by."""
    folder = bed.place.directory / "root" / "etc" / "ssh"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    lines = []
    for line in bed.read("sshd_config").splitlines():
        if line.startswith("HostKey "):
            source = Path(line.split()[1])
            target = folder / f"ssh_host_{source.name.split('_')[1]}_key"
            for end in ("", ".pub"):
                if Path(f"{source}{end}").exists():
                    shutil.copy(f"{source}{end}", f"{target}{end}")
            lines.append(f"HostKey {target}")
        else:
            lines.append(line)
    bed.write("sshd_config", "\n".join(lines) + "\n")


def _run(bed: Bed, line: str) -> None:
    """Run what a line says about files; testing and restarting sshd is the lab's own work."""
    wanted = [part.strip() for part in line.split("&&") if re.match(r"\s*(ssh-keygen|rm|echo)\b", part)]
    root = bed.place.directory / "root"
    command = " && ".join(re.sub(r"ssh-keygen -A", f"ssh-keygen -A -f {root}", part) for part in wanted)
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"{bed.place.address} {command} failed: {done.stderr.strip()[-300:]}")
