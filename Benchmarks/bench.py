#!/usr/bin/env python3
"""make bench: walletd beside what users would pick instead. See docs/BENCHMARKS.md for what it takes and prints."""

import sys

from bench.main import main

if __name__ == "__main__":
    sys.exit(main())
