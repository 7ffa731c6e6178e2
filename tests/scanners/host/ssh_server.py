"""A real SSH server on loopback that behaves as it is told, and counts what it was offered."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncssh

Session = Callable[["asyncssh.SSHServerProcess[bytes]"], Awaitable[None]]

AUDIT_KEY = asyncssh.generate_private_key("ssh-ed25519")
HOST_KEY = asyncssh.generate_private_key("ssh-ed25519")
OTHER_KEY = asyncssh.generate_private_key("ssh-ed25519")


def public_line(key: asyncssh.SSHKey) -> str:
    """Return a key's public half as a line of an inventory."""
    return " ".join(key.export_public_key("openssh").decode().split()[:2])


@dataclass(slots=True)
class Seen:
    """What a server was offered."""

    connections: int = 0
    keys_offered: int = 0
    passwords_offered: int = 0
    commands: list[str | None] = field(default_factory=list)
    terminals: int = 0
    agents: int = 0


class _Server(asyncssh.SSHServer):
    def __init__(self, seen: Seen, *, accepts: bool, banner: str) -> None:
        self._seen, self._accepts, self._banner = seen, accepts, banner

    def connection_made(self, connection: asyncssh.SSHServerConnection) -> None:
        self._seen.connections += 1
        if self._banner:
            connection.send_auth_banner(self._banner)

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._seen.passwords_offered += 1
        return True

    def kbdint_auth_supported(self) -> bool:
        return True

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> Any:
        self._seen.passwords_offered += 1
        return "", "", "", [("[sudo] password for audit: ", False)]

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        self._seen.keys_offered += 1
        return self._accepts


@contextmanager
def ssh_server(
    session: Session, *, host_key: asyncssh.SSHKey = HOST_KEY, accepts: bool = True, banner: str = ""
) -> Iterator[tuple[int, Seen]]:
    """Run a server; give its port and what it saw."""
    seen = Seen()
    loop = asyncio.new_event_loop()

    async def handle(process: asyncssh.SSHServerProcess[bytes]) -> None:
        seen.commands.append(process.command)
        seen.terminals += process.term_type is not None
        seen.agents += process.get_extra_info("agent_path") is not None
        try:
            await session(process)
        except (BrokenPipeError, ConnectionResetError, asyncssh.Error):
            return  # the client went away, as it should

    async def start() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=lambda: _Server(seen, accepts=accepts, banner=banner),
            server_host_keys=[host_key],
            process_factory=handle,
            encoding=None,
        )

    acceptor = loop.run_until_complete(start())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield acceptor.get_port(), seen
    finally:
        loop.call_soon_threadsafe(acceptor.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


async def real_shell(process: asyncssh.SSHServerProcess[bytes]) -> None:
    """Run what is asked for with a real shell, as sshd does."""
    shell = await asyncio.create_subprocess_exec(
        "/bin/sh",
        "-c",
        process.command or "",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await shell.communicate(await process.stdin.read())
    process.stdout.write(output)
    process.exit(shell.returncode or 0)
