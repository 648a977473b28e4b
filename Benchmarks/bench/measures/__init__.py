"""Rows that aren't pairs of rates: bounds on latencies, sizes and times."""
