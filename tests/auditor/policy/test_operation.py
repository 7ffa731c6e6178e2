"""What a policy says of what runs by itself, as the audit reads it."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from auditor.model.calendar import Counting
from auditor.model.check import Severity
from auditor.model.document import DocumentError
from auditor.model.host_access import SecretReference, SecretSource
from auditor.model.message import Audience, ChannelKind, Encryption
from auditor.model.schedule import Work
from auditor.policy.loading import load_policy
from auditor.policy.zones import unknown_agencies

WRITTEN = """\
version: 1
calendar:
  holidays: [{date: 2026-12-24, name: Cuti bersama}]
  counting: {low: workdays}
schedules:
  - {id: malam, work: audit, cron: "30 22 * * mon-fri", timezone: Asia/Makassar,
     window_minutes: 300, opds: [dinkes]}
blackouts:
  - {reason: Gaji, opds: [bkad], servers: [bkad-db], from: 2026-12-28, until: 2026-12-31,
     hours: "22:00-24:00"}
  - {reason: Poli, weekdays: [monday, friday], hours: "07:30-10:00"}
trial: {targets: {dinkes: 90}}
messages:
  channels:
    - {id: surel, kind: email, host: mail.contoh.go.id, user: tilik, sender: "Tilik <tilik@contoh.go.id>",
       secret: {file: /etc/tilik/sandi}}
    - {id: grup, kind: telegram, secret: {systemd: token}}
  recipients:
    - {audience: opd, opd: dinkes, channel: surel, to: [ti@contoh.go.id], language: en}
"""


def written(folder: Path, text: str = WRITTEN) -> Path:
    path = folder / "policies.yaml"
    path.write_text(text)
    return path


def test_what_runs_by_itself_is_read(tmp_path: Path) -> None:
    policy = load_policy(written(tmp_path))
    (malam,) = policy.schedules
    assert (malam.work, malam.timezone, malam.window_minutes) == (Work.AUDIT, "Asia/Makassar", 300)
    gaji, poli = policy.blackouts
    assert (gaji.first, gaji.last, gaji.begins, gaji.ends) == (
        date(2026, 12, 28),
        date(2026, 12, 31),
        time(22),
        time(0),
    )
    assert poli.weekdays == {0, 4}
    assert policy.calendar.holidays == {date(2026, 12, 24): "Cuti bersama"}
    assert policy.calendar.counting[Severity.LOW] is Counting.WORKDAYS
    assert policy.calendar.counting[Severity.CRITICAL] is Counting.EVERY_DAY
    assert policy.trial.targets == {"dinkes": 90}


def test_channels_hold_references_and_sensible_defaults(tmp_path: Path) -> None:
    messages = load_policy(written(tmp_path)).messages
    surel, grup = messages.channels["surel"], messages.channels["grup"]
    assert (surel.port, surel.encryption) == (587, Encryption.STARTTLS)
    assert surel.secret == SecretReference(SecretSource.FILE, "/etc/tilik/sandi")
    assert (grup.kind, grup.url) == (ChannelKind.TELEGRAM, "https://api.telegram.org")
    (recipient,) = messages.recipients
    assert (recipient.audience, recipient.opd, recipient.language) == (Audience.OPD, "dinkes", "en")


def test_the_shipped_policy_audits_every_night_and_tells_every_morning() -> None:
    assert [one.work for one in load_policy().schedules] == [Work.AUDIT, Work.BACKUP, Work.PRUNE, Work.DIGEST]


def test_agencies_that_nobody_registered_are_told_where_they_stand(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert unknown_agencies(path, ["dinkes", "bkad"], ["bkad-db"]) == ()
    told = unknown_agencies(path, ["dinkas", "bkad"], [])
    assert [(one.line, one.message) for one in told] == [
        (7, '"dinkes" is not in the inventory; did you mean "dinkas"?'),
        (9, '"bkad-db" is not in the inventory; see the ids with: auditor validate'),
        (12, '"dinkes" is not in the inventory; did you mean "dinkas"?'),
        (19, '"dinkes" is not in the inventory; did you mean "dinkas"?'),
    ]


def test_a_secret_written_by_mistake_is_in_no_message(tmp_path: Path) -> None:
    wrong = WRITTEN.replace("{file: /etc/tilik/sandi}", "S4ndiR4hasia").replace(
        "{systemd: token}", "77:S4ndi"
    )
    with pytest.raises(DocumentError) as caught:
        load_policy(written(tmp_path, wrong))
    assert "S4ndi" not in str(caught.value)


HOOK = """\
version: 1
messages:
  channels:
    - {id: pusat, kind: webhook, url: "URL"}
  recipients: []
