"""What a server shows before any login."""

from __future__ import annotations

from tests.scanners.ssh.test_scanner import ED25519, Run, real_server


def test_the_text_is_kept_as_shown_whole_even_in_pieces() -> None:
    with real_server([ED25519], banner="Akses terbatas\n") as (port, _):
        seen = Run().scan(port)
    assert seen.facts["ssh.banner"] == "Akses terbatas\nAkses terbatas\n"
    assert seen.raw[-2].name == "banner"


def test_a_server_that_shows_nothing_gives_null() -> None:
    with real_server([ED25519]) as (port, _):
        assert Run().scan(port).facts["ssh.banner"] is None


def test_an_endless_text_is_cut() -> None:
    with real_server([ED25519], banner="x" * 30_000) as (port, _):
        banner = Run().scan(port).facts["ssh.banner"]
    assert isinstance(banner, str)
    assert len(banner) == 2000
