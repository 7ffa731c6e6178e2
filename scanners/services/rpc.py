"""Ask rpcbind which programs it knows, and the mount service what it exports (RFC 1833, 1813)."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model.facts import JSON, Facts
from scanners.services.answers import AnswerError, number, text_of, whole
from scanners.services.context import Context
from scanners.services.conversation import Conversation
from scanners.services.products import described

_PORTMAP, _MOUNT, _NFS = 100000, 100005, 100003
_NAMES = {_PORTMAP: "rpcbind", _NFS: "nfs", _MOUNT: "mountd", 100021: "nlockmgr", 100024: "status"}
_DUMP, _EXPORT = 4, 5
_TCP = 6
_FRAGMENT_BYTES = 262_144
_PROGRAMS = 500
_EXPORTS = 100
_GROUPS = 100
_NAME_BYTES = 1024


def ask_rpcbind(talk: Conversation, context: Context) -> Iterator[Facts]:
    """Ask for the list of programs; where one of them mounts, ask that one for its exports."""
    programs = parse_programs(_call(talk, 1, _PORTMAP, 2, _DUMP))
    listed: list[JSON] = [f"{program}/{version} {port}" for program, version, port in programs]
    yield {"service.name": "rpcbind", **described(None, "2-4", ""), "rpcbind.programs": listed}
    mount = next((port for program, version, port in programs if (program, version) == (_MOUNT, 3)), 0)
    if not any(program == _NFS for program, _, _ in programs) and not mount:
        yield {"nfs.exports": []}
    elif mount:
        with context.open(mount) as other:
            exports: list[JSON] = [*parse_exports(_call(other, 2, _MOUNT, 3, _EXPORT))]
        yield {"nfs.exports": exports}


def name_in(listed: JSON, port: int) -> str | None:
    """Return what rpcbind's list of programs says of another port of the address."""
    for line in listed if isinstance(listed, list) else ():
        program, _, at = str(line).partition(" ")
        if at == str(port):
            return _NAMES.get(int(program.partition("/")[0]), "rpc")
    return None


def ask_nfs(talk: Conversation, _context: Context) -> Iterator[Facts]:
    """Call NFS's empty procedure; that there is an answer names it, whichever version it speaks."""
    _call(talk, 1, _NFS, 3, 0)
    yield {"service.name": "nfs", **described(None, None, "")}


def _call(talk: Conversation, message: int, program: int, version: int, procedure: int) -> bytes:
    words = (message, 0, 2, program, version, procedure, 0, 0, 0, 0)
    body = b"".join(word.to_bytes(4, "big") for word in words)
    talk.send((0x80000000 | len(body)).to_bytes(4, "big") + body)
    answer = b""
    last = False
    while not last:
        mark = number(talk.exactly(4), 0, 4)
        last = bool(mark & 0x80000000)
        length = mark & 0x7FFFFFFF
        if len(answer) + length > _FRAGMENT_BYTES or not (length or last):
            raise AnswerError("an RPC answer that is too large")
        answer += talk.exactly(length)
    return parse_reply(answer, message)


def parse_reply(answer: bytes, message: int) -> bytes:
    """Return the result of an accepted call, nothing of one that the program refused; raise AnswerError."""
    if number(answer, 0, 4) != message or number(answer, 4, 4) != 1:
        raise AnswerError("not the RPC answer to this call")
    if number(answer, 8, 4) != 0:
        return b""
    at = 20 + _padded(number(answer, 16, 4))
    return answer[at + 4 :] if number(answer, at, 4) == 0 else b""


def parse_programs(result: bytes) -> list[tuple[int, int, int]]:
    """Return program, version and TCP port of each entry of rpcbind's list; raise AnswerError."""
    found: list[tuple[int, int, int]] = []
    at = 0
    while number(result, at, 4) == 1:
        program, version, protocol, port = (number(result, at + 4 * n, 4) for n in range(1, 5))
        if protocol == _TCP and 0 < port < 65536:
            found.append((program, version, port))
        at += 20
        if len(found) > _PROGRAMS:
            raise AnswerError("a list of programs that is too long")
    return found


def parse_exports(result: bytes) -> list[str]:
    """Return a line for each export: the directory, then who may mount it; raise AnswerError."""
    lines: set[str] = set()
    at = 0
    for _ in range(_EXPORTS):
        if number(result, at, 4) != 1:
            break
        directory, at = _text(result, at + 4)
        clients: list[str] = []
        while number(result, at, 4) == 1:
            client, at = _text(result, at + 4)
            if len(clients) < _GROUPS:
                clients.append(client)
        at += 4
        lines.add(f"{directory} {' '.join(clients) or '*'}"[:200])
    return sorted(lines)


def _text(data: bytes, at: int) -> tuple[str, int]:
    length = number(data, at, 4)
    if length > _NAME_BYTES:
        raise AnswerError("a name that is too long")
    return text_of(whole(data, at + 4, length)), at + 4 + _padded(length)


def _padded(length: int) -> int:
    return (length + 3) // 4 * 4
