"""The life of a finding: only a new measurement of the same thing closes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address

import pytest

from auditor.model.assessment import Footing
from auditor.model.evidence import Failure, FailureKind
from auditor.model.facts import Facts
from auditor.model.finding import Finding, FindingStatus, finding_id
from auditor.model.finding_record import FindingRecord
from auditor.model.inventory import Inventory, Opd, Responsible
from auditor.model.verdict import Status, Verdict
from auditor.usecases.findings import sight_of, terms_of
from auditor.usecases.findings_of_run import current_findings
from controls.finding_sight import Step, addresses_of, step
from controls.rollup import Waived
from controls.rules import rules_of
from tests.auditor.usecases import observations as shown
from tests.auditor.usecases.judging import verdicts_of
from tests.auditor.usecases.world import BKD, INVENTORY, Answers, World, audit_run, make_world
from tests.controls.catalogue import shipped

PLACE = "bkd-db-01|10.1.1.10"
ONLY_DB = replace(INVENTORY, opds=(Opd("bkd", BKD.name, (BKD.servers[1],)),))
SSH_ON, TELNET = "ssh|" + PLACE + "|22|", shown.service(23, "telnet")
FIRST_DAY = datetime(2026, 11, 22, 1, tzinfo=UTC)
Known = Mapping[str, FindingRecord]
SUBJECT = "ssh|" + PLACE.split("|")[0] + "|10.1.1.10/22/tcp||"
TIMEOUT = Failure(FailureKind.TIMEOUT, "")
NOTHING_WAIVED = Waived({})
WEAK = shown.ssh(ssh__ciphers=["aes128-cbc"])


def answers(ssh: Facts | Failure = WEAK, *more: Mapping[str, object]) -> Answers:
    """Return the answers of a server with SSH and perhaps other services that need no second look."""
    return {**shown.host(PLACE, shown.service(22, "ssh"), *map(dict, more)), SSH_ON: ssh}  # type: ignore[arg-type]


def world(day: int, given: Answers, inventory: Inventory = ONLY_DB) -> World:
    """Return the run of a day, counted from the first."""
    at = FIRST_DAY + timedelta(days=day)
    return make_world(given, inventory, audit_run(f"run-{day}", at, inventory))


def footing_of(run: World, waived: Mapping[str, str] | None = None) -> Footing:
    """Return what a run is judged with."""
    return Footing("c", rules_of(shipped().checks, run.inputs.policy), waived or {}, 0, "")


def stepped(
    known: Known,
    run: World,
    waived: Mapping[str, str] | None = None,
    before: Inventory | None = None,
    verdicts: tuple[Verdict, ...] | None = None,
) -> Step:
    """Return what a run makes of what is known; `before` is the inventory of the run before."""
    footing, judged = footing_of(run, waived), verdicts_of(run) if verdicts is None else verdicts
    sight = sight_of(run.run, run.inputs, footing, judged)
    was = addresses_of(before, run.inputs.plan) if before else {}
    return step(known, sight, was, terms_of(run.inputs, footing))


def after(known: Known, run: World, waived: Mapping[str, str] | None = None) -> dict[str, FindingRecord]:
    """Return what is known once a run was judged."""
    return stepped(known, run, waived).records


def weak_cipher(known: Known) -> FindingRecord:
    """Return the finding on SSH ciphers."""
    return next(record for record in known.values() if record.check == "ssh-ciphers-strong")


def statuses(*runs: World) -> list[FindingStatus]:
    """Return the status of the finding on SSH ciphers after each run."""
    known: dict[str, FindingRecord] = {}
    found = []
    for run in runs:
        known = after(known, run)
        found.append(weak_cipher(known).status)
    return found


def test_from_new_over_open_and_fixed_to_reopened() -> None:
    good = answers(shown.ssh())
    assert statuses(
        world(0, answers()),
        world(1, answers()),
        world(2, good),
        world(3, good),
        world(4, answers()),
        world(5, answers()),
    ) == [
        FindingStatus.NEW,
        FindingStatus.OPEN,
        FindingStatus.FIXED,
        FindingStatus.FIXED,
        FindingStatus.REOPENED,
        FindingStatus.OPEN,
    ]


def test_a_finding_keeps_when_it_was_first_seen_and_when_it_is_due() -> None:
    known: dict[str, FindingRecord] = {}
    for day, given in enumerate((answers(), answers(shown.ssh()), answers())):
        known = after(known, world(day, given))
    found = weak_cipher(known)
    assert (found.first_run, found.last_run) == ("run-0", "run-2")
    assert (found.first_seen, found.last_seen) == (FIRST_DAY, FIRST_DAY + timedelta(days=2))
    assert found.due == date(2026, 12, 22)
    assert found.opd == "bkd"
    assert found.subject == SUBJECT


SILENT: Answers = {f"ports|{PLACE}|0|": Failure(FailureKind.UNREACHABLE, "")}


@pytest.mark.parametrize("given", [SILENT, answers(TIMEOUT), answers({})], ids=["server", "service", "fact"])
def test_what_cannot_be_measured_closes_nothing(given: Answers) -> None:
    assert statuses(world(0, answers()), world(1, given), world(2, answers())) == [
        FindingStatus.NEW,
        FindingStatus.NOT_MEASURED,
        FindingStatus.OPEN,
    ]


def test_what_could_not_be_measured_is_not_last_seen_then() -> None:
    known = after(after({}, world(0, answers())), world(1, SILENT))
    assert weak_cipher(known).last_run == "run-0"


def test_a_fixed_finding_stays_fixed_when_the_server_falls_silent() -> None:
    runs = world(0, answers()), world(1, answers(shown.ssh())), world(2, SILENT)
    assert statuses(*runs)[-1] is FindingStatus.FIXED


@pytest.mark.parametrize("services", [[], [shown.service(9999, "http", tls=False)]])
def test_an_endpoint_that_is_gone_from_a_measured_address_is_fixed(services: list[dict[str, object]]) -> None:
    gone: Answers = {
        **shown.host(PLACE, *services),  # type: ignore[arg-type]
        f"tls|{PLACE}|9999|": {"tls.spoken": False},
        f"http|{PLACE}|9999|": shown.http(scheme="http"),
    }
    assert statuses(world(0, answers()), world(1, gone)) == [FindingStatus.NEW, FindingStatus.FIXED]


def test_an_endpoint_that_moved_is_fixed_here_and_new_there() -> None:
    moved: Answers = {
        **shown.host(PLACE, shown.service(2222, "ssh")),
        f"ssh|{PLACE}|2222|": WEAK,
    }
    known = after(after({}, world(0, answers())), world(1, moved))
    found = {
        record.subject: record.status for record in known.values() if record.check == "ssh-ciphers-strong"
    }
    assert found == {SUBJECT: FindingStatus.FIXED, SUBJECT.replace("/22/", "/2222/"): FindingStatus.NEW}


def test_an_endpoint_that_is_gone_is_not_fixed_while_another_of_its_kind_is_unknown() -> None:
    moved: Answers = {
        **shown.host(PLACE, shown.service(2222, "ssh")),
        f"ssh|{PLACE}|2222|": TIMEOUT,
    }
    assert statuses(world(0, answers()), world(1, moved))[-1] is FindingStatus.NOT_MEASURED


def test_a_check_that_is_asked_no_more_closes_nothing() -> None:
    known = after({}, world(0, answers()))
    run = world(1, answers(shown.ssh()))
    verdicts = tuple(one for one in verdicts_of(run) if one.check != "ssh-ciphers-strong")
    found = stepped(known, run, verdicts=verdicts).records
    assert weak_cipher(found).status is FindingStatus.NOT_MEASURED


def test_another_address_of_the_server_closes_nothing_and_keeps_nothing_open() -> None:
    second = replace(BKD.servers[1], addresses=(*BKD.servers[1].addresses, ip_address("10.1.1.20")))
    both = replace(ONLY_DB, opds=(replace(BKD, servers=(second,)),))
    there = "bkd-db-01|10.1.1.20"
    gone: Answers = shown.host(PLACE)
    nothing: Answers = shown.host(there)
    before = after({}, world(0, {**answers(), **nothing}, both))
    silent: Answers = {f"ports|{there}|0|": Failure(FailureKind.UNREACHABLE, "")}
    cases: list[tuple[Answers, FindingStatus]] = [
        ({**gone, **silent}, FindingStatus.FIXED),
        ({**SILENT, **nothing}, FindingStatus.NOT_MEASURED),
    ]
    for given, status in cases:
        assert weak_cipher(after(before, world(1, given, both))).status is status


def test_a_run_over_other_servers_touches_nothing() -> None:
    known = after({}, world(0, answers()))
    both = replace(INVENTORY, opds=(BKD,))
    web = f"{BKD.servers[0].id}|10.1.0.10"
    run = world(1, {**shown.host(web), **answers()}, both)
    part = replace(run, run=replace(run.run, scope=(BKD.servers[0].id,)))
    here = tuple(one for one in verdicts_of(run) if one.subject.server == BKD.servers[0].id)
    found = stepped(known, part, verdicts=here)
    assert weak_cipher(found.records) == weak_cipher(known)
    assert weak_cipher(known).id not in {event.finding for event in found.events}


def test_what_comes_back_again_and_again_is_one_finding_marked_as_unsteady() -> None:
    known: dict[str, FindingRecord] = {}
    found = []
    for day in range(6):
        known = after(known, world(day, answers() if day % 2 == 0 else answers(shown.ssh())))
        found.append(weak_cipher(known))
    fixed = FindingStatus.FIXED
    assert [one.status for one in found] == [
        FindingStatus.NEW,
        fixed,
        FindingStatus.REOPENED,
        fixed,
        FindingStatus.FLAPPING,
        fixed,
    ]
    assert len({one.id for one in found}) == len({one.due for one in found}) == 1


ACCEPTED = {f"ssh-ciphers-strong {SUBJECT}": "W-0123abcd"}
GOOD = answers(shown.ssh())
Day = tuple[Answers, Mapping[str, str]]
"""What is measured on a day, and what is accepted on it."""


def lives(*days: Day) -> list[FindingStatus]:
    """Return the status after each run, with what was accepted on its day."""
    known: dict[str, FindingRecord] = {}
    found = []
    for day, (given, waived) in enumerate(days):
        known = after(known, world(day, given), waived)
        found.append(weak_cipher(known).status)
    return found


def words(*days: Day) -> list[str]:
    """Return the same as words."""
    return [status.value for status in lives(*days)]


def test_a_finding_is_waived_while_it_is_accepted_and_reopened_by_itself_when_that_ends() -> None:
    weak = answers()
    assert words((weak, {}), (weak, ACCEPTED), (weak, ACCEPTED), (weak, {}), (weak, {})) == [
        "new",
        "waived",
        "waived",
        "reopened",
        "open",
    ]


def test_a_finding_may_be_accepted_before_it_is_first_seen() -> None:
    assert words((answers(), ACCEPTED), (answers(), {})) == ["waived", "reopened"]


def test_an_accepted_risk_that_is_mended_is_closed_and_open_when_it_comes_back() -> None:
    days: list[Day] = [(answers(), ACCEPTED), (GOOD, ACCEPTED), (answers(), {})]
    assert words(*days) == ["waived", "fixed", "reopened"]


def test_the_end_of_an_acceptance_does_not_count_as_coming_and_going() -> None:
    weak = answers()
    days: list[Day] = [(weak, {})]
    for _ in range(4):
        days += [(weak, ACCEPTED), (weak, {})]
    assert words(*days) == ["new", *["waived", "reopened"] * 4]
    unsteady: list[Day] = [(weak, {}), (GOOD, {}), (weak, {}), (GOOD, {}), (weak, ACCEPTED), (weak, {})]
    assert words(*unsteady)[-2:] == ["waived", "reopened"]


def test_an_accepted_risk_that_cannot_be_measured_says_so_and_closes_nothing() -> None:
    days: list[Day] = [(answers(), ACCEPTED), (answers(TIMEOUT), {}), (answers(), ACCEPTED)]
    assert words(*days) == ["waived", "not_measured", "waived"]


def test_an_acceptance_of_another_finding_changes_nothing() -> None:
    elsewhere = {f"ssh-ciphers-strong {SUBJECT.replace('/22/', '/2222/')}": "W-1"}
    other_check = {f"ssh-macs-strong {SUBJECT}": "W-1"}
    assert words((answers(), elsewhere), (answers(), other_check)) == ["new", "open"]


def test_an_acceptance_moves_neither_the_first_day_nor_the_deadline() -> None:
    known = after({}, world(0, answers()))
    before = weak_cipher(known)
    for day, accepted in ((1, ACCEPTED), (2, {}), (3, ACCEPTED)):
        known = after(known, world(day, answers()), accepted)
        found = weak_cipher(known)
        assert (found.first_run, found.first_seen, found.due) == (
            before.first_run,
            before.first_seen,
            before.due,
        )


def test_order_of_verdicts_is_irrelevant() -> None:
    run = world(0, answers(WEAK, TELNET))
    verdicts = verdicts_of(run)
    found = stepped({}, run, verdicts=verdicts)
    assert stepped({}, run, verdicts=verdicts[::-1]) == found
    assert set(found.records) == {
        finding_id(one.check, one.subject) for one in verdicts if one.status is Status.FAIL
    }


def test_days_to_mend_follow_the_severity() -> None:
    known = after({}, world(0, answers(WEAK, TELNET)))
    due = {record.check: record.due for record in known.values()}
    assert due["network-telnet-absent"] == date(2026, 11, 25)
    # Two weeks end on a Sunday, and the shipped policy lets them last until Monday.
    assert due["network-ports-approved"] == date(2026, 12, 7)
    assert due["ssh-ciphers-strong"] == date(2026, 12, 22)


@pytest.mark.parametrize(("hour", "due"), [(16, date(2026, 12, 22)), (17, date(2026, 12, 23))])
def test_a_deadline_counts_local_days(hour: int, due: date) -> None:
    at = FIRST_DAY.replace(hour=hour)
    run = make_world(answers(), ONLY_DB, audit_run("run-0", at, ONLY_DB))
    assert weak_cipher(after({}, run)).due == due


def listed(run: World, known: Known, waived: Waived = NOTHING_WAIVED) -> tuple[Finding, ...]:
    """Return the findings that a report of a run lists, when it was the last to be judged."""
    verdicts = verdicts_of(run)
    found = stepped(known, run)
    events = {event.finding: event.status for event in found.events}
    return current_findings(found.records, events, verdicts, run.run, run.inputs, shipped().checks, waived)


def test_a_report_lists_what_fails_now_worst_first() -> None:
    run = world(0, answers(WEAK, TELNET))
    failing = [one for one in verdicts_of(run) if one.status is Status.FAIL]
    telnet = next(one for one in failing if one.check == "network-telnet-absent")
    found = listed(run, {}, Waived({(telnet.check, telnet.subject.key): "W-1"}))
    assert {one.id for one in found} == {finding_id(one.check, one.subject) for one in failing}
    assert [one.severity.rank for one in found] == sorted(one.severity.rank for one in found)
    first = found[0]
    assert (first.check, first.waiver, first.verdict) == ("network-telnet-absent", "W-1", Status.FAIL)
    assert (first.status, first.opd, first.responsible) == (FindingStatus.NEW, "bkd", Responsible.CENTRE)
    assert (first.subject, first.observed, first.evidence) == (telnet.subject, telnet.observed, (1, 2))
    assert [one.waiver for one in found[1:]] == [""] * (len(found) - 1)


def test_a_report_tells_what_a_run_fixed_and_what_it_could_not_measure() -> None:
    before = after({}, world(0, answers()))
    for given, status, verdict in (
        (answers(shown.ssh()), FindingStatus.FIXED, Status.PASS),
        (answers(TIMEOUT), FindingStatus.NOT_MEASURED, Status.UNKNOWN),
        (SILENT, FindingStatus.NOT_MEASURED, Status.UNKNOWN),
        (shown.host(PLACE), FindingStatus.FIXED, Status.NOT_APPLICABLE),
    ):
        found = next(one for one in listed(world(1, given), before) if one.check == "ssh-ciphers-strong")
        assert (found.status, found.verdict) == (status, verdict)


def test_what_was_fixed_before_is_not_told_again() -> None:
    good = answers(shown.ssh())
    known = after(after({}, world(0, answers())), world(1, good))
    assert "ssh-ciphers-strong" not in {one.check for one in listed(world(2, good), known)}
