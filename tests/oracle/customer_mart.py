"""The mart `customer_kpis`."""

from __future__ import annotations

import csv
import math
from bisect import bisect_right
from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from .arithmetic import ratio
from .clv import LifetimeValue
from .mrr import Mrr
from .parts import Cell
from .sales import Sale
from .satisfaction import Satisfaction
from .world import World

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def _seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class CustomerMart:
    def __init__(self, world: World, lifetime: LifetimeValue, mrr: Mrr, satisfaction: Satisfaction) -> None:
        self._world, self._lifetime, self._mrr = world, lifetime, mrr
        self._sales: defaultdict[str, list[Sale]] = defaultdict(list)
        self._cells: defaultdict[str, Cell] = defaultdict(Cell)
        for sale in world.sales.sales:
            if sale.customer is not None:
                self._sales[sale.customer].append(sale)
        for (customer, _), cell in lifetime.months.cells.items():
            self._cells[customer].merge(cell)
        as_of = world.calendar.as_of
        self._scores: dict[str, Decimal] = {}
        answers = [answer for answer in satisfaction.answers.between(_BEGINNING, as_of) if answer.kind == "nps"]
        for answer in sorted(answers, key=lambda answer: (answer.at, answer.answer_id)):
            if answer.customer is not None:
                self._scores[answer.customer] = answer.score
        self._complaints: defaultdict[str, int] = defaultdict(int)
        for complaint in satisfaction.complaints.between(_BEGINNING, as_of):
            if complaint.customer is not None:
                self._complaints[complaint.customer] += 1
        self._segments = {
            (int(row["rfm_recency"]), int(row["rfm_frequency"])): row["rfm_segment"] for row in _seed("rfm_segments")
        }
        self._rules = sorted(_seed("attention_rules"), key=lambda rule: int(rule["priority"]))

    def rows(self) -> list[dict[str, Any]]:
        rows = [self._row(customer) for customer in sorted(self._world.accounts.customers())]
        self._add_rfm(rows)
        for row in rows:
            row["attention_reason"] = self._attention_reason(row)
            row["needs_attention"] = row["attention_reason"] is not None
        return rows

    def _row(self, customer: str) -> dict[str, Any]:
        world, measures, cell = self._world, self._world.measures, self._cells[customer]
        days = sorted(sale.day for sale in self._sales[customer])
        returned = cell.money("returned_amount") if measures.has_returns else None
        sold = cell.money("sold_amount") if measures.has_money else None
        return {
            "customer_id": customer,
            "customer_name": world.accounts.name(customer),
            "account_segment": world.accounts.known_segment(customer),
            "first_purchase_date": days[0] if days else None,
            "last_purchase_date": days[-1] if days else None,
            "recency_days": (world.calendar.as_of - days[-1]).days if days else None,
            "sales_count": len(days) if measures.has_sales else None,
            "net_revenue": measures.net_revenue(cell),
            **self._lifetime.of_customer(customer),
            "mrr": self._mrr.of_customer(customer),
            "latest_nps_score": self._scores.get(customer),
            "complaints": self._complaints[customer] if world.has("tickets") else None,
            "returned_amount": returned,
            "returned_share": ratio(returned, sold),
        }

    def _add_rfm(self, rows: list[dict[str, Any]]) -> None:
        """“quintile = ceil(5 × cume_dist), ties equal”, among the customers with a purchase."""
        buyers = [row for row in rows if row["first_purchase_date"] is not None]
        for name, column, sign in (
            ("rfm_recency", "recency_days", -1),
            ("rfm_frequency", "sales_count", 1),
            ("rfm_monetary", "net_revenue", 1),
        ):
            scores = sorted(sign * row[column] for row in buyers if row[column] is not None)
            for row in rows:
                row[name] = None
                if row["first_purchase_date"] is not None and row[column] is not None:
                    row[name] = math.ceil(Fraction(5 * bisect_right(scores, sign * row[column]), len(scores)))
        for row in rows:  # M44: “customers without a purchase are `prospect`”
            is_buyer = row["first_purchase_date"] is not None
            segment = self._segments.get((row["rfm_recency"], row["rfm_frequency"]))
            row["rfm_segment"] = segment if is_buyer else "prospect"

    def _attention_reason(self, row: dict[str, Any]) -> str | None:
        """M44: “the first rule by priority names the reason”."""
        for rule in self._rules:
            value, threshold = row[rule["measure"]], Decimal(rule["threshold"])
            if value is not None:
                met = value <= threshold if rule["comparison"] == "at_most" else value >= threshold
                if met:
                    return rule["attention_reason"]
        return None


_BEGINNING = date.min
