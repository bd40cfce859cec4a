"""Which leaks leakgate, LeakSanitizer, memcheck and heaptrack find, and which they imagine. Called by
scripts/bench-detection."""
