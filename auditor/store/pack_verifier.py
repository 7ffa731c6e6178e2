#!/usr/bin/env python3
"""Verify an evidence pack, with nothing but Python itself (3.8 or newer).

    python3 verify.py PACK.zip [--key HEX] [--language id|en]

Every byte of the file is accounted for: the archive is laid out in one way only, its list of members carries
their SHA-256, and the list is signed (Ed25519). Then the evidence chain, raw outputs, decisions, re-tests and
seals inside are checked one by one. Ends with 0 when all of it holds, 1 when something does not, 2 when it
cannot be read at all. Who signed it is certain only when the key is compared with one that came another way:
give it with --key.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

FORMAT, VERSION = "tilik-evidence-pack", 1
MANIFEST, SIGNATURE = "manifest.json", "signature.json"
MOST_BYTES, MOST_MEMBERS, LONGEST_NAME = 2**32 - 1, 2**16 - 1, 200
MOST_UNPACKED_BYTES, LONGEST_LINE = 2**31, 2**26
"""Of one compressed member, and of one line in it: what unpacks to more is refused."""

_PIECE = 1024 * 1024
_LOCAL, _CENTRAL, _END = "<4s5H3I2H", "<4s6H3I5H2I", "<4s4H2IH"
_DAY = 33  # 1 January 1980, so that the same content makes the same bytes

MESSAGES: dict[str, tuple[str, str]] = {
    "layout": ("byte {0}: bukan susunan arsip bukti", "byte {0}: not the layout of an evidence pack"),
    "cut": ("berkas terpotong", "the file is cut off"),
    "too_large": ("{0} terlalu besar", "{0} is too large"),
    "no_manifest": ("daftar isi (manifest.json) tidak ada", "there is no list of members (manifest.json)"),
    "manifest": ("daftar isi tidak terbaca", "the list of members is not readable"),
    "version": ("versi arsip {0} tidak dikenal", "version {0} of the pack is not known"),
    "signature": ("tanda tangan daftar isi tidak sah", "the signature of the list of members is not valid"),
    "other_key": ("ditandatangani dengan kunci lain: {0}", "it was signed with another key: {0}"),
    "missing": ("{0} tidak ada", "{0} is missing"),
    "extra": ("{0} tidak tercantum dalam daftar isi", "{0} is not in the list of members"),
    "changed": ("{0} telah diubah", "{0} was changed"),
    "order": (
        "berkas di dalam arsip tidak berurutan seperti daftar isinya",
        "the files do not stand in the order of the list of members",
    ),
    "unreadable": ("{0} tidak terbaca", "{0} is not readable"),
    "gap": (
        "baris bukti {0} tidak menyambung baris sebelumnya",
        "evidence row {0} does not follow the one before",
    ),
    "row": ("isi baris bukti {0} telah diubah", "the content of evidence row {0} was changed"),
    "raw": ("keluaran mentah {1} dari baris {0} tidak ada", "raw output {1} of row {0} is missing"),
    "head": ("tanda tangan rantai pada baris {0} tidak sah", "the signed head at row {0} does not hold"),
    "no_head": (
        "rantai tidak berakhir pada baris yang ditandatangani",
        "the chain does not end at a signed row",
    ),
    "decision": ("keputusan {0} telah diubah", "decision {0} was changed"),
    "retest": ("berita acara uji ulang {0} telah diubah", "the record of the re-test {0} was changed"),
    "seal": ("segel hasil audit {0} tidak sah", "the seal of audit {0} does not hold"),
}


class PackError(Exception):
    """Why something is no evidence pack, or cannot be read further: a key of MESSAGES and its values."""

    def __init__(self, key: str, *values: object):
        super().__init__(key, *values)
        self.key, self.values = key, values


class Member(NamedTuple):
    """One file of the archive, where its bytes begin, and what was read of it."""

    name: str
    offset: int
    size: int
    crc: int
    sha256: str


# Signatures: Ed25519 as in RFC 8032, verification only, so that nothing needs to be installed.

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)


def _add(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % _P, (one[1] + one[0]) * (other[1] + other[0]) % _P
    c, d = 2 * one[3] * other[3] * _D % _P, 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(scalar: int, point: tuple[int, ...]) -> tuple[int, ...]:
    total: tuple[int, ...] = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point, scalar = _add(point, point), scalar >> 1
    return total


def _x_of(y: int, odd: int) -> int:
    """Return the x of a point, or raise ValueError where there is none (RFC 8032, 5.1.3)."""
    if y >= _P:
        raise ValueError("no point")
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (not x and odd):
        raise ValueError("no point")
    return _P - x if x & 1 != odd else x


def _point(encoded: bytes) -> tuple[int, ...]:
    number = int.from_bytes(encoded, "little")
    y, odd = number & (2**255 - 1), number >> 255
    x = _x_of(y, odd)
    return (x, y, 1, x * y % _P)


def _encoded(point: tuple[int, ...]) -> bytes:
    inverse = pow(point[2], _P - 2, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


_BASE_Y = 4 * pow(5, _P - 2, _P) % _P
_BASE = _point(_BASE_Y.to_bytes(32, "little"))


def is_signed(public_key: str, signature: str, content: bytes) -> bool:
    """Return whether a key (hexadecimal) made a signature (hexadecimal) over some bytes."""
    try:
        key, mark = bytes.fromhex(public_key), bytes.fromhex(signature)
        scalar = int.from_bytes(mark[32:], "little")
        if (len(key), len(mark)) != (32, 64) or scalar >= _ORDER:
            return False
        if (key.hex(), mark.hex()) != (public_key, signature):
            return False  # written in another form: spaces or capitals, in which more could be hidden
        x, y, z, t = _point(key)
    except (ValueError, TypeError):
        return False
    digest = hashlib.sha512(mark[:32] + key + content).digest()
    minus = (-x % _P, y, z, -t % _P)
    hashed = int.from_bytes(digest, "little") % _ORDER
    return _encoded(_add(_times(scalar, _BASE), _times(hashed, minus))) == mark[:32]


# The archive: ZIP with every field fixed, nothing compressed twice, nothing between its members.


def local_header(name: str, crc: int, size: int) -> bytes:
    """Return what stands before the bytes of a member."""
    fields = (b"PK\3\4", 20, 0, 0, 0, _DAY, crc, size, size, len(name), 0)
    return struct.pack(_LOCAL, *fields) + name.encode("ascii")


def closing(members: list[Member]) -> bytes:
    """Return what stands after the last member: the directory of all, and its end."""
    entries, offset = [], 0
    for one in members:
        begins = one.offset - struct.calcsize(_LOCAL) - len(one.name)
        fields = (b"PK\1\2", 0x314, 20, 0, 0, 0, _DAY, one.crc, one.size, one.size, len(one.name))
        entries.append(struct.pack(_CENTRAL, *fields, 0, 0, 0, 0, 0o100644 << 16, begins))
        entries.append(one.name.encode("ascii"))
        offset = one.offset + one.size
    directory, count = b"".join(entries), len(members)
    return directory + struct.pack(_END, b"PK\5\6", 0, 0, count, count, len(directory), offset, 0)


def read_members(file: BinaryIO) -> list[Member]:
    """Return the members of an archive, each byte of which is what it must be, or raise PackError."""
    members: list[Member] = []
    while True:
        begins = file.tell()
        head = file.read(struct.calcsize(_LOCAL))
        if head[:4] != b"PK\3\4":
            if not members:
                raise PackError("layout", begins)
            expected = closing(members)
            if head + file.read(len(expected) + 1 - len(head)) != expected:
                raise PackError("layout", begins)
            return members
        if len(members) == MOST_MEMBERS:
            raise PackError("layout", begins)
        members.append(_member(file, begins, head))


def _member(file: BinaryIO, begins: int, head: bytes) -> Member:
    if len(head) < struct.calcsize(_LOCAL):
        raise PackError("cut")
    fields = struct.unpack(_LOCAL, head)
    crc, size, length = fields[6], fields[7], fields[9]
    name = file.read(min(length, LONGEST_NAME))
    if not name.isascii() or local_header(name.decode("ascii"), crc, size) != head + name:
        raise PackError("layout", begins)
    offset, found, total, left = file.tell(), 0, hashlib.sha256(), size
    while left:
        piece = file.read(min(left, _PIECE))
        if not piece:
            raise PackError("cut")
        found, left = zlib.crc32(piece, found), left - len(piece)
        total.update(piece)
    if found != crc:
        raise PackError("changed", name.decode("ascii"))
    return Member(name.decode("ascii"), offset, size, crc, total.hexdigest())


def canonical(value: Any) -> str:
    """Return JSON text that is the same for the same value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def row_hash(previous_hash: str, row: dict[str, Any]) -> str:
    """Return SHA-256 over the hash before a row and its content."""
    return hashlib.sha256((previous_hash + "\n" + canonical(row)).encode()).hexdigest()


