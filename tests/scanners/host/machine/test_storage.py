"""Arrays and disks, after the documented output of their tools."""

from __future__ import annotations

import pytest

from scanners.host.report import Report, Section, State
from tests.scanners.host.machine.told import ABSENT, hardware, told, unread

MIRROR = """\
Personalities : [raid1] [raid6] [raid5] [raid4]
md1 : active raid1 sdb2[1] sda2[0]
      487252992 blocks super 1.2 [2/2] [UU]
      bitmap: 2/4 pages [8KB], 65536KB chunk

md0 : active (auto-read-only) raid1 sdb1[1] sda1[0]
      1046528 blocks super 1.2 [2/2] [UU]

unused devices: <none>
"""


def test_whole_mirrors() -> None:
    facts = hardware(mdstat=MIRROR)
    assert facts["host.raid_arrays"] == ["md1 raid1", "md0 raid1"]
    assert facts["host.raid_degraded"] == []


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("[2/2] [UU]\n      bitmap", "[2/1] [U_]\n      bitmap", "md1: 1 of 2 disks"),
        ("sdb2[1] sda2[0]", "sdb2[1](F) sda2[0]", "md1: a disk has failed"),
        ("md1 : active raid1 sdb2[1] sda2[0]", "md1 : inactive sdb2[1](S)", "md1: inactive"),
    ],
)
def test_a_mirror_that_is_not_whole(old: str, new: str, wrong: str) -> None:
    assert hardware(mdstat=MIRROR.replace(old, new))["host.raid_degraded"] == [wrong]


def test_no_array_at_all() -> None:
    facts = hardware(mdstat="Personalities :\nunused devices: <none>\n")
    assert facts["host.raid_arrays"] == []
    assert facts["host.raid_degraded"] == []


def test_pools_of_zfs() -> None:
    facts = hardware(zpools="rpool\tONLINE\ndata\tDEGRADED\n")
    assert facts["host.raid_degraded"] == ["data: DEGRADED"]


MAPPED = """\
vg-root: 0 41943040 linear
vg-data: 0 2097152 raid raid1 2 {raid} 2097152/2097152 idle 0 0 -
mpatha: 0 209715200 multipath 2 0 0 0 2 1 A 0 1 2 8:16 A 0 0 1 E 0 1 2 8:32 {path} 1 0 1
vg-old: 0 409600 mirror 2 253:1 253:2 400/400 1 {mirror} 1 core
"""


def test_whole_mapped_devices() -> None:
    facts = hardware(mapped=MAPPED.format(raid="AA", path="A", mirror="AA"))
    assert facts["host.raid_arrays"] == ["vg-data raid", "mpatha multipath", "vg-old mirror"]
    assert facts["host.raid_degraded"] == []


@pytest.mark.parametrize(
    ("letters", "name"),
    [(("AD", "A", "AA"), "vg-data"), (("AA", "F", "AA"), "mpatha"), (("AA", "A", "AD"), "vg-old")],
)
def test_a_mapped_device_with_a_failed_part(letters: tuple[str, str, str], name: str) -> None:
    raid, path, mirror = letters
    degraded = hardware(mapped=MAPPED.format(raid=raid, path=path, mirror=mirror))["host.raid_degraded"]
    assert isinstance(degraded, list)
    assert [str(one).split()[0] for one in degraded] == [name]


STORCLI = """\
Controller = 0
Status = Success

Virtual Drives :
==============

-------------------------------------------------------------
DG/VD TYPE  State Access Consist Cache Cac sCC     Size Name
-------------------------------------------------------------
0/0   RAID1 Optl  RW     Yes     RWBD  -   ON  465.25 GB os
1/1   RAID5 Dgrd  RW     Yes     RWBD  -   ON    3.63 TB
-------------------------------------------------------------
"""


def test_virtual_drives_of_a_controller() -> None:
    facts = hardware(drivers="ahci\nmegaraid_sas\n", storcli=STORCLI)
    assert facts["host.raid_arrays"] == ["0/0 RAID1", "1/1 RAID5"]
    assert facts["host.raid_degraded"] == ["1/1 RAID5: Dgrd"]


