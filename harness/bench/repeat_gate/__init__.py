"""How often the gate is wrong about a service whose counts depend on timing. Called by scripts/repeat-gate."""
