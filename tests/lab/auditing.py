"""Audit the lab through the command line, as a user would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.lab.lab import Lab
from tests.lab.model import LabError

STATE = Path(os.environ.get("TILIK_LAB", "/var/tmp/tilik-lab"))
"""Where the lab lives between runs: daemons that change users must be able to enter it."""


def standing_lab() -> Lab:
    """Return the lab in its usual place; raise LabError when somebody else made that place."""
    if STATE.is_symlink() or (STATE.exists() and STATE.stat().st_uid != os.geteuid()):
        raise LabError(f"{STATE} belongs to somebody else; remove it")
    return Lab(STATE)


def write_policy(lab: Lab, path: Path) -> Path:
    """Write the policy that the lab is audited with."""
    path.write_text(
        yaml.safe_dump({"version": 1, **lab.policy_overrides()}, sort_keys=False), encoding="utf-8"
    )
    return path


def auditor(*arguments: str, show: bool = False) -> subprocess.CompletedProcess[str]:
    """Run the command; with `show` its standard error (progress) goes through to the terminal."""
    command = [sys.executable, "-m", "auditor.cli.main", *arguments]
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=None if show else subprocess.PIPE, text=True, check=False
    )


def audit_arguments(lab: Lab, folder: Path) -> list[str]:
    """Return the options that point an audit at the lab and at a folder for what it leaves."""
    return [*place_arguments(lab, folder), "--reports", str(folder / "reports")]


def place_arguments(lab: Lab, folder: Path) -> list[str]:
    """Return the options that name the lab's inventory and policy, and the workspace in a folder."""
    policy = write_policy(lab, folder / "policies.yaml")
    return [
        *("--inventory", str(lab.inventory), "--policy", str(policy)),
        *("--workspace", str(folder / "audit-data")),
    ]


def findings(workspace: Path, *options: str) -> Sequence[dict[str, Any]]:
    """Return the findings of the newest audit, by the stable JSON contract."""
    done = auditor("findings", "list", "--format", "json", "--workspace", str(workspace), *options)
    if done.returncode != 0:
        raise LabError(f"auditor findings list failed: {done.stderr}")
    listed: list[dict[str, Any]] = json.loads(done.stdout)
    return listed
