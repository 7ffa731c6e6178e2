"""What a server's owner is given to run, and what trying the way in tells."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from auditor.model.host_access import Credential, HostAccess, SecretReference, SecretSource
from auditor.model.inventory import Inventory
from auditor.store.runs import RunInputs
from auditor.usecases.errors import UsageProblem
from auditor.usecases.host_access import (
    access_script,
    planned_looks,
    read_public_key,
    read_sources,
    try_access,
)
from auditor.usecases.inputs import Inputs
from auditor.usecases.planning import Selection, build_plan
from tests.auditor.usecases.test_inside import INSIDE, inventory, server
from tests.auditor.usecases.world import DAY, policy
from tests.controls.catalogue import shipped
from tests.scanners.host.ssh_server import (
    AUDIT_KEY,
    HOST_KEY,
    OTHER_KEY,
    public_line,
    real_shell,
    ssh_server,
)

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """Return a private key that only its owner reads."""
    path = tmp_path / "key"
    path.write_bytes(AUDIT_KEY.export_private_key("openssh"))
    path.chmod(0o600)
    return path


def inputs(key: Path, port: int = 22, *, sudo: bool = True, loopback: bool = False) -> Inputs:
    access = HostAccess("audit-key", (public_line(HOST_KEY),), port=port)
    address = "127.0.0.1" if loopback else "10.1.1.10"
    network = ip_network("127.0.0.0/8" if loopback else "10.1.0.0/16")
    whole = inventory(server(access, addresses=(ip_address(address),)))
    credential = Credential(
        "audit-key", "tilik-audit", SecretReference(SecretSource.FILE, str(key)), None, sudo
    )
    authorization = replace(INSIDE, networks=(network,))
    return _inputs(replace(whole, credentials={"audit-key": credential}, authorizations=(authorization,)))


def _inputs(whole: Inventory) -> Inputs:
    return Inputs(whole, policy(), shipped())


def test_the_script_is_one_that_a_shell_takes_and_names_key_and_days(key: Path) -> None:
    script = access_script(inputs(key), "bkd-db-01", NOW, ("10.9.9.9",), "", "en")
    assert subprocess.run(["sh", "-n"], input=script, text=True, check=False).returncode == 0
    assert f'restrict,from="10.9.9.9" {public_line(AUDIT_KEY)} tilik-audit' in script
    assert "BEGIN OPENSSH PRIVATE KEY" not in script
    # The letter of assignment holds until 30 November 2027, that day included.
    assert "chage --expiredate 2027-12-01" in script
    assert "--from ADDRESS" not in script
    assert "--from ADDRESS" in access_script(inputs(key), "bkd-db-01", NOW, language="en")


def test_it_speaks_the_language_of_the_policy_unless_told(key: Path) -> None:
    assert "Surat tugas: 094/112/2026" in access_script(inputs(key), "bkd-db-01", NOW)


def test_the_commands_it_allows_are_a_sudoers_file(key: Path, tmp_path: Path) -> None:
    script = access_script(inputs(key), "bkd-db-01", NOW)
    functions = script[script.index("shell=/bin/sh") : script.index("if command -v visudo")]
    done = subprocess.run(
        ["sh", "-eu"],
        input=f"user=tilik-audit\n{functions}\ncommands\n",
        capture_output=True,
        text=True,
        check=True,
    )
    path = tmp_path / "sudoers"
    path.write_text(done.stdout)
    path.chmod(0o440)
    checked = subprocess.run(["visudo", "-c", "-f", path], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert done.stdout.count("# nothing\n") == 1
    assert "NOPASSWD: /usr/bin/sh -c {" in done.stdout


def test_without_sudo_nothing_is_allowed_as_root(key: Path) -> None:
    script = access_script(inputs(key, sudo=False), "bkd-db-01", NOW, language="en")
    assert "NOPASSWD" not in script
    assert "sudo: true" in script


@pytest.mark.parametrize(
    ("access", "told"),
    [
        (HostAccess(local=True), "no host_access"),
        (HostAccess(impossible="x"), "no host"),
    ],
)
def test_a_server_without_a_way_in_is_told(key: Path, access: HostAccess | None, told: str) -> None:
    with pytest.raises(UsageProblem, match=told):
        access_script(_inputs(inventory(server(access))), "bkd-db-01", NOW)


def test_while_it_is_set_up_a_server_needs_neither_access_nor_host_keys(key: Path) -> None:
    whole = inputs(key).inventory
    bare = replace(whole, opds=inventory(server(None)).opds)
    assert "tilik-audit" in access_script(_inputs(bare), "bkd-db-01", NOW)
    with pytest.raises(UsageProblem, match="no host_access"):
        try_access(_inputs(bare), "bkd-db-01", NOW)


def test_nothing_is_tried_without_an_assignment(key: Path) -> None:
    late = datetime(2028, 1, 1, tzinfo=UTC)
    with pytest.raises(UsageProblem, match="expired"):
        try_access(inputs(key), "bkd-db-01", late)
    with pytest.raises(UsageProblem, match="no server named"):
        try_access(inputs(key), "gone", NOW)


def test_a_way_in_that_works_says_part_by_part_what_it_gave(key: Path) -> None:
    with ssh_server(real_shell) as (port, _):
        found = try_access(inputs(key, port, loopback=True), "bkd-db-01", NOW)
    by_part = {one.part: one for one in found}
    assert by_part["login"].ok
    assert by_part["login"].found == HOST_KEY.get_fingerprint()
    assert int(by_part["facts read"].found) > 50


def test_another_host_key_is_told_with_what_to_do(key: Path) -> None:
    with ssh_server(real_shell, host_key=OTHER_KEY) as (port, seen):
        [_, login] = try_access(inputs(key, port, loopback=True), "bkd-db-01", NOW)
    assert not login.ok
    assert "host_key_changed" in login.found
    assert "console" in login.next_step
    assert seen.keys_offered == 0


def test_a_key_that_others_may_read_is_told_and_nothing_is_sent(key: Path) -> None:
    key.chmod(0o644)
    [found] = try_access(inputs(key), "bkd-db-01", NOW)
    assert "chmod 600" in found.found


def test_a_public_key_comes_from_a_file_and_addresses_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "key.pub"
    path.write_text(public_line(AUDIT_KEY) + " somebody@somewhere\n")
    assert read_public_key(path) == public_line(AUDIT_KEY)
    path.write_text("no key")
    with pytest.raises(UsageProblem, match="no OpenSSH public key"):
        read_public_key(path)
    with pytest.raises(UsageProblem, match="No such file"):
        read_public_key(tmp_path / "gone")
    assert read_sources(["10.1.2.3", "2001:DB8::1", "10.1.2.3"]) == ("10.1.2.3", "2001:db8::1")
    with pytest.raises(UsageProblem, match="--from"):
        read_sources(['10.1.2.3",command="x'])


def test_a_plan_says_who_will_be_looked_into_and_who_not(key: Path) -> None:
    whole = inventory(
        server(HostAccess("audit-key", (public_line(HOST_KEY),))),
        server(None, id="bkd-2", addresses=(ip_address("10.1.1.11"),)),
        server(HostAccess(impossible="Windows"), id="bkd-3", addresses=(ip_address("10.1.1.12"),)),
    )
    plan = build_plan(whole, policy(), Selection(), DAY)
    looks = planned_looks(RunInputs(whole, policy(), plan))
    assert [(one.server.id, one.looks) for one in looks] == [
        ("bkd-db-01", True),
        ("bkd-2", False),
        ("bkd-3", False),
    ]
    assert "host-access" in looks[1].why
    assert looks[2].why == "Windows"
