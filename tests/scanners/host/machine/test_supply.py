"""UPS, temperatures, fans and power supplies, after the documented output of their tools."""

from __future__ import annotations

import pytest

from tests.scanners.host.machine.told import hardware, unread

NUT = """\
[ups]
battery.charge: {charge}
battery.runtime: 2210
device.mfr: EATON
ups.status: {status}
ups.test.result: {test}
"""


def nut(
    status: str = "OL CHRG", charge: str = "100", test: str = "Done and passed", count: str = "1\n"
) -> dict[str, object]:
    return dict(hardware(ups=NUT.format(status=status, charge=charge, test=test), upsmon=count))


def test_a_ups_that_is_well() -> None:
    facts = nut()
    assert facts["host.ups_names"] == ["ups"]
    assert facts["host.ups_problems"] == []
    assert facts["host.ups_charge_percent"] == 100
    assert facts["host.ups_shutdown"] is True


@pytest.mark.parametrize(
    ("status", "test", "problems"),
    [
        ("OB DISCHRG", "", ["ups: on battery"]),
        ("OL RB", "", ["ups: battery must be replaced"]),
        ("OB LB", "", ["ups: battery low", "ups: on battery"]),
        ("WAIT", "", ["ups: not on line"]),
        ("OL", "Done and error: bad battery", ["ups: self-test: Done and error: bad battery"]),
    ],
)
def test_a_ups_with_a_problem(status: str, test: str, problems: list[str]) -> None:
    assert nut(status=status, test=test)["host.ups_problems"] == problems


def test_nobody_shuts_the_server_down() -> None:
    assert nut(count="0\n")["host.ups_shutdown"] is False
    denied = hardware(denied=("upsmon",), ups=NUT.format(status="OL", charge="100", test=""))
    assert unread(denied)["host.ups_shutdown"] == "needs root"


APC = """\
APC      : 001,036,0859
UPSNAME  : ruang-server
STATUS   : {status}
BCHARGE  : 97.0 Percent
MBATTCHG : {limit} Percent
MINTIMEL : 0 Minutes
SELFTEST : {test}
"""


def test_apcupsd() -> None:
    facts = hardware(apcupsd=APC.format(status="ONLINE ", limit=5, test="OK"))
    assert facts["host.ups_names"] == ["ruang-server"]
    assert facts["host.ups_problems"] == []
    assert facts["host.ups_charge_percent"] == 97
    assert facts["host.ups_shutdown"] is True


def test_apcupsd_with_problems() -> None:
    facts = hardware(apcupsd=APC.format(status="ONBATT REPLACEBATT", limit=0, test="BT"))
    assert facts["host.ups_problems"] == [
        "ruang-server: on battery",
        "ruang-server: battery must be replaced",
        "ruang-server: self-test failed",
    ]
    assert facts["host.ups_shutdown"] is False


def test_no_ups_is_not_a_good_ups() -> None:
    assert unread(hardware())["host.ups_problems"] == "tool missing"
    assert unread(hardware(apcupsd=""))["host.ups_problems"] == "tool missing"
    assert unread(hardware(ups="[ups]\n"))["host.ups_problems"] == "not understood"


SENSORS = """\
Inlet Temp       | 04h | ok  |  7.1 | 21 degrees C
Exhaust Temp     | 01h | ok  |  7.1 | 34 degrees C
Temp             | 0Eh | ns  |  3.2 | Disabled
Fan1A            | 30h | ok  |  7.1 | 5880 RPM
Fan Redundancy   | 75h | ok  |  7.1 | Fully Redundant
PS1 Status       | 85h | ok  | 10.1 | Presence detected
PS2 Status       | 86h | ok  | 10.2 | Presence detected
Pwr Consumption  | 77h | ok  |  7.1 | 126 Watts
PS Redundancy    | 78h | ok  |  7.1 | Fully Redundant
"""


