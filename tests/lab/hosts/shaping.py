"""Write files into the file system of a host that does not run yet."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.lab.hosts.model import Put
from tests.lab.model import LabError

_DAY_SECONDS = 86400


def put(root: Path, step: Put) -> None:
    """Write one file, with the owner that the host's own register of accounts gives its name."""
    path = root / step.path.lstrip("/")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(step.text)
    user, _, group = step.owner.partition(":")
    os.chown(path, _number(root / "etc/passwd", user), _number(root / "etc/group", group))
    path.chmod(step.mode)
    if step.age_days:
        then = time.time() - step.age_days * _DAY_SECONDS
        os.utime(path, (then, then))


def _number(register: Path, name: str) -> int:
    for line in register.read_text().splitlines():
        fields = line.split(":")
        if fields[0] == name:
            return int(fields[2])
    raise LabError(f"no {name} in {register}; write the file after the account is made")
