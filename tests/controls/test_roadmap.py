"""The plan of what is left: nothing is lost, nothing exceeds a capacity, what is grave comes first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.check import Severity
from auditor.model.finding import CLOSED
from auditor.model.inventory import Responsible
from auditor.model.roadmap import LeftOut, Package, PackageKind, Roadmap, RoadmapRules, Role
from controls.roadmap import make_roadmap, person_days, plan, quarters_from
from controls.roadmap_themes import OTHER, RETIRED, THEMES, theme_of
from controls.roadmap_work import Bundle, Piece
from tests.controls.catalogue import shipped
from tests.reports.whole import whole_data

START = date(2026, 11, 22)
RATES = {Role.ADMINISTRATOR: 750_000, Role.DEVELOPER: 901_000, Role.GOVERNANCE: 0}
CENTRE = "diskominfo"


def rules(centre: float = 10, opd: float = 3, years: int = 2) -> RoadmapRules:
    """Return rules under which an hour of work is an eighth of a person-day, without a reserve."""
    return RoadmapRules(
        years=years,
        hours_per_day=8,
        days_per_quarter={Responsible.CENTRE: centre, Responsible.OPD: opd},
        contingency_percent=0,
        rates=RATES,
    )


def piece(
    name: str, hours: float, risk: float = 6, worst: Severity | None = Severity.HIGH, due: date | None = None
) -> Piece:
    findings = (f"F-{name}",) if worst else ()
    controls = {} if worst else {"2022": (name,)}
    return Piece(
        name, Fraction(str(hours)), Fraction(str(risk)), ("a-check",), findings, controls, worst, due
    )


def bundle(key: str, *pieces: Piece, opd: str = "dinkes", side: Responsible = Responsible.OPD) -> Bundle:
    kind = PackageKind.FINDINGS if pieces[0].worst else PackageKind.CONTROLS
    return Bundle(key, kind, {"en": key, "id": key}, opd, side, Role.ADMINISTRATOR, pieces)


def pool_of(package: Package) -> str:
    """Return who works: the centre (""), or an OPD."""
    centre = package.responsible is Responsible.CENTRE or package.opd == CENTRE
    return "" if centre else package.opd


def capacities(made: Roadmap, pool: str) -> tuple[float, ...]:
    return made.capacity[Responsible.OPD if pool else Responsible.CENTRE]


hours = st.sampled_from((0.1, 0.25, 0.5, 1, 2, 8, 16, 40, 120))
dues = st.one_of(st.none(), st.integers(-60, 200).map(lambda days: START + timedelta(days)))


@st.composite
def bundles(draw: st.DrawFn) -> list[Bundle]:
    """Draw bundles of findings and of controls, of several OPD, the centre's own among them."""
    made = []
    for number in range(draw(st.integers(0, 12))):
        graded = draw(st.booleans())
        pieces = tuple(
            piece(
                f"{number}.{place}",
                draw(hours),
                draw(st.integers(0, 30)) if graded else 0,
                draw(st.sampled_from(Severity)) if graded else None,
                draw(dues) if graded else None,
            )
            for place in range(draw(st.integers(1, 6)))
        )
        opd = draw(st.sampled_from(("dinkes", "bkd", CENTRE)))
        made.append(bundle(f"b{number}", *pieces, opd=opd, side=draw(st.sampled_from(Responsible))))
    return made


capacity = st.sampled_from((0.25, 1, 2.6, 5, 15))
anything = given(bundles(), capacity, capacity, st.integers(1, 3))


@anything
def test_everything_is_in_exactly_one_package(
    given_: list[Bundle], centre: float, opd: float, years: int
) -> None:
    made = plan(given_, rules(centre, opd, years), START, CENTRE)
    pieces = [one for each in given_ for one in each.pieces]
    assert Counter(f for one in made.packages for f in one.findings) == Counter(
        f for one in pieces for f in one.findings
    )
    assert Counter(c for one in made.packages for c in one.controls.get("2022", ())) == Counter(
        c for one in pieces for c in one.controls.get("2022", ())
    )
    assert sum(one.risk for one in made.packages) == pytest.approx(float(sum(one.risk for one in pieces)))
    assert len({one.id for one in made.packages}) == len(made.packages)


@anything
def test_no_capacity_is_exceeded_but_by_what_cannot_be_divided(
    given_: list[Bundle], centre: float, opd: float, years: int
) -> None:
    made = plan(given_, rules(centre, opd, years), START, CENTRE)
    spent: dict[tuple[str, int], list[Package]] = defaultdict(list)
    for one in made.packages:
        if one.quarter is not None:
            spent[pool_of(one), made.quarters.index(one.quarter)].append(one)
    for (pool, place), packages in spent.items():
        held = capacities(made, pool)[place]
        if any(one.oversized for one in packages):
            assert len(packages) == 1
            assert packages[0].days > held
        else:
            assert sum(one.days for one in packages) <= held


