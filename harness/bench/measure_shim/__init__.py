"""What allocation profilers cost: leakgate's shim beside heaptrack and memcheck. Called by scripts/bench-shim."""
