"""What scripts/bench and scripts/instructions measure with. Python's standard library only."""
