"""`make bench`: what must be fast and small, measured side by side in one run; exit code 1 where a limit is missed."""

import os
import sys
from pathlib import Path

os.environ["LRLAB_BOOK"] = "1"  # demos are drawn as the book draws them
os.environ["OMP_NUM_THREADS"] = "1"  # one thread each, read when the libraries are imported
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import matplotlib

matplotlib.use("agg")

from bench import engine, models, site
from bench.table import Table

PARTS = {"engine": engine.run, "models": models.run, "site": site.run}
RESULT = Path(__file__).with_name("bench.json")


def main(names: list[str]) -> int:
    """Run the parts that are named, or all of them and keep the result for the site's table."""
    if unknown := set(names) - set(PARTS):
        print(f"there is no part {', '.join(sorted(unknown))}: name {' or '.join(PARTS)}", file=sys.stderr)
        return 2
    table = Table()
    for name in names or PARTS:
        table.part = name
        PARTS[name](table)
    if not names:
        table.save(RESULT, ["numpy", "matplotlib", "torch", "jax", "optax"])
    missed = [row.what.strip() for row in table.rows if row.missed()]
    print("every limit is kept" if not missed else f"missed: {'; '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
