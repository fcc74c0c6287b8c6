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

OPEN: tuple[Finding, ...] = ()


def known(mart: str, column: str, text: str) -> Finding | None:
    return next((finding for finding in OPEN if finding.explains(mart, column, text)), None)
