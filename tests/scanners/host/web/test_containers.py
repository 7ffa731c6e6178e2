"""Containers: Podman's files as recorded (process files put there by hand), Docker's answers written."""

from __future__ import annotations

import pytest

from auditor.model.facts import JSON
from scanners.host.report import Report, Section, State
from scanners.host.web.area import WEB
from scanners.host.web.containers import is_fixed
from tests.scanners.host.recorded import facts_of, recorded, written

WEB_ONE = "container /web|registry.contoh.go.id/simpeg:1.4.2|sha256:aa|false|simpeg_default|/data/web+|[]|\n"
IMAGE = "image sha256:aa|2026-11-01T08:15:00.123456789Z\n"


def docker(text: str, programs: str = "engine docker\n") -> dict[str, JSON]:
    return facts_of(written("web-podman", web_docker=text, web_programs=programs), WEB)


def test_an_ordinary_container_has_no_right_too_many() -> None:
    facts = docker(WEB_ONE + IMAGE)
    assert facts["host.containers"] == ["web"]
    assert facts["host.container_full_rights"] == facts["host.container_sockets"] == []
    assert facts["host.container_host_network"] == []
    assert facts["host.container_images"] == [
        {
            "container": "web",
            "image": "registry.contoh.go.id/simpeg:1.4.2",
            "fixed": True,
            "built": "2026-11-01T08:15:00Z",
        }
    ]


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        (WEB_ONE.replace("false", "true"), "full_rights"),
        (WEB_ONE.replace("[]", "[SYS_ADMIN]"), "full_rights"),
        (WEB_ONE.replace("|[]|", "|[]|host"), "full_rights"),
        (WEB_ONE.replace("/data/web+", "/+"), "full_rights"),
        (WEB_ONE.replace("/data/web+", "/data/web+/var/run/docker.sock+"), "sockets"),
        (WEB_ONE.replace("/data/web+", "/run+"), "sockets"),
        (WEB_ONE.replace("simpeg_default", "host"), "host_network"),
    ],
)
def test_every_right_too_many_is_named(line: str, fact: str) -> None:
    facts = docker(line + IMAGE)
    told = {name for name in ("full_rights", "sockets", "host_network") if facts[f"host.container_{name}"]}
    assert told == {fact}


@pytest.mark.parametrize(
    ("image", "fixed"),
    [
        ("nginx", False),
        ("nginx:latest", False),
        ("nginx:1.28", True),
        ("registry.contoh.go.id:5000/simpeg", False),
        ("registry.contoh.go.id:5000/simpeg:2", True),
        ("nginx@sha256:0123", True),
    ],
)
def test_what_a_fixed_image_is(image: str, fixed: bool) -> None:
    assert is_fixed(image) is fixed


def test_an_image_without_a_date_gives_no_age() -> None:
    facts = docker(WEB_ONE + IMAGE.replace("2026", "0001"))
    assert "host.container_images" not in facts
    assert facts["host.containers"] == ["web"]


def test_podman_is_read_from_its_files() -> None:
    facts = facts_of(recorded("web", "debian-12-podman"), WEB)
    assert facts["host.containers"] == ["a", "b"]
    assert facts["host.container_host_network"] == facts["host.container_sockets"] == ["a"]
    assert facts["host.container_full_rights"] == ["a", "b"]
    images = facts["host.container_images"]
    assert [one["image"] for one in images] == ["localhost/simpeg:1.0"] * 2  # type: ignore[union-attr,index,call-overload]


def test_containers_of_accounts_and_other_engines_are_not_passed_over() -> None:
    for programs in (
        "process conmon budi\n",
        "process kubelet root\n",
        "engine k3s\n",
        "process dockerd root\n",
    ):
        facts = facts_of(written("web-podman", "web-docker", web_programs=programs), WEB)
        assert "host.containers" not in facts


def test_an_engine_that_gives_no_answer_is_unknown() -> None:
    report = written("web-podman", web_programs="engine docker\n")
    failed = Report({**report.sections, "web-docker": Section("web-docker", State.RAN, b"", 1)})
    assert "host.containers" not in facts_of(failed, WEB)
    denied = written("web-podman", denied=("web-docker",), web_programs="engine docker\n")
    reasons = {one["fact"]: one["reason"] for one in facts_of(denied, WEB)["host.unread"]}  # type: ignore[union-attr,index,call-overload]
    assert reasons["host.containers"] == "needs root"