def test_a_cool_machine_with_two_power_supplies() -> None:
    facts = hardware(ipmi=SENSORS)
    assert facts["host.sensor_count"] == 4
    assert facts["host.sensor_bad"] == []
    assert facts["host.power_supply_count"] == 2
    assert facts["host.power_bad"] == []


@pytest.mark.parametrize(
    ("old", "new", "bad"),
    [
        ("ok  |  7.1 | 5880 RPM", "cr  |  7.1 | 0 RPM", "Fan1A: 0 RPM (cr)"),
        ("ok  |  7.1 | 21 degrees C", "nc  |  7.1 | 44 degrees C", "Inlet Temp: 44 degrees C (nc)"),
        (
            "75h | ok  |  7.1 | Fully Redundant",
            "75h | ok  |  7.1 | Redundancy Lost",
            "Fan Redundancy: Redundancy Lost (ok)",
        ),
    ],
)
def test_a_sensor_outside_of_its_limits(old: str, new: str, bad: str) -> None:
    assert hardware(ipmi=SENSORS.replace(old, new))["host.sensor_bad"] == [bad]


def test_power_supplies_with_a_fault() -> None:
    broken = SENSORS.replace(
        "10.2 | Presence detected", "10.2 | Presence detected, Power Supply AC lost"
    ).replace("78h | ok  |  7.1 | Fully Redundant", "78h | ok  |  7.1 | Redundancy Lost")
    assert hardware(ipmi=broken)["host.power_bad"] == [
        "PS2 Status: Presence detected, Power Supply AC lost (ok)",
        "PS Redundancy: Redundancy Lost (ok)",
    ]


def test_one_power_supply_and_an_empty_bay() -> None:
    single = SENSORS.replace("ok  | 10.2 | Presence detected", "ok  | 10.2 | ")
    assert hardware(ipmi=single)["host.power_supply_count"] == 1


def test_a_controller_that_names_no_power_supply() -> None:
    facts = hardware(ipmi="Inlet Temp | 04h | ok | 7.1 | 21 degrees C\n")
    assert unread(facts)["host.power_bad"] == "tool missing"
    assert unread(hardware(denied=("ipmi",)))["host.power_bad"] == "needs root"
    assert unread(hardware(ipmi="Could not open device\n"))["host.power_bad"] == "not understood"


HWMON = """\
/sys/class/hwmon/hwmon0/name:coretemp
/sys/class/hwmon/hwmon0/temp1_input:45000
/sys/class/hwmon/hwmon0/temp1_max:80000
/sys/class/hwmon/hwmon0/temp1_crit:100000
/sys/class/hwmon/hwmon0/temp1_label:Package id 0
/sys/class/hwmon/hwmon1/fan1_input:1200
/sys/class/hwmon/hwmon1/fan1_min:600
"""


def test_sensors_of_the_kernel_where_there_is_no_controller() -> None:
    facts = hardware(hwmon=HWMON)
    assert facts["host.sensor_count"] == 1
    assert facts["host.sensor_bad"] == []


@pytest.mark.parametrize(
    ("old", "new", "bad"),
    [
        ("temp1_input:45000", "temp1_input:82500", "hwmon0 temp1: 82 degrees C"),
        ("temp1_crit:100000", "temp1_crit_alarm:1", "hwmon0 temp1: alarm"),
        ("fan1_input:1200", "fan1_input:0", "hwmon1 fan1: 0 RPM"),
    ],
)
def test_a_sensor_of_the_kernel_outside_of_its_limits(old: str, new: str, bad: str) -> None:
    assert hardware(hwmon=HWMON.replace(old, new))["host.sensor_bad"] == [bad]


def test_no_sensor_is_not_a_cool_machine() -> None:
    assert unread(hardware())["host.sensor_bad"] == "tool missing"
    # A controller that may not be asked is not replaced by the few sensors of the kernel.
    assert unread(hardware(denied=("ipmi",), hwmon=HWMON))["host.sensor_bad"] == "needs root"
