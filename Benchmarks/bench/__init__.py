"""The side-by-side bench: walletd beside what users would pick instead. See docs/BENCHMARKS.md."""