class _Part(io.RawIOBase):
    """The bytes of one member, read as they are asked for."""

    def __init__(self, file: BinaryIO, member: Member):
        super().__init__()
        self._file, self._at, self._end = file, member.offset, member.offset + member.size

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as there are bytes."""
        self._file.seek(self._at)
        found = self._file.read(min(len(buffer), self._end - self._at))
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)


class Pack:
    """An open pack whose layout was read."""

    def __init__(self, file: BinaryIO):
        self.file = file
        self.members = read_members(file)
        self.by_name = {one.name: one for one in self.members}
        if len(self.by_name) != len(self.members) or MANIFEST not in self.by_name:
            raise PackError("no_manifest")
        try:
            self.manifest: dict[str, Any] = json.loads(self.content(MANIFEST).decode())
            known, version = self.manifest["format"] == FORMAT, self.manifest["version"]
            whole = known and version == VERSION and _is_manifest(self.manifest)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise PackError("manifest") from None
        if known and version != VERSION:
            raise PackError("version", version)
        if not whole:
            raise PackError("manifest")

    def content(self, name: str) -> bytes:
        """Return the bytes of a small member; raise PackError when there is none."""
        member = self.by_name.get(name)
        if member is None:
            raise PackError("missing", name)
        if member.size > LONGEST_LINE:
            raise PackError("too_large", name)
        self.file.seek(member.offset)
        return self.file.read(member.size)

    def unpacked_digest(self, name: str) -> str:
        """Return SHA-256 over a compressed member, unpacked, or raise PackError."""
        total = hashlib.sha256()
        for piece in self._pieces(name, lambda packed: packed.read(_PIECE)):
            total.update(piece)
        return total.hexdigest()

    def lines(self, name: str) -> Iterator[Any]:
        """Yield the JSON values of a compressed member, one a line; raise PackError."""
        for line in self._pieces(name, lambda packed: packed.readline(LONGEST_LINE)):
            try:
                yield json.loads(line.decode())
            except (ValueError, RecursionError):
                raise PackError("unreadable", name) from None

    def _pieces(self, name: str, read: Callable[[gzip.GzipFile], bytes]) -> Iterator[bytes]:
        member, total = self.by_name.get(name), 0
        if member is None:
            raise PackError("missing", name)
        try:
            with gzip.GzipFile(fileobj=io.BufferedReader(_Part(self.file, member))) as packed:
                while True:
                    piece = read(packed)
                    if not piece:
                        return
                    total += len(piece)
                    if total > MOST_UNPACKED_BYTES:
                        raise PackError("too_large", name)
                    yield piece
        except (OSError, EOFError, zlib.error):
            raise PackError("unreadable", name) from None


def _is_manifest(value: dict[str, Any]) -> bool:
    """Return whether a list of members has the shape that all that follows relies on."""
    texts = ("organization", "opd_name", "from", "to", "made_at", "public_key")
    entries = all(
        (type(one["name"]), type(one["size"]), type(one["sha256"])) == (str, int, str)
        for one in value["entries"]
    )
    runs = all(
        isinstance(one["id"], str) and isinstance(one["seal"], (dict, type(None))) for one in value["runs"]
    )
    counts = all(isinstance(value["evidence"][name], int) for name in ("rows", "withheld"))
    told = all(isinstance(one, str) for one in value["problems"])
    return entries and runs and counts and told and all(isinstance(value[name], str) for name in texts)


class Problem(NamedTuple):
    """What is wrong: a key of MESSAGES and the values it is about."""

    key: str
    values: tuple[object, ...] = ()

    def told(self, language: str) -> str:
        """Word it."""
        return plain(MESSAGES[self.key][language == "en"].format(*self.values))


def problems(pack: Pack, key: str = "") -> Iterator[Problem]:
    """Yield everything in a pack that is not what was sealed.

    Nothing is unpacked of a file that is not sealed as a whole: its content could be anything.
    """
    signer = str(pack.manifest["public_key"])
    found = list(_members(pack))
    if not _is_signed_whole(pack, signer):
        found.append(Problem("signature"))
    if key and key.lower() != signer:
        found.append(Problem("other_key", (signer,)))
    yield from found
    if found:
        return
    for check in (_evidence, _decisions, _retests, _seals):
        try:
            yield from check(pack, signer)
        except PackError as error:
            yield Problem(error.key, error.values)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError):
            yield Problem("unreadable", (check.__name__.strip("_"),))


def _is_signed_whole(pack: Pack, signer: str) -> bool:
    if SIGNATURE not in pack.by_name:
        return False
    found = pack.content(SIGNATURE)
    try:
        signature = str(json.loads(found.decode())["signature"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
    manifest = hashlib.sha256(pack.content(MANIFEST)).hexdigest()
    return found == signature_file(signature) and is_signed(signer, signature, signed_bytes(manifest))


def signature_file(signature: str) -> bytes:
    """Return the member that holds the signature of the list of members."""
    return canonical({"signature": signature}).encode()


def signed_bytes(manifest: str) -> bytes:
    """Return what is signed of a list of members, by its SHA-256."""
    return (FORMAT + "\n" + manifest).encode()


def _members(pack: Pack) -> Iterator[Problem]:
    listed = {one["name"]: one for one in pack.manifest["entries"]}
    found = {name: one for name, one in pack.by_name.items() if name not in (MANIFEST, SIGNATURE)}
    for name in sorted(listed.keys() - found.keys()):
        yield Problem("missing", (name,))
    for name in sorted(found.keys() - listed.keys()):
        yield Problem("extra", (name,))
    for name in sorted(found.keys() & listed.keys()):
        if (found[name].size, found[name].sha256) != (listed[name]["size"], listed[name]["sha256"]):
            yield Problem("changed", (name,))
    if [one.name for one in pack.members] != [*listed, MANIFEST, SIGNATURE]:
        yield Problem("order")


def _evidence(pack: Pack, signer: str) -> Iterator[Problem]:
    heads = {one["sequence"]: one for one in pack.lines("evidence/heads.jsonl.gz")}
    pruned: dict[str, str] = {}
    for one in pack.lines("evidence/pruned.jsonl.gz"):
        said = "tilik-pruning\n{digest}\n{pruned_at}\n{reason}".format(**one)
        if is_signed(signer, one["signature"], said.encode()):
            pruned[one["digest"]] = one["pruned_at"]
    previous, sequence, last = "", 0, None
    for line in pack.lines("evidence/chain.jsonl.gz"):
        if sequence and (line["sequence"] != sequence + 1 or line["previous_hash"] != previous):
            yield Problem("gap", (line["sequence"],))
        sequence, previous, last = line["sequence"], line["hash"], line
        if "row" in line:
            yield from _row(pack, line, pruned)
        head = heads.pop(sequence, None)
        if head is not None:
            said = "tilik-chain-head\n{}\n{}".format(sequence, head["hash"])
            if head["hash"] != line["hash"] or not is_signed(signer, head["signature"], said.encode()):
                yield Problem("head", (sequence,))
            last = None
    for sequence in sorted(heads):
        yield Problem("head", (sequence,))
    if last is not None:
        yield Problem("no_head")


def _row(pack: Pack, line: dict[str, Any], pruned: dict[str, str]) -> Iterator[Problem]:
    content = json.loads(line["row"])
    named = tuple(content.pop(name) for name in ("hash", "previous_hash"))
    hashed = row_hash(line["previous_hash"], content)
    if named != (line["hash"], line["previous_hash"]) or hashed != line["hash"]:
        yield Problem("row", (line["sequence"],))
    if content["sequence"] != line["sequence"]:
        yield Problem("row", (line["sequence"],))
    for name, digest in sorted(content["raw"].items()):
        member = f"raw/{digest}.gz"
        if member in pack.by_name:
            if pack.unpacked_digest(member) != digest:
                yield Problem("changed", (member,))
        elif not (digest in pruned and content["finished_at"] <= pruned[digest]):
            yield Problem("raw", (line["sequence"], name))


def _decisions(pack: Pack, signer: str) -> Iterator[Problem]:
    previous, sequence = "", 0
    for line in pack.lines("decisions.jsonl.gz"):
        said = "tilik-decision\n{sequence}\n{hash}".format(**line)
        follows = not sequence or (line["sequence"], line["previous_hash"]) == (sequence + 1, previous)
        whole = "row" not in line or row_hash(line["previous_hash"], json.loads(line["row"])) == line["hash"]
        if not (follows and whole and is_signed(signer, line["signature"], said.encode())):
            yield Problem("decision", (line["sequence"],))
        sequence, previous = line["sequence"], line["hash"]
    for name in sorted(pack.by_name):
        if name.startswith("files/") and pack.by_name[name].sha256 != name.split("/")[1]:
            yield Problem("changed", (name,))


def _retests(pack: Pack, signer: str) -> Iterator[Problem]:
    for line in pack.lines("retests.jsonl.gz"):
        said = "tilik-retest\n{run}\n{day}\n{content}".format(**line)
        if not is_signed(signer, line["signature"], said.encode()):
            yield Problem("retest", (line["run"],))


def _seals(pack: Pack, signer: str) -> Iterator[Problem]:
    for run in pack.manifest["runs"]:
        seal, sealed = run["seal"], "runs/{}/sealed.jsonl.gz".format(run["id"])
        if seal is None:
            continue
        said = "tilik-run-seal\n{}\n{}\n{}".format(run["id"], seal["digest"], seal["signed_at"])
        holds = is_signed(signer, seal["signature"], said.encode())
        if holds and sealed in pack.by_name:
            holds = pack.unpacked_digest(sealed) == seal["digest"]
        if not holds:
            yield Problem("seal", (run["id"],))


def main(arguments: list[str] | None = None) -> int:
    """Verify the pack named on the command line and tell what came of it."""
    parser = argparse.ArgumentParser(description="Verify an evidence pack / Periksa arsip bukti.")
    parser.add_argument("pack", help="the file / berkasnya")
    parser.add_argument("--key", default="", help="the public key it must be signed with, hexadecimal")
    parser.add_argument("--language", choices=("id", "en"), default="id")
    chosen = parser.parse_args(arguments)
    try:
        with Path(chosen.pack).open("rb") as file:
            pack = Pack(file)
            found = [one.told(chosen.language) for one in problems(pack, chosen.key)]
            told = found or list(summary(pack, chosen.language, bool(chosen.key)))
    except PackError as error:
        found = told = [Problem(error.key, error.values).told(chosen.language)]
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write("".join(f"{line}\n" for line in told))
    return 1 if found else 0


def plain(text: object) -> str:
    """Return text in which nothing can move a cursor or turn what is read around."""
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in str(text))


def summary(pack: Pack, language: str, compared: bool) -> Iterator[str]:
    """Yield what an intact pack holds, and what is left to compare."""
    of, english = pack.manifest, language == "en"
    evidence = of["evidence"]
    about = (of["organization"], of["opd_name"] or "–", f"{of['from']} – {of['to']}")
    yield plain(", ".join(map(str, about)))
    told = (
        (
            "{0} berkas, {1} baris bukti, {2} baris milik pihak lain hanya sebagai sidik",
            "{0} files, {1} rows of evidence, {2} rows of others as hashes only",
        )
    )[english]
    yield plain(told.format(len(pack.members), evidence["rows"], evidence["withheld"]))
    yield ("Utuh: tidak ada satu bita pun yang berubah.", "Intact: not one byte was changed.")[english]
    if of["problems"]:
        yield (
            "Saat disegel, data yang tersimpan sudah diketahui rusak:",
            "When it was sealed, what was stored was known to be damaged:",
        )[english]
        yield from (plain(one) for one in of["problems"])
    if not compared:
        yield (
            "Bandingkan kunci ini dengan yang diterima melalui jalan lain, lalu ulangi dengan --key:",
            "Compare this key with the one that came another way, then run again with --key:",
        )[english]
    yield plain(of["public_key"])


if __name__ == "__main__":
    sys.exit(main())
