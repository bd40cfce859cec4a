"""What the audit expected of its fixes, measured. Called by scripts/bench-audit."""