"""


def refused(folder: Path, text: str) -> str:
    """Return the one problem of a policy."""
    with pytest.raises(DocumentError) as caught:
        load_policy(written(folder, text))
    (problem,) = caught.value.problems
    return problem.message


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("mail..kab.go.id", "single dots"),
        (".id", "single dots"),
        (f"{'a' * 64}.go.id", "a part of 64 characters"),
        ("surat.bücher.id", "write surat.xn--bcher-kva.id"),
        ("mail.kab.go.id:25", "write its number under port"),
        ("https://mail.kab.go.id/", "write only the name"),
        ("10.1.2", "write all four decimal numbers"),
    ],
)
def test_a_mail_server_that_no_connection_reaches_is_refused(host: str, told: str, tmp_path: Path) -> None:
    assert told in refused(tmp_path, WRITTEN.replace("host: mail.contoh.go.id", f'host: "{host}"'))


@pytest.mark.parametrize("host", ["10.1.2.3", "2001:db8::25", "Mail.Contoh.go.id", "surat"])
def test_a_mail_server_is_a_name_or_an_address(host: str, tmp_path: Path) -> None:
    text = WRITTEN.replace("host: mail.contoh.go.id", f'host: "{host}"')
    assert load_policy(written(tmp_path, text)).messages.channels["surel"].host == host.lower()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://dasbor..go.id/tilik", "single dots"),
        (f"https://{'a' * 64}.go.id/", "a part of 64 characters"),
        ("https://bücher.id/", "write xn--bcher-kva.id"),
        ("https://a.test/kab/é", "percent-encoded"),
        ("https://a.test/dua kata", "percent-encoded"),
        ("https://a.test:0/x", "the port of"),
        ("https://a.test:70000/x", "the port of"),
        ("https://a.test:tls/x", "the port of"),
        ("http://a.test/x", "is not encrypted"),
    ],
)
def test_an_address_that_nothing_can_be_posted_to_is_refused(url: str, told: str, tmp_path: Path) -> None:
    assert told in refused(tmp_path, HOOK.replace("URL", url))


@pytest.mark.parametrize(
    "url",
    ["https://a.test:8443/x?y=%C3%A9", "https://[2001:db8::1]:8443/", "http://[::1]/", "https://10.1.2.3"],
)
def test_an_address_that_something_can_be_posted_to_is_taken(url: str, tmp_path: Path) -> None:
    assert load_policy(written(tmp_path, HOOK.replace("URL", url))).messages.channels["pusat"].url == url


def test_every_address_of_this_machine_may_be_told_without_encryption(tmp_path: Path) -> None:
    text = 'version: 1\nmessages: {channels: [{id: kait, kind: webhook, url: "http://%s:8099/tilik"}]}\n'
    for host in ("127.0.0.1", "127.88.0.90", "localhost", "[::1]"):
        assert load_policy(written(tmp_path, text % host)).messages.channels["kait"].url
    for host in ("10.0.0.1", "128.0.0.1", "localhost.contoh.go.id"):
        with pytest.raises(DocumentError):
            load_policy(written(tmp_path, text % host))
