"""Benchmarks: ours and the other's (or the floor's) measured in one run, reported as ratios; nothing asserted."""