def test_drives_of_another_controller() -> None:
    shown = (
        "Smart Array P440ar in Slot 0 (Embedded)\n   Array A (SAS, Unused Space: 0  MB)\n"
        "      logicaldrive 1 (279.37 GB, RAID 1, OK)\n"
        "      physicaldrive 1I:1:1 (port 1I:box 1:bay 1, SAS HDD, 300 GB, OK)\n"
        "      physicaldrive 1I:1:2 (port 1I:box 1:bay 2, SAS HDD, 300 GB, Predictive Failure)\n"
    )
    assert hardware(drivers="hpsa\n", ssacli=shown)["host.raid_degraded"] == [
        "physicaldrive 1I:1:2: Predictive Failure"
    ]


def test_a_controller_without_its_tool_is_not_called_whole() -> None:
    facts = hardware(drivers="megaraid_sas\n", mdstat=MIRROR)
    assert unread(facts)["host.raid_degraded"] == "tool missing"
    assert unread(facts)["host.raid_arrays"] == "tool missing"


def test_what_is_wrong_is_told_even_when_the_rest_is_not() -> None:
    broken = MIRROR.replace("[2/2] [UU]\n      bitmap", "[2/1] [U_]\n      bitmap")
    facts = hardware(drivers="arcmsr\n", mdstat=broken)
    assert facts["host.raid_degraded"] == ["md1: 1 of 2 disks"]


def test_a_tool_that_needs_root() -> None:
    assert unread(hardware(denied=("mapped",)))["host.raid_degraded"] == "needs root"


def test_pools_that_cannot_be_listed_are_not_none() -> None:
    sections = {name: Section(name, State.ABSENT) for name in ABSENT}
    sections["machine-zpools"] = Section("machine-zpools", State.RAN, b"", 1, 1000)
    assert unread(told(Report(sections)))["host.raid_degraded"] == "not understood"


HEAD = (
    "smartctl 7.3 2022-02-28 r5338 [x86_64-linux] (local build)\n\n=== START OF READ SMART DATA SECTION ===\n"
)
GOOD = f"{HEAD}SMART overall-health self-assessment test result: PASSED\n"
ATTRIBUTES = """\
ID# ATTRIBUTE_NAME          FLAG     VALUE WORST THRESH TYPE      UPDATED  WHEN_FAILED RAW_VALUE
  5 Reallocated_Sector_Ct   0x0033   100   100   010    Pre-fail  Always       -       0
177 Wear_Leveling_Count     0x0013   088   088   000    Pre-fail  Always       -       210
"""


def test_disks_that_are_well() -> None:
    nvme = f"{GOOD}\nCritical Warning:                   0x00\nPercentage Used:                    3%\n"
    facts = hardware(
        smart=f"/dev/sda\n{GOOD}{ATTRIBUTES}/dev/nvme0\n{nvme}/dev/sdb\n{HEAD}SMART Health Status: OK\n"
    )
    assert facts["host.disk_unhealthy"] == []
    assert facts["host.disk_worn_percent"] == 12


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}SMART overall-health self-assessment test result: FAILED!\nDrive failure expected\n",
        f"{HEAD}SMART Health Status: FAILURE PREDICTION THRESHOLD EXCEEDED [asc=5d, ascq=0]\n",
        f"{GOOD}Critical Warning:                   0x04\n",
    ],
)
def test_a_disk_that_fails(text: str) -> None:
    facts = hardware(smart=f"/dev/sda\n{GOOD}/dev/sdb\n{text}")
    assert facts["host.disk_unhealthy"] == ["/dev/sdb"]
    assert facts["host.disk_worn_percent"] is None


@pytest.mark.parametrize(
    "text",
    [
        "Device is in STANDBY mode, exit(2)\n",
        "Smartctl open device: /dev/sdb failed: DELL or MegaRaid controller, please try '-d megaraid,N'\n",
        "",
    ],
)
def test_a_disk_that_says_nothing_is_not_called_well(text: str) -> None:
    facts = hardware(smart=f"/dev/sda\n{GOOD}/dev/sdb\n{text}")
    assert unread(facts)["host.disk_unhealthy"] == "not understood"


def test_no_smartctl_and_no_disk() -> None:
    assert unread(hardware())["host.disk_unhealthy"] == "tool missing"
    assert unread(hardware(smart=""))["host.disk_unhealthy"] == "not understood"
