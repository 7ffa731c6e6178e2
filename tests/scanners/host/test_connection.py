"""One login, to the pinned key alone; whatever the host does ends in bounded output and a named reason."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading

import asyncssh
import pytest

from auditor.model.evidence import FailureKind
from scanners.host.connection import MAXIMUM_BYTES, Login, Output, run_over_ssh
from tests.scanners.host.ssh_server import (
    AUDIT_KEY,
    HOST_KEY,
    OTHER_KEY,
    Session,
    public_line,
    real_shell,
    ssh_server,
)

KEY = AUDIT_KEY.export_private_key("openssh")
Process = asyncssh.SSHServerProcess[bytes]


def login(port: int, *host_keys: asyncssh.SSHKey) -> Login:
    pinned = tuple(public_line(key) for key in host_keys or (HOST_KEY,))
    return Login("127.0.0.1", port, "tilik-audit", pinned, KEY)


def run(port: int, script: str = "echo hello\n", seconds: float = 20.0, connect: float = 5.0) -> Output:
    return run_over_ssh(login(port), script, seconds, connect)


async def endless(process: Process) -> None:
    while True:
        process.stdout.write(b"x" * 65536)
        await process.stdout.drain()


async def silent(process: Process) -> None:
    await process.stdin.read()
    await process.stdin.read()


async def dripping(process: Process) -> None:
    import asyncio

    while True:
        process.stdout.write(b".")
        await process.stdout.drain()
        await asyncio.sleep(0.05)


async def noisy_errors(process: Process) -> None:
    for _ in range(200):
        process.stderr.write(b"[sudo] password for tilik-audit: " * 2000)
        await process.stderr.drain()
    process.stdout.write(b"done\n")
    process.exit(0)


async def says_no_shell(process: Process) -> None:
    process.stdout.write(b"This account is currently not available.\n")
    process.exit(1)


async def leaves(process: Process) -> None:
    process.stdout.write(b"half of")
    await process.stdout.drain()
    process.exit_with_signal("KILL")


def test_the_script_runs_in_the_shell_and_its_output_comes_back() -> None:
    with ssh_server(real_shell) as (port, seen):
        output = run(port, 'echo hello; echo "$((6 * 7))"\n')
    assert output.failure is None
    assert output.content == b"hello\n42\n"
    assert output.host_key == HOST_KEY.get_fingerprint()
    assert (seen.connections, seen.passwords_offered) == (1, 0)
    assert seen.keys_offered >= 1
    assert seen.commands == ["exec nice -n 19 sh -s"]
    assert (seen.terminals, seen.agents) == (0, 0)


def test_nothing_is_offered_to_another_host_key() -> None:
    with ssh_server(real_shell, host_key=OTHER_KEY) as (port, seen):
        output = run(port)
    assert output.failure is not None
    assert output.failure.kind is FailureKind.HOST_KEY_CHANGED
    assert output.content == b""
    assert (seen.keys_offered, seen.passwords_offered, seen.commands) == (0, 0, [])


def test_one_of_several_pinned_keys_is_enough() -> None:
    ecdsa = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
    with ssh_server(real_shell, host_key=ecdsa) as (port, _):
        output = run_over_ssh(login(port, HOST_KEY, ecdsa), "echo hello\n", 20, 5)
    assert output.failure is None
    assert output.content == b"hello\n"


def test_an_old_rsa_key_that_is_pinned_is_taken() -> None:
    rsa = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    with ssh_server(real_shell, host_key=rsa) as (port, _):
        assert run_over_ssh(login(port, rsa), "echo hello\n", 20, 5).content == b"hello\n"


def test_a_refused_key_is_offered_once_and_no_password_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_AUTH_SOCK", "/nonexistent/agent")
    with ssh_server(real_shell, accepts=False) as (port, seen):
        output = run(port)
    assert output.failure is not None
    assert output.failure.kind is FailureKind.LOGIN_REFUSED
    assert (seen.connections, seen.keys_offered, seen.passwords_offered) == (1, 1, 0)


def test_a_password_is_never_given_whatever_is_asked() -> None:
    banner = "\x1b[2J\x1b]0;owned\x07[sudo] password for tilik-audit: \r\n" * 50
    with ssh_server(real_shell, accepts=False, banner=banner) as (port, seen):
        output = run(port)
    assert output.failure is not None
    assert output.failure.kind is FailureKind.LOGIN_REFUSED
    assert seen.passwords_offered == 0
    assert "\x1b" not in output.failure.detail


@pytest.mark.parametrize(
    ("session", "kind"),
    [(endless, FailureKind.PROTOCOL), (silent, FailureKind.TIMEOUT), (dripping, FailureKind.TIMEOUT)],
)
def test_output_without_end_or_without_start_ends_by_itself(session: Session, kind: FailureKind) -> None:
    with ssh_server(session) as (port, _):
        output = run(port, seconds=30.0 if session is endless else 1.0)
    assert output.failure is not None
    assert output.failure.kind is kind
    assert len(output.content) <= MAXIMUM_BYTES


def test_what_came_before_the_session_was_killed_is_kept() -> None:
    with ssh_server(leaves) as (port, _):
        output = run(port)
    assert output.content == b"half of"


def test_errors_are_thrown_away_however_many() -> None:
    with ssh_server(noisy_errors) as (port, _):
        output = run(port)
    assert output.content == b"done\n"


def test_an_account_without_shell_says_what_it_says() -> None:
    with ssh_server(says_no_shell) as (port, _):
        assert run(port).content == b"This account is currently not available.\n"


@pytest.mark.parametrize(
    "greeting",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"SSH-1.5-old\r\n",
        b"x" * 1_000_000,
        b"a line before\r\n" * 100_000,
        b"SSH-2.0-" + b"y" * 100_000 + b"\r\n",
        b"\x00\xff" * 5000,
    ],
    ids=["nothing", "http", "protocol 1", "one long line", "many lines", "long version", "bytes"],
)
def test_what_is_no_ssh_server_is_named(greeting: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                try:
                    connection.sendall(greeting)
                    while connection.recv(4096):
                        pass
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        output = run(listener.getsockname()[1], connect=0.2)
        thread.join()
    assert output.failure is not None
    assert output.failure.kind in (FailureKind.TIMEOUT, FailureKind.PROTOCOL, FailureKind.RESET)


def test_a_closed_port_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    output = run(port)
    assert output.failure is not None
    assert output.failure.kind is FailureKind.REFUSED


@pytest.mark.parametrize("key", [b"", b"no key", KEY[:-40]])
def test_what_is_no_key_is_our_callers_mistake(key: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        run_over_ssh(Login("127.0.0.1", 1, "u", (public_line(HOST_KEY),), key), "", 1, 1)


_MEASURE = """
import resource, sys
from scanners.host.connection import Login, run_over_ssh
port, pinned = int(sys.argv[1]), sys.argv[2]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
output = run_over_ssh(Login("127.0.0.1", port, "tilik-audit", (pinned,), sys.stdin.buffer.read()), "", 60, 5)
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(output.failure.kind.value, len(output.content), grown)
"""


def test_a_line_of_a_gigabyte_costs_a_bounded_memory() -> None:
    """The session never ends its one line; the client takes 20 MB of it and leaves."""
    with ssh_server(endless) as (port, _):
        done = subprocess.run(
            [sys.executable, "-c", _MEASURE, str(port), public_line(HOST_KEY)],
            input=KEY,
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
    kind, taken, grown_kib = done.stdout.split()
    assert (kind, int(taken)) == (b"protocol", MAXIMUM_BYTES)
    assert int(grown_kib) < 100_000
