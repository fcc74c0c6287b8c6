"""What is expected of the marts that are about to be published: ranges, identities, the calendar, no drift."""

from collections.abc import Collection, Iterator

from orchestration.audit.check import STOP, WARN, Check, no_rows, thresholds

Relation = tuple[str, str]

VALUES: Relation = ("kpis", "kpi_values")
CATALOGUE: Relation = ("core", "dim_kpis")
COMPANY: Relation = ("kpis", "company_monthly_kpis")
TEAMS: Relation = ("kpis", "team_monthly_kpis")
# Two sums of the same doubles in another order.
TOLERANCE = "0.005"


def mart_checks(relations: Collection[Relation], has_previous: bool) -> list[Check]:
    """Returns the checks of a file that is about to be published.

    Args:
        relations: What the file holds; what is not in it is not checked.
        has_previous: Whether the published build is attached as `previous`, to compare with.
    """
    checks = []
    if VALUES in relations and CATALOGUE in relations:
        checks += [*_ranges(), _teams_are_the_company()]
        if has_previous:
            checks += _drift()
    if COMPANY in relations:
        checks += _calendar()
    if TEAMS in relations and COMPANY in relations:
        checks.append(_every_team_and_month())
    return checks


def _ranges() -> Iterator[Check]:
    yield no_rows(
        VALUES,
        "has only shares between 0 and 1 and an NPS between −100 and 100",
        # what has an interval is a share of cases; NPS is the difference of two
        "select * from {batch} where value not between case when metric = 'nps' then -100 else 0 end "
        "and case when metric = 'nps' then 100 else 1 end and low is not null",
    )
    yield no_rows(VALUES, "has no infinite value", "select * from {batch} where not isfinite(value)")
    yield Check(VALUES, "has quartiles from 1 to 4", "ExpectColumnValuesToBeBetween", _between("quartile", 1, 4))
    yield no_rows(
        VALUES, "ranks nobody after the last of the peers", "select * from {batch} where rank not between 1 and peers"
    )
    yield no_rows(
        VALUES,
        "has no value of a KPI that the catalogue calls unavailable",
        "select tidy.* from {batch} as tidy join core.dim_kpis as kpis using (metric) "
        "where not kpis.is_available and tidy.value is not null",
    )


def _between(column: str, least: int, most: int) -> dict[str, object]:
    return {"column": column, "min_value": least, "max_value": most}


def _teams_are_the_company() -> Check:
    return no_rows(
        VALUES,
        "has teams that add up to the company, in every sum of every month",
        "select metric, period_start, sum(value) filter (grain = 'team') as teams, "
        "max(value) filter (grain = 'company') as company "
        "from {batch} join core.dim_kpis as kpis using (metric) "
        "where kpis.aggregation = 'sum' and kpis.grains like '%company%' and kpis.grains like '%team%' "
        # a target of the company or a team need not be the sum of those below
        "and period_type = 'month' and metric not like '%target' group by metric, period_start "
        f"having abs(teams - company) > {TOLERANCE} and count(value) = count(*)",
    )


def _calendar() -> Iterator[Check]:
    yield Check(COMPANY, "has a month", "ExpectTableRowCountToBeBetween", {"min_value": 1})
    yield no_rows(
        COMPANY,
        "has every month from its first to that of the as-of date",
        "select months.month from (select unnest(generate_series(min(month), (select date_trunc('month', as_of_date) "
        "from build.manifest), interval 1 month))::date as month from {batch}) as months "
        "left join {batch} as found on found.month = months.month where found.month is null",
    )


def _every_team_and_month() -> Check:
    return no_rows(
        TEAMS,
        "has every team in every month of the company",
        "select teams.team_id, company.month from (select distinct team_id from {batch}) as teams "
        "cross join kpis.company_monthly_kpis as company left join {batch} as found "
        "on found.team_id = teams.team_id and found.month = company.month where found.month is null",
    )


def _drift() -> Iterator[Check]:
    pairs = (
        "select now.metric, now.period_start, before.value as published_value, now.value from {batch} as now "
        "join previous.kpis.kpi_values as before using (metric, grain, entity_id, period_type, period_start) "
        "join core.dim_kpis as kpis using (metric) where now.grain = 'company' and now.period_type = 'month' "
        "and kpis.aggregation = 'sum' and before.is_complete_period"
    )
    limits = thresholds()["marts"]["drift"]
    for severity, share, of, metrics in (
        (STOP, limits["stop"], "net revenue and sales", "and now.metric in ('net_revenue', 'sales_count')"),
        (WARN, limits["warn"], "totals", ""),
    ):
        yield no_rows(
            VALUES,
            f"has {of} of complete months within {share:.0%} of the published ones",
            f"{pairs} {metrics} and abs(now.value - before.value) > {share} * abs(before.value)",
            severity,
            compares=True,
        )
    yield no_rows(
        VALUES,
        "knows what the published build knew of complete months",
        f"{pairs} and before.value is not null and now.value is null",
        WARN,
        compares=True,
    )
