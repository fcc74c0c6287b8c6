"""Differences whose cause is a mistake of the warehouse that is known and not mended yet.

Each finding names the sentence of the specification that is broken, and matches no more than it must. When one is
mended, it is removed here; `make oracle` names those that no run shows any more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Finding:
    """`columns` by mart, both as patterns; a difference is known where `where` is found in its text."""

    reason: str
    columns: Mapping[str, str]
    where: str = ""

    def explains(self, mart: str, column: str, text: str) -> bool:
        return re.search(self.where, text) is not None and any(
            fnmatchcase(mart, of_mart) and any(fnmatchcase(column, name) for name in names.split())
            for of_mart, names in self.columns.items()
        )


COHORT = "retention_rate* revenue_retention_rate* clv_observed* clv_cac_ratio* cac_payback_months*"
RETENTION = "customers_at_start* customers_retained* customer_retention_rate* customer_churn_rate*"
MRR = "opening_mrr new_mrr expansion_mrr contraction_mrr churned_mrr reactivation_mrr fx_mrr mrr"
NOT_KNOWN = r"mart (?!NULL).*, oracle NULL"  # a value where nothing is known
NOT_GIVEN = r"mart NULL, oracle (?!NULL)"  # no value where one is known

OPEN: tuple[Finding, ...] = (
    Finding(
        "an unknown is NULL: customers whose number of sales is unknown are ranked",
        {"customer_kpis": "rfm_frequency rfm_segment"},
    ),
    Finding(
        "M7: a sum of the company is 0 where there are amounts and none is known",
        {
            "company_*": "attributed_* campaign_spend cac_paid roi roi_numerator roas",
            "kpi_values": "attributed_* campaign_spend cac_paid* roi* roas*",
        },
        NOT_KNOWN,
    ),
    Finding(
        "G7: the parts of a period without new customers are 0",
        {"company_*": COHORT, "kpi_values": COHORT},
        r"mart NULL, oracle (0|True)",
    ),
    Finding(
        "M49: the target of a quarter's state is that of its last month, whatever the others are",
        {"kpi_values": "mrr_*"},
        f"period_type=(quarter|year) .*{NOT_GIVEN}",
    ),
    Finding(
        "M47: nothing is compared with a quarter that start_date cuts",
        {
            "company_quarterly_kpis": "returning_buyers purchase_retention_rate*",
            "kpi_values": "purchase_retention_rate*",
        },
        NOT_KNOWN,
    ),
    Finding(
        "M47 speaks of a set start_date: a quarter in which the data begin is whole, and compared with",
        {"company_quarterly_kpis": "net_revenue_growth_* *_effect", "kpi_values": "net_revenue_growth_* *_effect"},
        f"(quarter=|period_type=(quarter|year)).*{NOT_GIVEN}",
    ),
    Finding(
        "customers at start are those of the evening before, also of a quarter that start_date cuts",
        {"company_quarterly_kpis": RETENTION, "kpi_values": RETENTION},
        r"(quarter|period_start)=2024-01-01",
    ),
    Finding(
        "M4, M7: a margin is NULL where lines were sold and the margin of none is known",
        {"customer_kpis": "clv_observed"},
        NOT_KNOWN,
    ),
    Finding(
        "G6, M5: baskets are credit shares of 8 decimals; they are cut to 4 before they divide",
        {"rep_scorecards": "denominator rate percentile peer_median trailing_rate trend flag effect_amount"},
        r"step=basket",
    ),
    Finding(
        "M7, M36: the margin of three months skips a month of which none is known; the customers are known anyway",
        {"*": "clv_projected* trailing_customers"},
        NOT_GIVEN,
    ),
    Finding(
        "G13: ties share a rank; equal ratios of other parts (468.398 / 0.7, 200.742 / 0.3) do not",
        {"kpi_values": "average_basket.rank average_basket.quartile"},
        "grain=(rep|team)",
    ),
    Finding(
        "M36: an open period has no projected value, also where its months so far are complete",
        {"company_quarterly_kpis": "clv_projected* trailing_customers", "kpi_values": "clv_projected*"},
        f"(quarter=|period_type=(quarter|year)).*{NOT_KNOWN}",
    ),
    Finding(
        "months since the first purchase count from 0: a return that is dated before it is not of the customer's life",
        {"customer_kpis": "clv_observed"},
        r"mart -?\d.*, oracle -?\d",
    ),
    Finding(
        "G7: sales that no campaign had a part in leave an attributed revenue of 0, also where no campaign is known",
        {"company_*": "attributed_*", "kpi_values": "attributed_* roas.numerator"},
        r"mart NULL, oracle 0",
    ),
    Finding(
        "M22: a rate that appears in the month of a churn is a currency effect, and who has left has an mrr of 0",
        {
            "mrr_movements": MRR,
            "mrr_monthly": "churned_mrr fx_mrr nrr* grr*",
            "company_*": "churned_mrr fx_mrr nrr* grr*",
            "kpi_values": "churned_mrr fx_mrr nrr* grr*",
        },
    ),
)


def known(mart: str, column: str, text: str) -> Finding | None:
    return next((finding for finding in OPEN if finding.explains(mart, column, text)), None)