@anything
def test_nothing_waits_while_there_is_room_for_it(
    given_: list[Bundle], centre: float, opd: float, years: int
) -> None:
    made = plan(given_, rules(centre, opd, years), START, CENTRE)
    for pool in {pool_of(one) for one in made.packages}:
        mine = [one for one in made.packages if pool_of(one) == pool]
        places = {one.id: made.quarters.index(one.quarter) if one.quarter else None for one in mine}
        for place, held in enumerate(capacities(made, pool)):
            here = [one for one in mine if places[one.id] == place]
            room = held - sum(one.days for one in here)
            for one in mine:
                waits = places[one.id] is None or places[one.id] > place  # type: ignore[operator]
                assert not (waits and one.days <= room), (one, place)


@anything
def test_the_order_of_what_is_handed_in_changes_nothing(
    given_: list[Bundle], centre: float, opd: float, years: int
) -> None:
    chosen = rules(centre, opd, years)
    assert plan(given_, chosen, START, CENTRE) == plan(given_[::-1], chosen, START, CENTRE)


@anything
def test_what_is_late_ends_after_its_deadline_or_never(
    given_: list[Bundle], centre: float, opd: float, years: int
) -> None:
    for one in plan(given_, rules(centre, opd, years), START, CENTRE).packages:
        assert one.late == (one.due is not None and (one.ends is None or one.ends > one.due))
        if one.quarter is not None and one.ends is not None:
            assert one.quarter.first <= one.ends <= one.quarter.last


def titles(packages: Iterable[Package]) -> list[str]:
    return [one.title["en"] for one in packages]


def test_what_is_critical_comes_first_then_what_is_overdue_then_risk_per_hour_and_controls_last() -> None:
    made = plan(
        [
            bundle("controls", piece("A.5.1", 1, 0, None)),
            bundle("cheap", piece("a", 1, 6)),
            bundle("dear", piece("b", 8, 6)),
            bundle("overdue", piece("c", 8, 1, Severity.LOW, START - timedelta(1))),
            bundle("critical", piece("d", 8, 1, Severity.CRITICAL, START + timedelta(30))),
        ],
        rules(opd=10),
        date(2027, 1, 1),
    )
    assert titles(made.packages) == ["critical", "overdue", "cheap", "dear", "controls"]


def test_a_deadline_that_cannot_be_met_is_told() -> None:
    soon = date(2027, 1, 2)
    made = plan(
        [
            bundle("first", piece("a", 8, 60, due=date(2027, 1, 31))),
            bundle("second", piece("b", 16, 12, due=soon)),
        ],
        rules(opd=3),
        date(2027, 1, 1),
    )
    first, second = made.packages
    # One of three days: the first third of a quarter of ninety days.
    assert (first.ends, first.late) == (date(2027, 1, 30), False)
    assert (second.ends, second.late) == (date(2027, 3, 31), True)


def test_what_does_not_fit_waits_whole_unless_it_is_urgent() -> None:
    def made(worst: Severity) -> list[tuple[int, float]]:
        pieces = [piece(str(number), 8, 1, worst) for number in range(3)]
        packages = plan(
            [bundle("large", piece("x", 16, 900, Severity.CRITICAL)), bundle("rest", *pieces)],
            rules(opd=4),
            date(2027, 1, 1),
        ).packages
        return [(one.quarter.number, one.days) for one in packages if one.quarter]

    assert made(Severity.MEDIUM) == [(1, 2), (2, 3)]
    assert made(Severity.CRITICAL) == [(1, 2), (1, 2), (2, 1)]


def test_work_larger_than_a_quarter_is_divided_and_a_single_piece_of_it_is_told() -> None:
    pieces = [piece("huge", 80, 900), *(piece(str(number), 8, 1) for number in range(4))]
    made = plan([bundle("work", *pieces)], rules(opd=3), date(2027, 1, 1))
    listed = [
        (one.part, one.parts, one.days, one.oversized, one.quarter and one.quarter.number)
        for one in made.packages
    ]
    assert listed == [(1, 3, 10, True, 1), (2, 3, 3, False, 2), (3, 3, 1, False, 3)]
    assert [one.id[-2:] for one in made.packages] == ["-1", "-2", "-3"]


def test_what_the_years_have_no_room_for_is_kept_and_told() -> None:
    pieces = [piece(str(number), 24, 1, due=START) for number in range(6)]
    made = plan([bundle("work", *pieces)], rules(opd=3, years=1), date(2027, 1, 1))
    assert [one.quarter and one.quarter.number for one in made.packages] == [1, 2, 3, 4, None]
    assert (made.packages[-1].days, made.packages[-1].late) == (6, True)


def test_the_centre_and_every_opd_work_side_by_side() -> None:
    made = plan(
        [
            bundle("own", piece("a", 24)),
            bundle("theirs", piece("b", 24), opd="bkd"),
            bundle("of the centre", piece("c", 24), side=Responsible.CENTRE),
            bundle("its own", piece("d", 24), opd=CENTRE),
        ],
        rules(centre=6, opd=3),
        date(2027, 1, 1),
        CENTRE,
    )
    assert [one.quarter and one.quarter.number for one in made.packages] == [1, 1, 1, 1]


