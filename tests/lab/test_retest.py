"""A server that is broken, found, mended and measured again: through the command line, with real daemons."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.lab.auditing import auditor, findings, place_arguments
from tests.lab.lab import Lab
from tests.lab.model import LabServer
from tests.lab.services.openssh import LEGACY_SSH, STRONG_SSH
from tests.lab.services.redis import Redis

pytestmark = pytest.mark.lab

BROKEN = LabServer(
    id="diskominfo-uji-01",
    opd="diskominfo",
    name="Server uji ulang",
    zone="aplikasi",
    category="rendah",
    address="127.20.2.250",
    services=(LEGACY_SSH, Redis()),
)
SSH_MENDED = replace(BROKEN, services=(STRONG_SSH, Redis()))
REDIS_GONE = replace(BROKEN, services=(STRONG_SSH,))
CIPHERS, REDIS = "ssh-ciphers-strong", "redis-authentication-required"


@pytest.fixture
def state() -> Iterator[Path]:
    """Return a folder that daemons of other users can enter."""
    with tempfile.TemporaryDirectory(prefix="lab-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def verify(*arguments: str) -> tuple[int, dict[str, Mapping[str, Any]]]:
    """Measure again; return the exit code, and check → what came of its finding."""
    done = auditor("verify", "--format", "json", *arguments)
    assert done.returncode in (0, 1, 3), done.stderr
    return done.returncode, {item["check"]: item for item in json.loads(done.stdout)}


def test_what_is_broken_is_found_mended_and_proven(state: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "audit-data"
    with Lab(state, (BROKEN,)) as lab:
        options = place_arguments(lab, tmp_path)
        reports = ("--reports", str(tmp_path / "reports"))
        audited = auditor("audit", *options, *reports, "--server", BROKEN.id)
        assert audited.returncode in (1, 3), audited.stderr
        known = {one["check"]: one["id"] for one in findings(workspace)}
        assert {CIPHERS, REDIS} <= known.keys()
        both = (known[CIPHERS], known[REDIS])
        code, found = verify(*both, *options)
        assert (code, {item["result"] for item in found.values()}) == (1, {"failing"})
    with Lab(state, (SSH_MENDED,)):
        written = tmp_path / "berita-acara"
        code, found = verify(*both, *options, "--by", "Siti Aminah, S.Kom.", "--output", str(written))
        assert (code, found[CIPHERS]["result"], found[REDIS]["result"]) == (1, "fixed", "failing")
        assert "aes128-cbc" in found[CIPHERS]["before"]
        assert "aes128-cbc" not in found[CIPHERS]["after"]
        (page,) = written.glob("berita-acara-uji-ulang-diskominfo-*.html")
        assert "Siti Aminah, S.Kom." in page.read_text(encoding="utf-8")
        raw = json.loads(next(written.glob("*.json")).read_text(encoding="utf-8"))
        assert raw["record"]["head"]["hash"]
    with Lab(state, (REDIS_GONE,)):
        code, found = verify(known[REDIS], *options)
        assert (code, found[REDIS]["result"]) == (0, "fixed")
    listed = auditor("verify", "--list", "--format", "json", "--workspace", str(workspace))
    assert [(row["fixed"], row["failing"]) for row in json.loads(listed.stdout)] == [(0, 2), (1, 1), (1, 0)]
    assert auditor("evidence", "verify", "--workspace", str(workspace)).returncode == 0
    # A finding is measured only so often in one day.
    assert auditor("verify", known[REDIS], *options).returncode == 2
