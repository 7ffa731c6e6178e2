"""Whatever a host prints, no reader of the area breaks, and nothing is made up."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from scanners.host.files.area import FILES
from scanners.host.report import Report, Section, State
from tests.scanners.host.files.told import told, unread

NAMES = (
    *(f"files-{name}" for name in ("accounts", "mounts", "walk", "boot-password", "space", "inodes")),
    *("files-places", "files-disks", "logrotate"),
)
SEEDS = (
    b"755:0:0:root:root:d:/\nall:0:0\n",
    b"/dev/a / ext4 rw 0 0\n",
    b'KNAME="a" PKNAME="a" TYPE="disk" FSTYPE="" MOUNTPOINT="" RM="1" TRAN=""\n',
    b"==> /etc/logrotate.conf <== read\n/a {\n}\n",
    b"Filesystem\n/dev/a ext4 1 1 1 99999999999999999999% /\n",
)


def report(contents: dict[str, bytes], exit_code: int = 0) -> Report:
    return Report(
        {name: Section(name, State.RAN, text, exit_code, 1 << 20) for name, text in contents.items()}
    )


@settings(max_examples=80, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(NAMES),
        st.builds(lambda seed, noise: seed + noise, st.sampled_from((b"", *SEEDS)), st.binary(max_size=80)),
        min_size=1,
    ),
    st.sampled_from([0, 1, 2, 124]),
)
def test_any_bytes_give_facts_or_reasons(contents: dict[str, bytes], exit_code: int) -> None:
    facts = told(report(contents, exit_code))
    assert {*facts, *unread(facts)} >= {spec.name for spec in FILES.facts}


def test_nothing_at_all_gives_no_fact() -> None:
    facts = told(Report({}))
    assert {*facts} == {"host.unread"}
    assert {*unread(facts).values()} == {"broken off"}


def test_giant_lines_and_escapes_stay_short() -> None:
    path = b"/srv/\x1b[31m" + b"a" * 200_000
    lines = b"755:0:0:root:root:d:/\n666:0:0:root:root:f:" + path + b"\nall:1:0\n"
    listed = told(report({"files-walk": lines}))["host.file_world_writable"]
    assert isinstance(listed, list)
    assert isinstance(listed[0], str)
    assert len(listed[0]) <= 1000


def test_a_device_below_itself_ends() -> None:
    loop = b'KNAME="a" PKNAME="b" TYPE="disk" FSTYPE="" MOUNTPOINT="" RM="1" TRAN=""\n'
    other = b'KNAME="b" PKNAME="a" TYPE="part" FSTYPE="" MOUNTPOINT="" RM="1" TRAN=""\n'
    facts = told(report({"files-disks": loop + other}))
    assert facts["host.disk_portable"] == ["/dev/a"]
