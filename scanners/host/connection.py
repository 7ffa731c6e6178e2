"""Run the collection script on a host over SSH: a pinned key, one login, bounded output."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import asyncssh

from auditor.model.evidence import Failure, FailureKind

COMMAND = "exec nice -n 19 sh -s"
MAXIMUM_BYTES = 20_000_000
_CHUNK = 65536
_CLIENT_VERSION = "tilik-audit"


@dataclass(frozen=True, slots=True)
class Login:
    """Whose account on which host, proven by which private key; `host_keys` are OpenSSH public key lines."""

    address: str
    port: int
    user: str
    host_keys: tuple[str, ...]
    private_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Output:
    """What came back, with the failure that ended it early, if any."""

    content: bytes = b""
    failure: Failure | None = None
    host_key: str = ""
    """Fingerprint of the key that the host proved to have."""
    software: str = ""


def run_over_ssh(login: Login, script: str, timeout_seconds: float, connect_seconds: float) -> Output:
    """Return what the host printed for the script, however it ended; never raise for what a host does.

    Raise ValueError for a pinned key or private key that cannot be read. Nothing is offered to a host that
    does not prove one of the pinned keys: no agent, no password, no configuration file, no second attempt.
    """
    try:
        trusted = [asyncssh.import_public_key(line) for line in login.host_keys]
        own = asyncssh.import_private_key(login.private_key)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise ValueError(f"a key cannot be read: {error}") from None
    return asyncio.run(_run(login, trusted, own, script, timeout_seconds, connect_seconds))


async def _run(
    login: Login,
    trusted: Sequence[asyncssh.SSHKey],
    own: asyncssh.SSHKey,
    script: str,
    timeout_seconds: float,
    connect_seconds: float,
) -> Output:
    received = bytearray()
    host_key = software = ""
    failure: Failure | None = None
    try:
        async with asyncio.timeout(timeout_seconds):
            connection = await _connect(login, trusted, own, connect_seconds)
            try:
                key = connection.get_server_host_key()
                host_key = key.get_fingerprint() if key else ""
                software = str(connection.get_extra_info("server_version", ""))
                await _collect(connection, script, received)
            finally:
                connection.abort()
        failure = _too_much(received)
    except (OSError, asyncssh.Error) as error:
        failure = _failure(error, login, begun=bool(host_key))
    return Output(bytes(received), failure, host_key, software)


async def _connect(
    login: Login, trusted: Sequence[asyncssh.SSHKey], own: asyncssh.SSHKey, connect_seconds: float
) -> asyncssh.SSHClientConnection:
    return await asyncssh.connect(
        login.address,
        login.port,
        username=login.user,
        client_keys=[own],
        known_hosts=(list(trusted), [], []),
        server_host_key_algs=_algorithms(trusted),
        config=None,
        agent_path=None,
        agent_forwarding=False,
        preferred_auth="publickey",
        password=None,
        gss_kex=False,
        gss_auth=False,
        x509_trusted_certs=None,
        compression_algs=["none"],
        # Those that processors have instructions for; what else the library knows stays behind them.
        encryption_algs="^aes256-gcm@openssh.com,aes128-gcm@openssh.com",
        client_version=_CLIENT_VERSION,
        connect_timeout=connect_seconds,
        login_timeout=connect_seconds * 4,
        keepalive_interval=0,
    )


def _failure(error: Exception, login: Login, *, begun: bool) -> Failure:
    """Name what ended a session; the more special errors of the library come first."""
    match error:
        case TimeoutError():
            return Failure(FailureKind.TIMEOUT, "the collection took too long" if begun else "")
        case asyncssh.HostKeyNotVerifiable():
            return Failure(
                FailureKind.HOST_KEY_CHANGED, "the host does not prove the key that the inventory names"
            )
        case asyncssh.PermissionDenied():
            return Failure(FailureKind.LOGIN_REFUSED, f"{login.user} was not let in with the audit key")
        case asyncssh.KeyExchangeFailed():
            return Failure(FailureKind.PROTOCOL, f"no common algorithms: {error.reason}"[:300])
        case ConnectionRefusedError():
            return Failure(FailureKind.REFUSED, "")
        case ConnectionResetError() | BrokenPipeError() | asyncssh.ConnectionLost():
            return Failure(FailureKind.RESET, str(error)[:300])
        case asyncssh.Error():
            return Failure(FailureKind.PROTOCOL, str(error.reason)[:300])
        case OSError():
            return Failure(FailureKind.UNREACHABLE, error.strerror or str(error))
        case _:
            raise error


async def _collect(connection: asyncssh.SSHClientConnection, script: str, received: bytearray) -> None:
    async with connection.create_process(
        COMMAND, encoding=None, request_pty=False, stderr=asyncssh.DEVNULL, env={}, send_env=()
    ) as process:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(script.encode())
            process.stdin.write_eof()
        while len(received) < MAXIMUM_BYTES:
            chunk = await process.stdout.read(_CHUNK)
            if not chunk:
                return
            received += chunk


def _too_much(received: bytearray) -> Failure | None:
    if len(received) < MAXIMUM_BYTES:
        return None
    del received[MAXIMUM_BYTES:]
    return Failure(FailureKind.PROTOCOL, f"more than {MAXIMUM_BYTES} bytes of output")


def _algorithms(trusted: Sequence[asyncssh.SSHKey]) -> list[str]:
    """Return the host key algorithms of the pinned keys, so that a host shows one of those and no other."""
    found: dict[str, None] = {}
    for key in trusted:
        for name in (*key.sig_algorithms, key.algorithm):
            found[name.decode() if isinstance(name, bytes) else name] = None
    return list(found)