def test_the_first_quarter_has_what_is_left_of_it() -> None:
    quarters = quarters_from(START, 1)
    assert [(one.year, one.number) for one in quarters] == [
        (2026, 4),
        (2027, 1),
        (2027, 2),
        (2027, 3),
        (2027, 4),
    ]
    assert (quarters[0].first, quarters[0].last) == (START, date(2026, 12, 31))
    assert len(quarters_from(date(2027, 1, 1), 3)) == 12


@pytest.mark.parametrize(("start", "count"), [(date(9999, 10, 1), 1), (date(9999, 8, 2), 2), (date.max, 1)])
def test_quarters_end_with_the_calendar(start: date, count: int) -> None:
    quarters = quarters_from(start, 10)
    assert len(quarters) == count
    assert (quarters[0].first, quarters[-1].last) == (start, date(9999, 12, 31))


def test_a_plan_that_begins_in_the_last_quarter_of_the_calendar_is_made() -> None:
    made = make_roadmap(whole_data(), RoadmapRules(start=date(9999, 10, 1)))
    assert made.packages
    assert {one.quarter for one in made.packages} <= {*made.quarters, None}
    made = plan([], rules(centre=46, years=1), START)
    # 40 of 92 days.
    assert made.capacity[Responsible.CENTRE] == (20, 46, 46, 46, 46)


def test_days_bear_the_reserve_and_are_rounded_up_to_quarters() -> None:
    chosen = RoadmapRules(hours_per_day=6, contingency_percent=20)
    assert person_days(Fraction(5), chosen) == 1
    assert person_days(Fraction(501, 100), chosen) == Fraction(5, 4)
    assert person_days(Fraction(0), chosen) == Fraction(1, 4)


def test_cost_is_days_times_the_rate_of_the_role_and_unknown_without_one() -> None:
    work = bundle("work", piece("a", 10))
    (priced,) = plan([work], rules(), START).packages
    (free,) = plan([replace(work, role=Role.GOVERNANCE)], rules(), START).packages
    (unknown,) = plan([work], replace(rules(), rates=dict.fromkeys(Role)), START).packages
    assert (priced.days, priced.cost, free.cost, unknown.cost) == (1.25, 937_500, 0, None)


def test_every_shipped_check_has_a_theme_by_its_own_name() -> None:
    assert {check for check in shipped().checks if theme_of(check, None) == OTHER} == set()
    used = {theme_of(check, None) for check in shipped().checks}
    assert used == set(THEMES) - {OTHER, RETIRED}


def test_a_check_of_ones_own_goes_by_its_layer() -> None:
    known = shipped().checks["certificate-trusted"]
    assert theme_of("local-something", known) == "certificates"
    assert theme_of("local-something", None) == OTHER


def test_every_open_finding_of_a_report_is_in_exactly_one_package() -> None:
    data = whole_data()
    made = make_roadmap(data, RoadmapRules(years=10))
    expected = [one.id for one in data.findings if one.status not in CLOSED and not one.waiver]
    assert sorted(f for one in made.packages for f in one.findings) == sorted(expected)


def test_switching_a_server_off_is_one_piece_of_work_with_all_that_is_found_on_it() -> None:
    data = whole_data()
    made = make_roadmap(data, RoadmapRules())
    (off,) = [one for one in made.packages if one.title == THEMES[RETIRED]]
    assert len(off.checks) > 1
    assert off.days == 0.25


def test_only_controls_that_nobody_answered_for_are_planned() -> None:
    data = whole_data()
    made = make_roadmap(data, RoadmapRules())
    for one in made.packages:
        for control in one.controls.get(made.edition, ()) if one.kind is PackageKind.CONTROLS else ():
            cards = [data.scorecards[one.opd]] if one.opd else list(data.scorecards.values())
            results = [r for card in cards for r in card.controls[made.edition] if r.control == control]
            assert any(r.attested is None or r.attested.answer is None for r in results)


def test_what_is_left_out_is_counted_with_its_reason() -> None:
    data = whole_data()
    counts = {(one.opd, one.reason): one.count for one in make_roadmap(data, RoadmapRules()).left_out}
    accepted = Counter(one.opd for one in data.findings if one.status not in CLOSED and one.waiver)
    for opd, count in accepted.items():
        assert counts[opd, LeftOut.ACCEPTED] == count
    assert all(count > 0 for count in counts.values())


def test_a_plan_never_begins_before_the_audit() -> None:
    data = whole_data()
    early = make_roadmap(data, RoadmapRules(start=date(2020, 1, 1)))
    later = make_roadmap(data, RoadmapRules(start=date(2027, 1, 4)))
    assert early.quarters[0].first == data.run.started_at.date()
    assert later.quarters[0].first == date(2027, 1, 4)
