"""Median and spread of the rounds of one cell."""
import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """low and high are the quartiles (with fewer than four rounds the extremes)."""

    median: float
    low: float
    high: float

    def as_json(self) -> dict:
        return {"median": self.median, "low": self.low, "high": self.high}


def spread(values: list[float]) -> Spread:
    if len(values) < 4:
        return Spread(statistics.median(values), min(values), max(values))
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(middle, low, high)


def paired_ratios(values: list[float], floor: list[float]) -> list[float]:
    """Each round against the floor of the same round: what disturbs the machine disturbs both."""
    return [value / under for value, under in zip(values, floor)]
