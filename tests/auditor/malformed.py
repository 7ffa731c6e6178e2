"""Malformed files with the messages they must give, and the catalogue they are compared with."""

from __future__ import annotations

from pathlib import Path

from auditor.inventory.loading import load_inventory
from auditor.model.check import Direction, Parameter
from auditor.model.document import DocumentError
from auditor.policy.loading import load_policy

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "malformed"
INVENTORIES = sorted((FOLDER / "inventory").glob("*.yaml"))
POLICIES = sorted((FOLDER / "policy").glob("*.yaml"))

CHECK_PARAMETERS = {
    "certificate-not-expiring": {"minimum_days": Parameter("minimum_days", 30, 14, Direction.MINIMUM, "day")},
    "ssh-ciphers-strong": {
        "allowed": Parameter("allowed", ["aes256-gcm@openssh.com"], ["aes128-ctr"], Direction.MINIMUM, "name")
    },
    "tls-1-0-refused": {},
}


def messages(path: Path) -> str:
    """Return the messages that loading a malformed file gives, one per line, naming files without folders."""
    try:
        if path.parent.name == "inventory":
            load_inventory(path)
        else:
            load_policy(path, check_parameters=CHECK_PARAMETERS)
    except DocumentError as error:
        return f"{error}\n".replace(f"{path.parent}/", "")
    return "loads without a message\n"


def expected(path: Path) -> Path:
    """Return the file that holds the messages expected of a malformed file."""
    return path.with_suffix(".txt")
