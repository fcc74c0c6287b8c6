"""Surveys, complaints, reviews: what customers say, and the mart `satisfaction_monthly_kpis`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Generic, TypeVar

from .contract import Row
from .customers import EVERYBODY, Customers
from .kpi import NOTHING, Kpi, Kpis, median, net_promoter_score, rate, share_of_people
from .periods import Period
from .returns import ReturnWindows
from .settings import UNASSIGNED, UNKNOWN
from .world import World

T = TypeVar("T", "Answer", "Invitation", "Complaint", "Review")


@dataclass(frozen=True)
class Answer:
    """A response; only valid ones count (M16)."""

    answer_id: str
    kind: str
    at: datetime
    day: date
    respondent: tuple[str, str]
    is_valid: bool
    score: Decimal
    is_satisfied: bool
    customer: str | None
    team: str
    segment: str
    touchpoint: str


@dataclass(frozen=True)
class Invitation:
    day: date
    team: str
    segment: str


@dataclass(frozen=True)
class Complaint:
    day: date
    customer: str | None
    team: str
    segment: str


@dataclass(frozen=True)
class Review:
    day: date
    rating: Fraction  # 0–1
    reply_hours: Fraction | None
    platform: str
    product: str
    segment: str


@dataclass
class ByDay(Generic[T]):
    """Events by their day."""

    of_day: defaultdict[date, list[T]] = field(default_factory=lambda: defaultdict(list))

    def __init__(self, events: Iterable[T]) -> None:
        self.of_day = defaultdict(list)
        for event in events:
            self.of_day[event.day].append(event)

    def between(self, first: date, last: date) -> list[T]:
        return [event for day, events in self.of_day.items() if first <= day <= last for event in events]


class Satisfaction:
    def __init__(self, world: World, customers: Customers) -> None:
        self._world, self._customers = world, customers
        self.responses = ByDay(self._answers())
        self.answers = ByDay(a for day in self.responses.of_day.values() for a in day if a.is_valid)
        self.invitations = ByDay(self._invitations())
        self.complaints = ByDay(self._complaints())
        self.reviews = ByDay(self._reviews())
        self._respondents: dict[Period, list[Answer]] = {}

    # ---- reading -----------------------------------------------------------------------------------------------------

    def _dated(self, table: str, column: str) -> Iterable[tuple[date, Row]]:
        for row in self._world.tables[table].rows:
            day = self._world.clock.business_date(row[column])
            if day <= self._world.calendar.as_of:
                yield day, row

    def _answers(self) -> Iterable[Answer]:
        for day, row in self._dated("survey_responses", "responded_at"):
            customer, score = self._world.accounts.survivor(row["account_id"]), row["score"] or Decimal(0)
            yield Answer(
                answer_id=row["response_id"],
                kind=row["survey_type"],
                at=row["responded_at"],
                day=day,
                respondent=self._respondent(row, customer),
                is_valid=self._is_valid(row),
                score=score,
                is_satisfied=score >= self._world.settings.csat_satisfied_from * row["scale_max"],
                customer=customer,
                team=self._answer_team(row, customer, day),
                segment=self._segment(customer),
                touchpoint=touchpoint(row),
            )

    @staticmethod
    def _is_valid(row: Row) -> bool:
        """M16: “an nps response on a scale other than 0–10, a response without a score: not a valid response”."""
        return row["score"] is not None and (row["survey_type"] != "nps" or row["scale_max"] == 10)

    @staticmethod
    def _respondent(row: Row, customer: str | None) -> tuple[str, str]:
        """“Respondent = contact, else account, else the response”."""
        if row["contact_id"] is not None:
            return "contact", row["contact_id"]
        return ("account", customer) if customer is not None else ("response", row["response_id"])

    def _answer_team(self, row: Row, customer: str | None, day: date) -> str:
        """“team of the response's rep, else of the account's owner that day”."""
        if row["rep_id"] is not None:
            return self._world.organisation.team_of(row["rep_id"], day)
        return self._customer_team(customer, day)

    def _customer_team(self, customer: str | None, day: date) -> str:
        return UNASSIGNED if customer is None else self._customers.team(customer, day)

    def _segment(self, customer: str | None) -> str:
        return UNKNOWN if customer is None else self._world.accounts.segment(customer)

    def _invitations(self) -> Iterable[Invitation]:
        for day, row in self._dated("survey_invitations", "sent_at"):
            customer = self._world.accounts.survivor(row["account_id"])
            yield Invitation(day, self._customer_team(customer, day), self._segment(customer))

    def _complaints(self) -> Iterable[Complaint]:
        """“tickets of type complaint; team of the account's owner that day”."""
        for day, row in self._dated("tickets", "opened_at"):
            if row["ticket_type"] == "complaint":
                customer = self._world.accounts.survivor(row["account_id"])
                yield Complaint(day, customer, self._customer_team(customer, day), self._segment(customer))

    def _reviews(self) -> Iterable[Review]:
        for day, row in self._dated("reviews", "reviewed_at"):
            customer = self._world.accounts.survivor(row["account_id"])
            yield Review(
                day=day,
                rating=Fraction(row["rating"]) / Fraction(row["rating_max"]),
                reply_hours=reply_hours(row),
                platform=row["platform"],
                product=row["product_id"] or UNKNOWN,
                segment=self._segment(customer),
            )

    # ---- KPIs of some of the events of a period ----------------------------------------------------------------------

    def between(self, events: ByDay[T], period: Period) -> list[T]:
        periods = self._world.periods
        return events.between(periods.first_day(period), periods.last_day(period))

    def respondents(self, period: Period) -> list[Answer]:
        """“the latest of each respondent in the period is chosen company-wide, then given to its team and segment”."""
        if period not in self._respondents:
            latest: dict[tuple[str, str], Answer] = {}
            answers = [answer for answer in self.between(self.answers, period) if answer.kind == "nps"]
            for answer in sorted(answers, key=lambda answer: (answer.at, answer.answer_id)):
                latest[answer.respondent] = answer
            self._respondents[period] = list(latest.values())
        return self._respondents[period]

    def nps(self, period: Period, belongs: Callable[[Answer], bool]) -> Kpis:
        """“100 × (promoters 9–10 − detractors 0–6) / valid responses”; parts published."""
        if not self._world.has("survey_responses"):
            return dict.fromkeys(("nps_responses", "promoters", "passives", "detractors", "nps"), NOTHING)
        scores = [answer.score for answer in self.respondents(period) if belongs(answer)]
        promoters = sum(1 for score in scores if score >= 9)
        detractors = sum(1 for score in scores if score <= 6)
        return {
            "nps_responses": Kpi(len(scores)),
            "promoters": Kpi(promoters),
            "passives": Kpi(len(scores) - promoters - detractors),
            "detractors": Kpi(detractors),
            "nps": net_promoter_score(promoters, detractors, len(scores)),
        }

    def csat(self, period: Period, belongs: Callable[[Answer], bool]) -> Kpis:
        """“responses with score/scale_max ≥ `csat_satisfied_from` / valid responses, not deduplicated”."""
        if not self._world.has("survey_responses"):
            return dict.fromkeys(("csat_responses", "csat_satisfied", "csat"), NOTHING)
        answers = [a for a in self.between(self.answers, period) if a.kind == "csat" and belongs(a)]
        satisfied = sum(1 for answer in answers if answer.is_satisfied)
        return {
            "csat_responses": Kpi(len(answers)),
            "csat_satisfied": Kpi(satisfied),
            "csat": share_of_people(satisfied, len(answers)),
        }

    def response_rate(
        self, period: Period, belongs: Callable[[Answer], bool], was_invited: Callable[[Invitation], bool] | None
    ) -> Kpis:
        """M32: “valid answers / invitations of the month, both survey types”."""
        responses, invitations = None, None
        if self._world.has("survey_responses"):
            responses = sum(1 for answer in self.between(self.answers, period) if belongs(answer))
        if self._world.has("survey_invitations") and was_invited is not None:
            invitations = sum(1 for invitation in self.between(self.invitations, period) if was_invited(invitation))
        return {
            "responses": Kpi(responses),
            "invitations": Kpi(invitations),
            "response_rate": rate(responses, invitations),
        }

    def complaint_kpis(
        self, period: Period, belongs: Callable[[Complaint], bool], customers_at_end: int | None
    ) -> Kpis:
        """“tickets of type complaint (per 100 customers active at the period's end)”; M34: NULL in an open period."""
        if not self._world.has("tickets"):
            return {
                "complaints": NOTHING,
                "customers_at_end": Kpi(customers_at_end),
                "complaints_per_100_customers": rate(None, customers_at_end),
            }
        complaints = sum(1 for complaint in self.between(self.complaints, period) if belongs(complaint))
        per_100 = rate(100 * complaints, customers_at_end)
        return {
            "complaints": Kpi(complaints),
            "customers_at_end": Kpi(customers_at_end),
            "complaints_per_100_customers": per_100,
        }

    def review_kpis(self, period: Period, belongs: Callable[[Review], bool]) -> Kpis:
        """“rating / rating_max (0–1)”."""
        if not self._world.has("reviews"):
            return dict.fromkeys(("average_rating", "review_count", "median_reply_hours", "replied_reviews"), NOTHING)
        reviews = [review for review in self.between(self.reviews, period) if belongs(review)]
        hours = [review.reply_hours for review in reviews if review.reply_hours is not None]
        total = sum((review.rating for review in reviews), Fraction(0))
        average = rate(total, len(reviews))
        return {
            "average_rating": Kpi(average.value, float(total) if reviews else None, len(reviews), len(reviews)),
            "review_count": Kpi(len(reviews)),
            "median_reply_hours": Kpi(median(hours), n=len(hours)),
            "replied_reviews": Kpi(len(hours)),
        }

    # ---- company and teams -------------------------------------------------------------------------------------------

    def company(self, period: Period) -> Kpis:
        at_end = self._customers.at_end(period, self._customers.everybody)
        return (
            self.nps(period, _all)
            | self.csat(period, _all)
            | self.response_rate(period, _all, _all)
            | self.complaint_kpis(period, _all, None if at_end is None else at_end.get(EVERYBODY, 0))
            | self.review_kpis(period, _all)
        )

    def team(self, period: Period, team: str) -> Kpis:
        at_end = self._customers.at_end(period, self._customers.team)
        return (
            self.nps(period, lambda answer: answer.team == team)
            | self.csat(period, lambda answer: answer.team == team)
            | self.response_rate(period, lambda a: a.team == team, lambda i: i.team == team)
            | self.complaint_kpis(period, lambda c: c.team == team, None if at_end is None else at_end.get(team, 0))
        )


