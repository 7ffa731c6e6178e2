"""A digest goes to a real Postfix over its submission port: TLS, a login, and only then a message."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.lab.auditing import auditor
from tests.lab.certificates import GOOD
from tests.lab.lab import Lab
from tests.lab.model import LabServer
from tests.lab.services.dovecot import Dovecot
from tests.lab.services.postfix import Postfix

pytestmark = pytest.mark.lab

PASSWORD = "rahasia-S4ngat"
READER = "ti@dinkes.lab.test"
SECONDS = 20
MAIL = LabServer(
    id="diskominfo-surel-uji",
    opd="diskominfo",
    name="Surel untuk uji pesan",
    zone="aplikasi",
    category="rendah",
    address="127.20.2.251",
    services=(
        Postfix("surel.lab.test", GOOD, mailboxes=(READER,)),
        Dovecot(GOOD, accounts=(f"tilik:{{PLAIN}}{PASSWORD}",)),
    ),
)


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """Run the mail server, in a folder that daemons of other users can enter."""
    with tempfile.TemporaryDirectory(prefix="lab-") as name:
        Path(name).chmod(0o755)
        with Lab(Path(name), (MAIL,)) as standing:
            yield standing


def options(lab: Lab, folder: Path, *to: str, **channel: Any) -> tuple[str, ...]:
    """Write a policy with one mail channel and its reader, and return the options that name it."""
    secret = folder / "password"
    secret.write_text(str(channel.pop("password", PASSWORD)))
    secret.chmod(0o600)
    surel = {
        "id": "surel",
        "kind": "email",
        "host": MAIL.address,
        "port": 587,
        "encryption": "starttls",
        "user": "tilik",
        "sender": "Tilik <tilik@lab.test>",
        "secret": {"file": str(secret)},
        "ca": str(lab.root),
        **channel,
    }
    recipient = {"audience": "security", "channel": "surel", "to": list(to or (READER,))}
    policy = folder / "policies.yaml"
    policy.write_text(
        yaml.safe_dump({"version": 1, "messages": {"channels": [surel], "recipients": [recipient]}})
    )
    return "--inventory", str(lab.inventory), "--policy", str(policy)


def sent(lab: Lab, folder: Path, *to: str, **channel: Any) -> tuple[int, list[dict[str, Any]]]:
    """Send the digests now; return the exit code and what became of each."""
    named = options(lab, folder, *to, **channel)
    done = auditor("messages", "send", *named, "--workspace", str(folder / "data"), "--format", "json")
    assert done.returncode in (0, 3), done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    return done.returncode, json.loads(done.stdout)


def logged(lab: Lab, *words: str) -> bool:
    """Return whether Postfix wrote down a line with all these words, before long."""
    (log,) = lab.state_dir.glob("servers/*/postfix/mail.log")
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if any(all(word in line for word in words) for line in log.read_text().splitlines()):
            return True
        time.sleep(0.1)
    return False


def test_a_digest_is_taken_on_after_tls_and_login(lab: Lab, tmp_path: Path) -> None:
    code, (delivery,) = sent(lab, tmp_path)
    assert (code, delivery["status"], delivery["problem"]) == (0, "sent", "")
    assert logged(lab, "sasl_username=tilik")
    assert logged(lab, f"message-id=<{delivery['id']}@lab.test>")
    assert logged(lab, f"to=<{READER}>", "status=sent")


def test_tls_may_begin_at_once(lab: Lab, tmp_path: Path) -> None:
    code, (delivery,) = sent(lab, tmp_path, port=465, encryption="tls")
    assert (code, delivery["status"]) == (0, "sent")


def test_an_address_that_it_refuses_is_given_up(lab: Lab, tmp_path: Path) -> None:
    code, deliveries = sent(lab, tmp_path, READER, "siapa@lain.lab.test")
    states = {one["to"]: one["status"] for one in deliveries}
    assert (code, states) == (3, {READER: "sent", "siapa@lain.lab.test": "failed"})


def test_a_wrong_password_is_told_without_it(lab: Lab, tmp_path: Path) -> None:
    code, (delivery,) = sent(lab, tmp_path, password="salah-total")
    assert (code, delivery["status"]) == (3, "waiting")
    assert "refused the login (535)" in delivery["problem"]
    assert "salah" not in json.dumps(delivery)


def test_a_certificate_of_another_authority_is_not_trusted(lab: Lab, tmp_path: Path) -> None:
    code, (delivery,) = sent(lab, tmp_path, ca=None)
    assert (code, delivery["status"]) == (3, "waiting")
    assert "not trusted" in delivery["problem"]


def test_a_channel_can_be_tried_out(lab: Lab, tmp_path: Path) -> None:
    done = auditor("messages", "test", "surel", "--to", READER, *options(lab, tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Sent over surel to {READER}." in done.stdout
    refused = auditor("messages", "test", "surel", "--to", "x@lain.lab.test", *options(lab, tmp_path))
    assert refused.returncode == 2
    assert "refused" in refused.stderr
