"""How large a rate may be of which some runs have shown few."""
import math


def upper_bound(wrong: int, runs: int) -> float:
    """Of the true rate, one-sided, 95 %: the rate at which so few wrong ones would be seen in one of 20 attempts."""
    low, high = 0.0, 1.0
    for _ in range(60):
        rate = (low + high) / 2
        at_most = sum(math.comb(runs, k) * rate**k * (1 - rate)**(runs - k) for k in range(wrong + 1))
        low, high = (rate, high) if at_most > 0.05 else (low, rate)
    return high if wrong < runs else 1.0