def _all(event: object) -> bool:
    return True


def touchpoint(row: Row) -> str:
    """M31: “what the answer is linked to: ticket, order, activity, else `relationship`”."""
    for name in ("ticket", "order", "activity"):
        if row[f"{name}_id"] is not None:
            return name
    return "relationship"


def reply_hours(row: Row) -> Fraction | None:
    """The hours from a review to its reply."""
    if row["replied_at"] is None:
        return None
    waited = row["replied_at"] - row["reviewed_at"]
    return Fraction(waited.days * 86400 + waited.seconds, 3600) + Fraction(waited.microseconds, 3_600_000_000)


# ---- the mart --------------------------------------------------------------------------------------------------------

ALL_COLUMNS: Kpis = dict.fromkeys(
    (
        "nps",
        "nps_responses",
        "promoters",
        "passives",
        "detractors",
        "csat",
        "csat_responses",
        "csat_satisfied",
        "response_rate",
        "responses",
        "invitations",
        "complaints",
        "customers_at_end",
        "complaints_per_100_customers",
        "return_rate",
        "average_rating",
        "review_count",
        "median_reply_hours",
        "replied_reviews",
    ),
    NOTHING,
)


class SatisfactionMonths:
    """M31: which dimension says something about which event; “NULL elsewhere”."""

    def __init__(self, world: World, customers: Customers, satisfaction: Satisfaction, returns: ReturnWindows) -> None:
        self._world, self._customers, self._satisfaction, self._returns = world, customers, satisfaction, returns

    def of(self, period: Period, dimension: str, value: str) -> Kpis:
        return ALL_COLUMNS | {
            "all": self._all,
            "team": self._team,
            "segment": self._segment,
            "product": self._product,
            "platform": self._platform,
            "touchpoint": self._touchpoint,
        }[dimension](period, value)

    def _all(self, period: Period, value: str) -> Kpis:
        return self._satisfaction.company(period) | {"return_rate": self._returns.rate(period)}

    def _team(self, period: Period, value: str) -> Kpis:
        return self._satisfaction.team(period, value)

    def _segment(self, period: Period, value: str) -> Kpis:
        kpis = self._satisfaction
        at_end = self._customers.at_end(period, self._customers.segment)
        return (
            kpis.nps(period, lambda answer: answer.segment == value)
            | kpis.csat(period, lambda answer: answer.segment == value)
            | kpis.response_rate(period, lambda a: a.segment == value, lambda i: i.segment == value)
            | kpis.complaint_kpis(
                period, lambda c: c.segment == value, None if at_end is None else at_end.get(value, 0)
            )
            | kpis.review_kpis(period, lambda review: review.segment == value)
            | {"return_rate": self._returns.rate(period, segment=value)}
        )

    def _product(self, period: Period, value: str) -> Kpis:
        return self._satisfaction.review_kpis(period, lambda review: review.product == value) | {
            "return_rate": self._returns.rate(period, product=value)
        }

    def _platform(self, period: Period, value: str) -> Kpis:
        return self._satisfaction.review_kpis(period, lambda review: review.platform == value)

    def _touchpoint(self, period: Period, value: str) -> Kpis:
        """An invitation says nothing about a touchpoint."""
        kpis = self._satisfaction
        return (
            kpis.nps(period, lambda answer: answer.touchpoint == value)
            | kpis.csat(period, lambda answer: answer.touchpoint == value)
            | kpis.response_rate(period, lambda answer: answer.touchpoint == value, None)
        )

    def _values(self, period: Period) -> dict[str, set[str]]:
        """The values of each dimension of which something happened in a period."""
        kpis, customers = self._satisfaction, self._customers
        answers, reviews = kpis.between(kpis.responses, period), kpis.between(kpis.reviews, period)
        invitations, complaints = kpis.between(kpis.invitations, period), kpis.between(kpis.complaints, period)
        return {
            "all": {"all"},
            "team": set(self._world.organisation.teams),
            "segment": {answer.segment for answer in answers}
            | {invitation.segment for invitation in invitations}
            | {complaint.segment for complaint in complaints}
            | {review.segment for review in reviews}
            | set(customers.at_end(period, customers.segment) or ())
            | self._returns.segments(period),
            "product": {review.product for review in reviews} | self._returns.products(period),
            "platform": {review.platform for review in reviews},
            "touchpoint": {answer.touchpoint for answer in answers},
        }

    def rows(self) -> list[tuple[dict[str, Any], Kpis]]:
        found = []
        for period in self._world.periods.all("month"):
            for dimension, values in self._values(period).items():
                for value in sorted(values):
                    key = {
                        "month": period.start,
                        "dimension_name": dimension,
                        "dimension_value": value,
                        "is_complete_period": self._world.periods.is_complete(period),
                    }
                    found.append((key, self.of(period, dimension, value)))
        return found
