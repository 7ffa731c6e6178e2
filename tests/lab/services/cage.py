"""A network namespace for daemons that can only listen on every address at once.

On loopback every address of 127.0.0.0/8 is the same interface, so such a daemon would answer for all servers
of the lab. In a cage it has a loopback interface of its own, and its ports are carried to the server's
address. It has a /run of its own too.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

from tests.lab.model import Launch, Place
from tests.lab.process import answers

_ROOT = Path(__file__).parents[3]
_NEW_NAMESPACES = 0x40000000 | 0x00020000
"""CLONE_NEWNET and CLONE_NEWNS of sched.h."""
_OWN_RUN = "mount --make-rprivate / && mount -t tmpfs tmpfs /run"
_SET_FLAGS, _UP = 0x8914, 1
_CHUNK = 65536
_WAIT_SECONDS = 0.1
_ANSWER_SECONDS = 3.0


def caged(place: Place, script: str, tcp: tuple[int, ...] = (), udp: tuple[int, ...] = ()) -> Launch:
    """Return how to run a shell script in a cage, with these ports of the address carried into it."""
    settings = place.write(
        "cage.json", json.dumps({"address": place.address, "script": script, "tcp": tcp, "udp": udp})
    )
    code = f"import sys; sys.path.insert(0, {str(_ROOT)!r})\nfrom {__name__} import serve\n"
    return Launch((sys.executable, "-c", code + f"serve({str(settings)!r})"), udp_ports=udp)


def cages_possible() -> bool:
    """Say whether a network namespace may be made here; most containers forbid it, even to root."""
    done = subprocess.run(["unshare", "--net", "--mount", "true"], capture_output=True, check=False)
    return done.returncode == 0


def serve(settings_path: str) -> None:
    """Open the ports, move into a new namespace, start the script, and carry until ended.

    A socket belongs to the namespace in which it was made, so one process stands in both.
    """
    settings = json.loads(Path(settings_path).read_text())
    address = settings["address"]
    datagrams = [_datagram_socket(address, port) for port in settings["udp"]]
    listeners = [_stream_socket(address, port) for port in settings["tcp"]]
    _move_into_new_namespaces()
    with subprocess.Popen(["/bin/sh", "-ec", f"{_OWN_RUN}\n{settings['script']}"]) as inner:
        try:
            asyncio.run(_carry(listeners, datagrams, inner))
        finally:
            inner.terminate()


def _stream_socket(address: str, port: int) -> socket.socket:
    """Return a socket that does not listen yet: until the daemon answers, its port is closed."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((address, port))
    return made


def _datagram_socket(address: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((address, port))
    made.setblocking(False)
    return made


def _move_into_new_namespaces() -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.unshare(_NEW_NAMESPACES) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"no network namespace may be made here: {os.strerror(number)}")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP))


async def _carry(
    listeners: list[socket.socket], datagrams: list[socket.socket], inner: subprocess.Popen[bytes]
) -> None:
    for one in datagrams:
        asyncio.get_running_loop().add_reader(one, _datagram, one)
    waiting = list(listeners)
    while inner.poll() is None:
        for listener in [one for one in waiting if answers("127.0.0.1", one.getsockname()[1])]:
            await asyncio.start_server(_connection, sock=listener)
            waiting.remove(listener)
        await asyncio.sleep(_WAIT_SECONDS)


async def _connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    port = writer.get_extra_info("sockname")[1]
    try:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        writer.transport.abort()  # the client sees a reset, as from a closed port
        return
    await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(_CHUNK):
            sink.write(data)
            await sink.drain()
    sink.close()


def _datagram(outer: socket.socket) -> None:
    """Ask the daemon with the datagram that waits, and send its first answer back."""
    question, asker = outer.recvfrom(_CHUNK)
    inside = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    inside.setblocking(False)
    loop = asyncio.get_running_loop()

    def answer() -> None:
        with contextlib.suppress(OSError):
            outer.sendto(inside.recv(_CHUNK), asker)
        close()

    def close() -> None:
        loop.remove_reader(inside)
        inside.close()
        giving_up.cancel()

    giving_up = loop.call_later(_ANSWER_SECONDS, close)
    loop.add_reader(inside, answer)
    with contextlib.suppress(OSError):
        inside.connect(("127.0.0.1", outer.getsockname()[1]))
        inside.send(question)
