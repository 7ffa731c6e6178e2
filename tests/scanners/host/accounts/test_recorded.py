"""What recorded hosts tell of their accounts."""

from __future__ import annotations

import re

import pytest

from auditor.model.facts import JSON
from scanners.host.reading import UNREAD
from tests.scanners.host.accounts.hosts import host
from tests.scanners.host.recorded import FOLDER

ROOT_ALONE = ("debian-12-hardened", "ubuntu-24-default")
RECORDED = sorted(path.stem for path in (FOLDER / "accounts").glob("*.txt"))


def test_a_hardened_host_has_nothing_to_find_fault_with() -> None:
    facts = host("debian-12-hardened")
    assert facts[UNREAD] == []
    clean = ("duplicates", "system_shells", "system_passwords", "passwords_empty", "passwords_unshadowed")
    assert {name: facts[f"host.account_{name}"] for name in clean} == {name: [] for name in clean}
    assert facts["host.account_keys_shared"] == facts["host.account_single_factor"] == []
    assert facts["host.home_directories_open"] == facts["host.home_files_open"] == []
    assert facts["host.account_root_ids"] == ["root"]
    assert facts["host.su_group"] == "sugroup"
    assert facts["host.password_length"] == 14
    assert facts["host.password_dictionary"] is True
    assert facts["host.password_methods"] == ["yescrypt"]
    assert facts["host.password_remembered"] == 24
    assert facts["host.password_days_new"] == 365
    assert facts["host.lockout_tries"] == 5
    assert facts["host.contact_files"] == ["/etc/kontak-insiden"]
    assert facts["host.account_expiries"] == [{"account": "pemasok", "expires": "2027-02-01T00:00:00Z"}]


def test_what_is_wrong_with_a_broken_host_is_named() -> None:
    facts = host("ubuntu-22-broken")
    assert facts[UNREAD] == []
    assert facts["host.account_root_ids"] == ["root", "toor"]
    assert facts["host.account_duplicates"] == ["UID 0: root, toor", "GID 27: ganda, sudo"]
    assert facts["host.account_passwords_empty"] == ["tamu"]
    assert facts["host.account_passwords_unshadowed"] == ["lama"]
    assert facts["host.account_system_shells"] == ["aplikasi"]
    assert facts["host.home_directories_open"] == ["/home/admin 777"]
    assert facts["host.home_files_open"] == [
        "/home/joko/.bashrc 666",
        "/home/joko/.netrc 644",
        "/home/joko/.ssh/id_rsa 644",
        "/home/vendor/.bashrc UID 1002",
    ]
    assert facts["host.su_group"] is None
    assert facts["host.password_length"] == 6
    assert facts["host.password_dictionary"] is False
    assert facts["host.lockout_tries"] is None
    assert facts["host.account_single_factor"] == ["admin", "joko", "toor", "vendor"]


def test_keys_are_told_by_type_size_fingerprint_and_names_of_options() -> None:
    keys = {one["account"]: one for one in records(host("debian-12-hardened")["host.account_keys"])}
    audit = keys["audit"]
    assert re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}", str(audit.pop("fingerprint")))
    assert audit == {
        "account": "audit",
        "type": "ssh-ed25519",
        "bits": 256,
        "options": "restrict,from,command",
    }
    assert keys["siti"]["bits"] == 3072


def test_a_short_key_on_two_accounts_and_a_dsa_key_are_seen() -> None:
    facts = host("ubuntu-22-broken")
    keys = {(one["account"], one["type"], one["bits"]) for one in records(facts["host.account_keys"])}
    assert keys == {("admin", "ssh-rsa", 1024), ("aplikasi", "ssh-dss", 1024), ("joko", "ssh-rsa", 1024)}
    shared = facts["host.account_keys_shared"]
    assert isinstance(shared, list)
    assert [str(one).rpartition(": ")[2] for one in shared] == ["admin, joko"]


def test_old_hashes_are_told_by_method_alone() -> None:
    methods = {
        one["account"]: one["method"] for one in records(host("ubuntu-22-broken")["host.password_hashes"])
    }
    assert methods == {
        "admin": "sha512",
        "joko": "md5",
        "vendor": "des",
        "toor": "md5",
        "aplikasi": "md5",
        "lama": "unknown",
    }


def test_sessions_are_told_in_the_hours_of_the_host() -> None:
    """The host's zone is that of Jakarta: 02:00 UTC is nine o'clock, and 16:00 is eleven at night."""
    day = records(host("debian-12-hardened")["host.account_sessions"])
    hours = [(one["account"], one["from_hour"], one["to_hour"]) for one in day if one["account"] == "pemasok"]
    assert hours == [("pemasok", 10, 11), ("pemasok", 9, 15)]
    night = records(host("ubuntu-22-broken")["host.account_sessions"])
    assert {(one["account"], one["from_hour"], one["to_hour"]) for one in night} == {
        ("joko", 9, None),
        ("vendor", 23, 27),
    }
    assert host("debian-12-hardened")["host.account_sessions_since"] == "2026-07-01T01:00:00Z"


def test_the_account_that_looks_is_not_unused() -> None:
    unused = records(host("debian-12-hardened")["host.account_unused"])
    assert [one["account"] for one in unused] == ["budi", "darurat", "pemasok", "siti"]
    assert all(one["days"] in range(100) for one in unused)


def test_a_release_without_lastlog_tells_logins_from_its_database() -> None:
    facts = host("debian-13-records")
    sessions = records(facts["host.account_sessions"])
    assert [(one["account"], one["from_hour"]) for one in sessions] == [("budi", 2), ("pemasok", 2)]


@pytest.mark.parametrize("name", ROOT_ALONE)
def test_a_plain_release_has_one_root_and_no_other_person_than_who_looks(name: str) -> None:
    facts = host(name)
    assert facts["host.account_root_ids"] == ["root"]
    assert "audit" in str(facts["host.account_interactive"])


def test_a_plain_ubuntu_locks_nobody_and_remembers_nothing() -> None:
    facts = host("ubuntu-24-default")
    assert facts["host.lockout_tries"] is None
    assert facts["host.password_remembered"] == 0
    assert facts["host.password_days_new"] == 0
    assert facts["host.password_methods"] == ["sha512", "yescrypt"]


@pytest.mark.parametrize("name", RECORDED)
def test_no_hash_no_key_and_no_full_name_leaves_a_host(name: str) -> None:
    printed = (FOLDER / "accounts" / f"{name}.txt").read_text()
    for secret in (r"\$[0-9a-z]+\$[^$\s]+\$\S{8}", r"AAAA[A-Za-z0-9+/]{8}", r"@laptop", r"10\.0\.0\.5,"):
        assert re.search(secret, printed) is None, secret


def records(value: JSON) -> list[dict[str, JSON]]:
    assert isinstance(value, list)
    return [dict(one) for one in value if isinstance(one, dict)]
