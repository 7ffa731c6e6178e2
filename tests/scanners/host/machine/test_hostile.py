"""Whatever a host prints, no reader of the area breaks, and what is root's stays fixed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from scanners.host.machine.area import MACHINE
from scanners.host.report import Report, Section, State
from scanners.host.script import sudoers
from tests.scanners.host.machine.told import ABSENT, told, unread

NAMES = (
    *ABSENT,
    *("machine-sysctl", "machine-core-limits", "machine-mandatory", "machine-profiles", "machine-init"),
    *("machine-cmdline", "machine-enabled", "machine-failed", "machine-usb", "machine-notices"),
    *("machine-memory", "machine-load", "machine-processors", "machine-desktops", "machine-locks"),
)
SEEDS = (
    b"",
    b"net/ipv4/conf/all/accept_redirects:0\nnet/ipv4/ip_forward:x\n",
    b"md0 : active\nmd1 : ",
    b"/dev/sda\nPercentage Used: 99999999999999999999%\n",
    b"[ups]\nups.status: OL\nbattery.charge: inf\n",
    b"STATUS : ONLINE\nBCHARGE : ...\n",
    b"a: 0 1 raid x\nb: 0 1 mirror\n",
    b"MemTotal: 1 kB\n",
    b"from links\n",
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(NAMES),
        st.builds(lambda seed, noise: seed + noise, st.sampled_from(SEEDS), st.binary(max_size=80)),
        min_size=1,
    ),
    st.sampled_from([0, 1, 124]),
)
def test_any_bytes_give_facts_or_reasons(contents: dict[str, bytes], exit_code: int) -> None:
    made = {name: Section(name, State.RAN, text, exit_code, 1 << 20) for name, text in contents.items()}
    facts = told(Report(made))
    assert {*facts, *unread(facts)} >= {spec.name for spec in MACHINE.facts}


def test_nothing_at_all_gives_no_fact() -> None:
    facts = told(Report({}))
    assert {*facts} == {"host.unread"}
    assert {*unread(facts).values()} <= {"broken off", "tool missing"}


def test_what_runs_as_root_only_reads() -> None:
    for command in MACHINE.privileged.values():
        assert not any(set(word) & set(" \t\n\\") for word in command)
    text = sudoers([MACHINE], "audit")
    assert "smartctl -n standby -H -A" in text
    assert "delete" not in text
