"""What a request costs, beside what it costs elsewhere: `python -m benchmarks.run`."""
