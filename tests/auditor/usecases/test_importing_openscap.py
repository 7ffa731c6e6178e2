"""oscap on a server: one login over the pinned way in, and its result stands as a report of now."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path

import asyncssh
import pytest

from auditor.inventory.shape import METHODS
from auditor.model.document import DocumentError
from auditor.model.host_access import Credential, HostAccess, SecretReference, SecretSource
from auditor.model.inventory import Fragility, Inventory
from auditor.store.workspace import Workspace, open_workspace
from auditor.usecases.errors import UsageProblem
from auditor.usecases.importing import Desk, Handed
from auditor.usecases.importing_openscap import evaluate
from scanners.host.connection import Login, Output, run_over_ssh
from tests.auditor.usecases.world import AUTHORIZATION, BKD, DAY, INVENTORY, server
from tests.scanners.host.ssh_server import AUDIT_KEY, HOST_KEY, OTHER_KEY, Session, public_line, ssh_server
from tests.scanners.imported.reports import xccdf
from tests.scanners.imported.test_evaluate import CONTENT, OSCAP

RESULTS = xccdf(("a", "fail"), start="2020-01-01T00:00:00+00:00")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a new workspace."""
    opened = open_workspace(tmp_path / "workspace")
    yield opened
    opened.engine.dispose()


def shell_with_oscap(folder: Path, code: int = 2) -> Session:
    """Return a session that runs what it is asked for where this oscap is installed."""
    programs = folder / "bin"
    programs.mkdir()
    (programs / "oscap").write_text(OSCAP.format(help="--skip-rule", code=code), encoding="utf-8")
    (programs / "oscap").chmod(0o755)
    (folder / "content.xml").write_text(CONTENT, encoding="utf-8")
    (folder / "results").write_bytes(RESULTS)
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "SEEN": str(folder / "seen"),
        "RESULTS": str(folder / "results"),
    }

    async def session(process: asyncssh.SSHServerProcess[bytes]) -> None:
        pipe = asyncio.subprocess.PIPE
        words = ("/bin/sh", "-c", process.command or "")
        shell = await asyncio.create_subprocess_exec(*words, stdin=pipe, stdout=pipe, env=environment)
        output, _ = await shell.communicate(await process.stdin.read())
        process.stdout.write(output)
        process.exit(shell.returncode or 0)

    return session


def inventory(folder: Path, port: int, key: asyncssh.SSHKey = HOST_KEY, **more: object) -> Inventory:
    """Return a server on loopback with a way in."""
    private = folder / "key"
    private.write_bytes(AUDIT_KEY.export_private_key("openssh"))
    private.chmod(0o600)
    credential = Credential("audit-key", "tilik-audit", SecretReference(SecretSource.FILE, str(private)))
    access = HostAccess("audit-key", (public_line(key),), port=port)
    one = replace(
        server(1, "bkd-web-01", access=access, **more), addresses=(ip_address("127.0.0.1"),), hostnames=()
    )
    always = replace(
        AUTHORIZATION,
        networks=(ip_network("127.0.0.0/8"),),
        methods=frozenset(METHODS),
        valid_from=DAY.min,
        valid_until=DAY.max,
    )
    opds = (replace(BKD, servers=(one,)),)
    return replace(INVENTORY, authorizations=(always,), opds=opds, credentials={"audit-key": credential})


def evaluated(workspace: Workspace, at: Inventory, content: str) -> Handed:
    desk = Desk(workspace, at, datetime.now(UTC))
    return evaluate(desk, "bkd-web-01", content, "", run_over_ssh)


def test_one_login_gives_a_report_of_now(workspace: Workspace, tmp_path: Path) -> None:
    before = datetime.now(UTC)
    with ssh_server(shell_with_oscap(tmp_path)) as (port, seen):
        handed = evaluated(workspace, inventory(tmp_path, port), str(tmp_path / "content.xml"))
    assert (seen.connections, seen.commands) == (1, ["exec nice -n 19 sh -s"])
    [entry] = handed.added
    assert entry.facts["openscap.failed_rules"] == ["a"]
    assert before <= entry.started_at <= entry.finished_at
    assert entry.settings["skipped_rules"] == [
        "xccdf_org.example_rule_no_files_unowned_by_user",
        "xccdf_org.example_rule_rpm_verify_hashes",
    ]
    assert workspace.imports.file(entry.raw) == RESULTS
    assert any(one.startswith("oscap ran as tilik-audit, not as root") for one in handed.remarks)
    assert any("no_files_unowned_by_user" in one for one in handed.remarks)


def test_an_evaluation_that_failed_stores_nothing(workspace: Workspace, tmp_path: Path) -> None:
    with ssh_server(shell_with_oscap(tmp_path, code=1)) as (port, _):
        at = inventory(tmp_path, port)
        with pytest.raises(DocumentError, match="oscap failed on the server: what went wrong"):
            evaluated(workspace, at, str(tmp_path / "content.xml"))
    assert workspace.imports.all() == ()


def test_a_server_with_another_host_key_is_offered_nothing(workspace: Workspace, tmp_path: Path) -> None:
    told = pytest.raises(UsageProblem, match="host_key_changed")
    with ssh_server(shell_with_oscap(tmp_path)) as (port, seen), told:
        evaluated(workspace, inventory(tmp_path, port, OTHER_KEY), "/content.xml")
    assert seen.keys_offered == 0


def test_nothing_is_sent_where_nothing_may_be(workspace: Workspace, tmp_path: Path) -> None:
    def never(_login: Login, _script: str, _seconds: float, _connect: float) -> Output:
        raise AssertionError("nothing may be sent")

    whole = inventory(tmp_path, 22)
    fragile = inventory(tmp_path, 22, fragility=Fragility.FRAGILE)
    ended = replace(whole, authorizations=(replace(whole.authorizations[0], valid_until=DAY.min),))
    without = replace(
        whole, opds=(replace(BKD, servers=(replace(whole.server("bkd-web-01"), access=None),)),)
    )
    for at, content in ((whole, "/x;id"), (fragile, "/x"), (ended, "/x"), (without, "/x")):
        with pytest.raises(UsageProblem):
            evaluate(Desk(workspace, at, datetime.now(UTC)), "bkd-web-01", content, "", never)
