"""What real systems print: Debian and Ubuntu, and a small root with rpm and dnf."""

from __future__ import annotations

from auditor.model.facts import JSON
from scanners.host.packages.area import PACKAGES
from tests.scanners.host.recorded import facts_of, recorded


def facts(name: str) -> dict[str, JSON]:
    return facts_of(recorded("packages", name), PACKAGES)


def names(value: JSON, key: str) -> list[JSON]:
    assert isinstance(value, list)
    return [one[key] for one in value if isinstance(one, dict)]


def test_debian_12_seen_by_an_ordinary_account_with_sudo() -> None:
    found = facts("debian-12")
    assert found["host.unread"] == []
    assert found["host.package_lists_at"] == "2026-11-21T00:53:02Z"
    waiting = found["host.package_security_pending"]
    assert isinstance(waiting, list)
    assert {"apt", "ca-certificates", "libexpat1"} <= set(map(str, names(waiting, "package")))
    assert "openssh-server" not in names(waiting, "package")
    first = waiting[0]
    assert isinstance(first, dict)
    assert (first["package"], first["installed"], first["available"]) == ("apt", "2.6.1", "2.6.2")
    assert str(first["since"]).startswith("2026-11-22")
    assert found["host.updates_automatic"] is True
    assert found["host.restart_pending_since"] is None
    assert found["host.package_files_changed"] == []
    assert "sudo" in str(found["host.package_files_verified"])


def test_debian_12_tells_which_programs_listen_and_who_brought_them() -> None:
    assert facts("debian-12")["host.listening_programs"] == [
        {"program": "/opt/sipd/bin/sipd", "package": None, "replaced": False},
        {"program": "/usr/sbin/sshd", "package": "openssh-server", "replaced": False},
    ]


def test_debian_12_tells_its_web_applications() -> None:
    found = facts("debian-12")
    assert found["host.applications"] == [
        {"application": "wordpress", "version": "6.4.2", "path": "/var/www/situs"},
        {"application": "joomla", "version": "4.4.1", "path": "/srv/joomla"},
    ]
    assert found["host.core_files_newer"] == ["/var/www/situs/wp-includes/load.php"]
    assert found["host.pirated_signs"] == ["/var/www/situs/wp-content/plugins/premium/premium.php"]
    libraries = found["host.libraries"]
    assert isinstance(libraries, list)
    told = {(one["library"], one["version"]) for one in libraries if isinstance(one, dict)}
    assert told == {
        ("log4j-core", "2.14.1"),
        ("next", "15.1.0"),
        ("laravel/framework", "8.12.0"),
        ("facade/ignition", "2.5.1"),
        ("phpunit/phpunit", "5.6.2"),
    }


def test_ubuntu_22_04_has_an_update_of_its_ssh_server() -> None:
    found = facts("ubuntu-22.04")
    assert found["host.unread"] == []
    assert found["host.package_lists_at"] == "2026-11-20T15:32:04Z"
    services = found["host.service_packages"]
    assert {
        "software": "openssh",
        "package": "openssh-server",
        "version": "1:8.9p1-3",
        "distribution": True,
        "security_pending": True,
    } in (services if isinstance(services, list) else [])


def test_rpm_counts_what_is_for_the_enabled_stream_alone() -> None:
    found = facts("rpm-rocky-9")
    assert found["host.package_security_pending"] == [
        {
            "package": "openssh-server",
            "installed": "0:8.7p1-38.el9",
            "available": "0:8.7p1-43.el9",
            "severity": "important",
            "since": "2026-11-03T00:00:00Z",
        }
    ]
    assert found["host.package_lists_at"] == "2026-11-22T10:39:15Z"


def test_rpm_tells_makers_licences_sources_and_changed_files() -> None:
    found = facts("rpm-rocky-9")
    assert found["host.package_sources"] == [
        {"host": "dl.rockylinux.org", "signed": False, "file": "/etc/yum.repos.d/rocky.repo"}
    ]
    assert found["host.nonfree_packages"] == ["unrar"]
    assert found["host.package_files_changed"] == ["/usr/bin/sudo-x"]
    assert found["host.package_files_verified"] == ["nginx", "openssh-server", "sudo"]
    runtimes = found["host.runtimes"]
    assert {"product": "php", "version": "7.4.33", "source": "php-common", "distribution": False} in (
        runtimes if isinstance(runtimes, list) else []
    )
    assert names(found["host.listening_programs"], "package") == [None, None]


def test_no_password_of_a_source_leaves_the_host() -> None:
    text = recorded("packages", "rpm-rocky-9").sections["rpm-sources"].text
    assert "rahasia" not in text
    assert "proxy" not in text
