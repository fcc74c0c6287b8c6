"""Small raw folders full of rare cases, to compare a warehouse with the oracle: `python -m tests.oracle.random_folder`.

Everything that the specification speaks of happens often here: moves and gaps, merges and cycles, splits, reopened
deals, late and unlinked returns, missing rates, versions, tombstones and rows that break the contract.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from .folders import write_csv

Rows = list[dict[str, Any]]

FIRST, LAST = date(2023, 11, 20), date(2024, 9, 10)
REPS = [f"r{i}" for i in range(9)]
TEAMS = ["t1", "t2", "t3", "t4"]
ACCOUNTS = [f"a{i}" for i in range(25)]
PRODUCTS = ["p1", "p2", "p3", "p9"]
STAGES = ["new", "talk", "Won", "closed lost", " GAGNÉ", "perdu", "signed"]
CURRENCIES = ["", "", "", "EUR", "USD", "GBP", "CHF"]
CAMPAIGNS = ["m1", "m2", "m3", "m9"]
CHANNELS = ["seo", "referral", "email", "fair"]
CONTACTS = [f"k{i}" for i in range(12)]


class RandomFolder:
    def __init__(self, seed: int, size: int = 1) -> None:
        self._random = random.Random(seed)  # noqa: S311 - the same seed gives the same folder
        self._size = size

    # ---- values ------------------------------------------------------------------------------------------------------

    def _maybe(self, chance: float, value: Callable[[], Any]) -> Any:
        return value() if self._random.random() < chance else ""

    def _pick(self, values: list[str]) -> str:
        return self._random.choice(values)

    def _day(self, first: date = FIRST, last: date = LAST) -> str:
        return (first + timedelta(days=self._random.randrange((last - first).days + 1))).isoformat()

    def _instant(self, first: date = FIRST, last: date = LAST) -> str:
        """Often within minutes of a midnight in Paris, UTC or New York, in one of several forms."""
        day = date.fromisoformat(self._day(first, last))
        minutes = self._pick(["0", "-1", "-60", "-61", "-120", "-121", "240", "299", "300", "600", "900", "1100"])
        at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=int(minutes))
        form = self._random.randrange(10)
        if form == 0:
            return day.isoformat()
        if form == 1:
            return (at + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S+02:00")
        if form == 2:
            return at.strftime("%Y-%m-%d %H:%M")
        return at.strftime("%Y-%m-%dT%H:%M:%SZ")

    def _money(self, low: int = 1, high: int = 900) -> str:
        return f"{self._random.randint(low * 10000, high * 10000) / 10000:.{self._pick(['0', '2', '4'])}f}"

    # ---- tables ------------------------------------------------------------------------------------------------------

    def tables(self) -> dict[str, Rows]:
        made = {
            "teams": self._teams(),
            "reps": self._reps(),
            "team_memberships": self._spans("rep_id", REPS[1:], "team_id", [*TEAMS, "t9"]),
            "accounts": self._accounts(),
            "account_owners": self._spans("account_id", ACCOUNTS[8:18], "rep_id", [*REPS, "r99"]),
            "products": [
                {"product_id": "p1", "unit_cost": "3.3333", "currency": "USD", "category": "tools"},
                {"product_id": "p2", "unit_cost": "", "currency": "", "product_name": "Product 2"},
                {"product_id": "p3", "unit_cost": "12.5", "currency": "EUR"},
            ],
            "exchange_rates": [
                {"rate_date": self._day(), "currency": currency, "rate": f"{self._random.uniform(0.7, 1.3):.8f}"}
                for currency in ("USD", "USD", "USD", "GBP", "GBP")
            ],
            "holidays": [
                {"holiday_date": self._day(), "region": self._pick(["", "FR", "DE"]), "holiday_name": "x"}
                for _ in range(30)
            ],
            "opportunities": self._opportunities(),
            "opportunity_stage_changes": self._stage_changes(),
            "opportunity_splits": self._splits(),
            "orders": self._orders(),
            "order_lines": self._order_lines(),
            "returns": self._returns(),
            "leads": self._leads(),
            "activities": self._activities(),
            "targets": self._targets(),
            "campaigns": [{"campaign_id": one, "campaign_name": f"Campaign {one}"} for one in CAMPAIGNS[:-1]],
            "campaign_spend": self._campaign_spend(),
            "web_visits": self._web_visits(),
            "subscriptions": self._subscriptions(),
            "tickets": self._tickets(),
            "survey_responses": self._survey_responses(),
            "survey_invitations": self._survey_invitations(),
            "reviews": self._reviews(),
            "operating_costs": self._operating_costs(),
        }
        return {name: self._soil(name, rows) for name, rows in made.items()}

    def _teams(self) -> Rows:
        return [{"team_id": t, "team_name": f"Team {t}", "region": self._pick(["", "FR", "DE"])} for t in TEAMS]

    def _reps(self) -> Rows:
        rows = []
        for rep in REPS[:-1]:
            hired = self._maybe(0.8, lambda: self._day(date(2023, 6, 1), date(2024, 3, 1)))
            left = self._maybe(0.4, lambda: self._day(date(2024, 3, 2), date(2024, 10, 30)))
            for _ in range(self._random.randint(1, 3)):
                rows.append(
                    {
                        "rep_id": rep,
                        "rep_name": self._pick(["", f"Rep {rep}"]),
                        "team_id": self._maybe(0.8, lambda: self._pick(TEAMS)),
                        "hired_on": hired,
                        "left_on": left,
                        "fte": self._pick(["", "1", "0.8", "0.5"]),
                        "updated_at": self._maybe(0.8, self._instant),
                    }
                )
        return rows

    def _spans(self, thing: str, things: list[str], value: str, values: list[str]) -> Rows:
        rows = []
        for one in things:
            for _ in range(self._random.randint(0, 3)):
                start = date.fromisoformat(self._day())
                end = self._day(start + timedelta(days=1), date(2024, 12, 1))
                rows.append(
                    {
                        thing: one,
                        "valid_from": start.isoformat(),
                        value: self._pick(values),
                        "valid_to": self._pick(["", end]),
                    }
                )
        return list({(row[thing], row["valid_from"]): row for row in rows}.values())

    def _accounts(self) -> Rows:
        rows: Rows = [
            {
                "account_id": account,
                "segment": self._pick(["", "smb", "enterprise"]),
                "acquisition_channel": self._pick(["", "seo", "referral"]),
                "owner_rep_id": self._maybe(0.7, lambda: self._pick([*REPS, "r98"])),
                "merged_into_account_id": self._maybe(0.2, lambda: self._pick([*ACCOUNTS, "a99"])),
                "updated_at": self._instant(),
            }
            for account in ACCOUNTS[1:]
            for _ in range(self._random.randint(1, 2))
        ]
        return rows

    def _opportunities(self) -> Rows:
        return [
            {
                "opportunity_id": f"d{i}",
                "created_at": self._maybe(0.85, lambda: self._instant(FIRST, date(2024, 7, 1))),
                "owner_rep_id": self._maybe(0.85, lambda: self._pick(REPS)),
                "account_id": self._maybe(0.85, lambda: self._pick(ACCOUNTS)),
                "product_id": self._maybe(0.7, lambda: self._pick(PRODUCTS)),
                "campaign_id": self._maybe(0.3, lambda: self._pick(CAMPAIGNS)),
                "stage": self._pick(STAGES),
                "probability": self._pick(["", "", "0.2", "0.3333", "0.75", "1"]),
                "amount": self._maybe(0.9, self._money),
                "list_amount": self._maybe(0.5, self._money),
                "currency": self._pick(CURRENCIES),
                "close_date": self._maybe(0.6, lambda: self._day(date(2024, 1, 1), date(2024, 10, 1))),
                "is_closed": self._pick(["", "", "true", "false", "Yes"]),
                "is_won": self._pick(["", "", "", "1", "f"]),
                "updated_at": self._instant(date(2024, 6, 1)),
            }
            for i in range(90 * self._size)
        ]

    def _stage_changes(self) -> Rows:
        return [
            {
                "opportunity_id": f"d{self._random.randrange(100 * self._size)}",
                "changed_at": self._instant(FIRST, date(2024, 9, 30)),
                "stage": self._pick(STAGES),
            }
            for _ in range(150 * self._size)
        ]

    def _splits(self) -> Rows:
        rows = []
        for i in range(30 * self._size):
            shares = self._random.choice(
                [["0.5", "0.5"], ["0.3333", "0.3333", "0.3333"], ["0.9", "0.2"], ["1"], ["0.7", "0.3", "0"]]
            )
            reps = self._random.sample([*REPS, "r97"], len(shares))
            rows += [
                {"opportunity_id": f"d{i * 3}", "rep_id": rep, "share": share}
                for rep, share in zip(reps, shares, strict=True)
            ]
        return rows

    def _orders(self) -> Rows:
        return [
            {
                "order_id": f"o{i}",
                "ordered_at": self._instant(),
                "account_id": self._maybe(0.9, lambda: self._pick(ACCOUNTS)),
                "rep_id": self._maybe(0.4, lambda: self._pick([*REPS, "r96"])),
                "opportunity_id": self._maybe(0.5, lambda: f"d{self._random.randrange(100 * self._size)}"),
                "campaign_id": self._maybe(0.2, lambda: self._pick(CAMPAIGNS)),
                "status": self._pick(["completed", "completed", "completed", "completed", "open", "cancelled"]),
                "currency": self._pick(CURRENCIES),
                "updated_at": self._instant(),
            }
            for i in range(160 * self._size)
        ]

    def _order_lines(self) -> Rows:
        rows = []
        for i in range(330 * self._size):
            price = self._maybe(0.8, self._money)
            rows.append(
                {
                    "order_line_id": f"l{i}",
                    "order_id": f"o{self._random.randrange(170 * self._size)}",
                    "product_id": self._pick(["", *PRODUCTS]),
                    "quantity": self._pick(["1", "2", "3", "7", "0.5", "2.3333", "0", "-1"]),
                    "unit_price": price,
                    "line_amount": self._money(-100, 900) if not price else self._maybe(0.2, self._money),
                    "list_price": self._maybe(0.5, self._money),
                    "discount_amount": self._maybe(0.3, lambda: self._money(0, 30)),
                    "unit_cost": self._maybe(0.3, lambda: self._money(0, 50)),
                }
            )
        return rows

    def _returns(self) -> Rows:
        return [
            {
                "return_id": f"x{i}",
                "order_id": f"o{self._random.randrange(165 * self._size)}",
                "order_line_id": self._maybe(0.4, lambda: f"l{self._random.randrange(340 * self._size)}"),
                "returned_at": self._instant(date(2024, 2, 1), date(2024, 9, 30)),
                "quantity": self._pick(["", "1", "2", "0.3333", "0"]),
                "refund_amount": self._money(),
            }
            for i in range(110 * self._size)
        ]

    def _leads(self) -> Rows:
        return [
            {
                "lead_id": f"q{i % (120 * self._size)}",
                "created_at": self._instant(),
                "owner_rep_id": self._maybe(0.8, lambda: self._pick(REPS)),
                "channel": self._maybe(0.8, lambda: self._pick(CHANNELS)),
                "campaign_id": self._maybe(0.4, lambda: self._pick(CAMPAIGNS)),
                "email": self._maybe(
                    0.5,
                    lambda: self._pick(["A@x.fr", "a@X.fr", "b@x.fr", f"c{self._random.randrange(30)}@x.fr"]),
                ),
                "converted_at": self._maybe(0.4, self._instant),
                "account_id": self._maybe(0.5, lambda: self._pick(ACCOUNTS)),
                "opportunity_id": self._maybe(0.3, lambda: f"d{self._random.randrange(100 * self._size)}"),
                "updated_at": self._maybe(0.9, self._instant),
            }
            for i in range(150 * self._size)
        ]

    def _activities(self) -> Rows:
        return [
            {
                "activity_id": f"c{i}",
                "rep_id": self._pick([*REPS, "r95"]),
                "activity_type": self._pick(["call", "call", "meeting", "email", "demo", "other"]),
                "started_at": self._instant(FIRST, date(2024, 12, 1)),
                "duration_seconds": self._pick(["", "0", "61", "600", "1800"]),
                "outcome": self._pick(["", "", "connected", "held", "no_answer", "Held", "cancelled"]),
            }
            for i in range(250 * self._size)
        ]

    def _targets(self) -> Rows:
        entities = [("rep", rep) for rep in REPS] + [("team", "t1"), ("team", "t8"), ("company", "company")]
        return [
            {
                "target_month": f"{2024 + (month - 1) // 12}-{(month - 1) % 12 + 1:02d}-01",
                "entity_type": kind,
                "entity_id": entity,
                "metric": metric,
                "target_value": self._pick(["0", "100", "1000.5", "250"]),
                "currency": self._pick(["", "", "USD", "CHF"]),
            }
            for month in range(1, 10)
            for kind, entity in entities
            for metric in ("net_revenue", "sales_count", "mrr", "won_amount", "csat")
            if self._random.random() < 0.7
        ]

    def _campaign_spend(self) -> Rows:
        rows = [
            {
                "campaign_id": self._pick([*CAMPAIGNS, "m8"]),
                "spend_date": self._day(FIRST, date(2024, 9, 30)),
                "amount": self._money(),
                "currency": self._pick(CURRENCIES),
            }
            for _ in range(40 * self._size)
        ]
        return list({(row["campaign_id"], row["spend_date"]): row for row in rows}.values())

    def _web_visits(self) -> Rows:
        rows = [
            {
                "visit_date": self._day(FIRST, date(2024, 9, 30)),
                "channel": self._pick([*CHANNELS, "ads"]),
                "campaign_id": self._maybe(0.5, lambda: self._pick(CAMPAIGNS)),
                "visitors": self._pick(["0", "12", "40", "250"]),
            }
            for _ in range(60 * self._size)
        ]
        return list({(row["visit_date"], row["channel"], row["campaign_id"]): row for row in rows}.values())

    def _subscriptions(self) -> Rows:
        """Price changes and gaps, ends before the next start and after it, never live, free, in any currency."""
        rows = []
        for i in range(40 * self._size):
            account, currency = self._pick([*ACCOUNTS, "a98"]), self._pick(CURRENCIES)
            start = date.fromisoformat(self._day(date(2023, 10, 1), date(2024, 8, 1)))
            for _ in range(self._random.randint(1, 3)):
                end = start + timedelta(days=self._random.choice([0, 20, 45, 90, 160]))
                rows.append(
                    {
                        "subscription_id": f"s{i}",
                        "started_on": start.isoformat(),
                        "account_id": account,
                        "ended_on": self._pick(["", end.isoformat()]),
                        "mrr": self._pick(["0", self._money(1, 90), self._money(1, 90)]),
                        "currency": currency,
                    }
                )
                start = end + timedelta(days=self._random.choice([0, 0, 15, 60]))
        return list({(row["subscription_id"], row["started_on"]): row for row in rows}.values())

    def _tickets(self) -> Rows:
        return [
            {
                "ticket_id": f"t{i}",
                "account_id": self._maybe(0.85, lambda: self._pick([*ACCOUNTS, "a97"])),
                "ticket_type": self._pick(["complaint", "complaint", "question", "Complaint"]),
                "opened_at": self._instant(FIRST, date(2024, 9, 30)),
            }
            for i in range(80 * self._size)
        ]

    def _survey_responses(self) -> Rows:
        return [
            {
                "response_id": f"v{i}",
                "survey_type": self._pick(["nps", "nps", "csat"]),
                "responded_at": self._instant(FIRST, date(2024, 9, 30)),
                "score": self._maybe(0.95, lambda: self._pick(["0", "3", "4", "5", "6", "6.5", "7", "8.5", "9", "10"])),
                "scale_max": self._pick(["", "10", "10", "7"]),
                "account_id": self._maybe(0.8, lambda: self._pick([*ACCOUNTS, "a96"])),
                "contact_id": self._maybe(0.3, lambda: self._pick(CONTACTS)),
                "rep_id": self._maybe(0.4, lambda: self._pick([*REPS, "r94"])),
                "order_id": self._maybe(0.3, lambda: f"o{self._random.randrange(160)}"),
                "ticket_id": self._maybe(0.3, lambda: f"t{self._random.randrange(80)}"),
                "activity_id": self._maybe(0.3, lambda: f"c{self._random.randrange(250)}"),
            }
            for i in range(150 * self._size)
        ]

    def _survey_invitations(self) -> Rows:
        return [
            {
                "invitation_id": f"i{i}",
                "survey_type": self._pick(["nps", "csat"]),
                "sent_at": self._instant(FIRST, date(2024, 9, 30)),
                "account_id": self._maybe(0.8, lambda: self._pick(ACCOUNTS)),
            }
            for i in range(120 * self._size)
        ]

    def _reviews(self) -> Rows:
        return [
            {
                "review_id": f"w{i}",
                "platform": self._pick(["maps", "shop"]),
                "reviewed_at": self._instant(FIRST, date(2024, 8, 1)),
                "rating": self._pick(["0", "1", "3.5", "4", "5"]),
                "rating_max": self._pick(["", "5", "10"]),
                "account_id": self._maybe(0.6, lambda: self._pick(ACCOUNTS)),
                "product_id": self._maybe(0.6, lambda: self._pick([*PRODUCTS, "p8"])),
                "replied_at": self._maybe(0.5, lambda: self._instant(date(2024, 8, 2), date(2024, 9, 30))),
            }
            for i in range(50 * self._size)
        ]

    def _operating_costs(self) -> Rows:
        return [
            {
                "cost_id": f"e{i}",
                "cost_month": self._day(FIRST, date(2024, 9, 30)),
                "cost_category": self._pick(["sales", "marketing", "other"]),
                "cost_behaviour": self._pick(["", "fixed", "variable"]),
                "team_id": self._maybe(0.5, lambda: self._pick([*TEAMS, "t7"])),
                "amount": self._money(),
                "currency": self._pick(CURRENCIES),
            }
            for i in range(40 * self._size)
        ]

    # ---- dirt --------------------------------------------------------------------------------------------------------

    def _soil(self, table: str, rows: Rows) -> Rows:
        """Second versions, tombstones and values that break the contract, in any order of records."""
        soiled = [dict(row) for row in rows]
        key = next(iter(rows[0]))
        for row in rows:
            luck = self._random.random()
            if luck < 0.03:
                soiled.append({**row, "updated_at": self._instant(), "is_deleted": self._pick(["true", "false"])})
            elif luck < 0.06:
                column = self._random.choice(list(row))
                bad = self._pick(["", "1e3", "2024-1-5", "unassigned", "-1", "1960-01-01", " ", "abc", "12.34567"])
                soiled.append({**row, column: bad})
            elif luck < 0.065:
                soiled.append({**row, key: ""})
        self._random.shuffle(soiled)
        return soiled

    def write(self, folder: Path, without: Collection[str] = ()) -> Path:
        """One CSV file a table; those of `without` are not supplied (G7)."""
        for name, rows in self.tables().items():
            if name not in without:
                write_csv(folder / f"{name}.csv", rows)
        return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--without", action="append", default=[], metavar="TABLE", help="not supplied (repeatable)")
    given = parser.parse_args()
    print(RandomFolder(given.seed, given.size).write(given.out, given.without))


if __name__ == "__main__":
    main()
