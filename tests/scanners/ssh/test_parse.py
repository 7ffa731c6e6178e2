"""What an SSH server says before any login, read from recordings and from random bytes."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.ssh.algorithms import host_keys_offered
from scanners.ssh.facts import OBSERVED
from scanners.ssh.parse import (
    SshParseError,
    host_key_facts,
    identification_facts,
    key_exchange_facts,
    parse_group,
    parse_host_key,
    parse_identification,
    parse_key_exchange,
)
from tests.scanners.ssh.packets import key_exchange_payload

RECORDINGS = sorted((Path(__file__).parent / "fixtures").iterdir())


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _text(path: Path) -> str:
    return _bytes(path).decode()


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.name)
def test_a_recorded_server_gives_its_reviewed_facts(recording: Path) -> None:
    keys = (recording / "host-keys").read_bytes().split()
    facts = {
        **identification_facts(parse_identification((recording / "identification").read_bytes())),
        **key_exchange_facts(parse_key_exchange((recording / "key-exchange").read_bytes())),
        **host_key_facts(base64.b64decode(key) for key in keys),
        "ssh.banner": text if (text := _text(recording / "banner")) else None,
        "ssh.group_exchange_bits": parse_group(group) if (group := _bytes(recording / "group")) else None,
        "ssh.authentication_methods": (recording / "authentication-methods").read_text().split(","),
    }
    assert facts == json.loads((recording / "facts.json").read_text())
    assert facts.keys() == {spec.name for spec in OBSERVED}


def test_the_recordings_show_a_banner_and_a_group_and_neither() -> None:
    names = {path.name: {file.name for file in path.iterdir()} & {"banner", "group"} for path in RECORDINGS}
    assert names == {"default": {"group"}, "hardened": {"banner", "group"}, "legacy": set()}


@pytest.mark.parametrize(
    "payload",
    [b"\x1f", b"\x1f\0\0\0\0\0\0\0\0", b"\x1f\0\0\0\1\7", b"\x1f\0\0\0\1\7\0\0\0\1\2\0"],
)
def test_a_broken_group_is_refused(payload: bytes) -> None:
    with pytest.raises(SshParseError):
        parse_group(payload)


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.name)
def test_fingerprints_are_those_that_openssh_prints(recording: Path) -> None:
    printed = set()
    for line in (recording / "fingerprints").read_text().splitlines():
        bits, fingerprint, *_, kind = line.split()
        printed.add((kind.strip("()").lower(), int(bits), fingerprint.removeprefix("SHA256:")))
    keys = [parse_host_key(base64.b64decode(key)) for key in (recording / "host-keys").read_bytes().split()]
    assert {(key.type, key.bits, key.sha256) for key in keys} == printed


@pytest.mark.parametrize(
    ("line", "protocol", "software", "comment"),
    [
        (b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n", "2.0", "OpenSSH_9.2p1", "Debian-2+deb12u3"),
        (b"SSH-2.0-dropbear_2022.83\r\n", "2.0", "dropbear_2022.83", None),
        (b"SSH-1.99-Cisco-1.25\n", "1.99", "Cisco-1.25", None),
        (b"SSH-1.5-1.2.27", "1.5", "1.2.27", None),
        (b"SSH-2.0-\r\n", "2.0", "", None),
        (b"SSH-2.0-<script>\xff a  b\r\n", "2.0", "<script>\ufffd", "a  b"),
    ],
)
def test_identification_lines(line: bytes, protocol: str, software: str, comment: str | None) -> None:
    seen = parse_identification(line)
    assert (seen.protocol, seen.software, seen.comment) == (protocol, software, comment)


@pytest.mark.parametrize(
    "line", [b"", b"HTTP/1.0 200 OK\r\n", b"SSH-two-x", b"SSH-2.0", b"SSH-2.0-" + b"x" * 255]
)
def test_what_is_no_identification_line_is_refused(line: bytes) -> None:
    with pytest.raises(SshParseError):
        parse_identification(line)


def test_both_directions_are_joined_and_markers_are_no_algorithms() -> None:
    payload = key_exchange_payload(
        ["curve25519-sha256", "ext-info-s", "kex-strict-s-v00@openssh.com"],
        ["ssh-ed25519"],
        ["aes128-ctr"],
        ["aes128-ctr", "3des-cbc"],
        ["hmac-sha1"],
        ["hmac-md5"],
    )
    facts = key_exchange_facts(parse_key_exchange(payload))
    assert facts["ssh.key_exchange"] == ["curve25519-sha256"]
    assert facts["ssh.ciphers"] == ["aes128-ctr", "3des-cbc"]
    assert facts["ssh.macs"] == ["hmac-sha1", "hmac-md5"]
    assert facts["ssh.strict_key_exchange"] is True


def test_the_client_marker_does_not_count_as_the_servers() -> None:
    payload = key_exchange_payload(["curve25519-sha256", "kex-strict-c-v00@openssh.com"])
    assert key_exchange_facts(parse_key_exchange(payload))["ssh.strict_key_exchange"] is False


@pytest.mark.parametrize("end", range(0, 90, 7))
def test_a_cut_off_key_exchange_is_refused(end: int) -> None:
    with pytest.raises(SshParseError):
        parse_key_exchange(key_exchange_payload(["curve25519-sha256"], ["ssh-ed25519"])[:end])


@given(st.binary(max_size=400))
def test_random_bytes_raise_only_the_declared_error(data: bytes) -> None:
    for parse, prefix in (
        (parse_key_exchange, b"\x14" + bytes(16)),
        (parse_host_key, b"\0\0\0\7ssh-rsa"),
        (parse_identification, b"SSH-2.0-"),
    ):
        for text in (data, prefix + data):
            try:
                parse(text)
            except SshParseError:
                continue


@given(st.data())
def test_a_damaged_recording_raises_only_the_declared_error(data: st.DataObject) -> None:
    whole = bytearray((RECORDINGS[0] / "key-exchange").read_bytes())
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        facts = key_exchange_facts(parse_key_exchange(bytes(whole)))
    except SshParseError:
        return
    assert isinstance(facts["ssh.ciphers"], list)


def test_each_key_is_asked_for_once_with_all_its_signatures() -> None:
    offered = ["rsa-sha2-512", "rsa-sha2-256", "ssh-ed25519", "ssh-ed25519-cert-v01@openssh.com"]
    assert host_keys_offered(offered) == ((("ssh-ed25519",), ("rsa-sha2-512", "rsa-sha2-256")), True)


def test_a_key_type_nobody_knows_is_noticed() -> None:
    assert host_keys_offered(["ssh-ed25519", "ssh-falcon1024"]) == ((("ssh-ed25519",),), False)
