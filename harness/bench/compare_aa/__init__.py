"""How often leakgate compare is wrong, and what it finds. Called by scripts/compare-aa."""
