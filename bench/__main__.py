"""python -m bench [name …]: runs the named benchmarks (all by default), prints the table, keeps it as JSON."""

import importlib
import sys

from bench.table import Row, keep, show

NAMES = ("sheets", "pages", "sweep", "escalation", "dead_worker", "pdf", "routing")
"""Each a module of this package with ``run() -> list[Row]``."""


def main(names: list[str]) -> int:
    """Run the benchmarks; return the exit status (2 for an unknown name)."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)} (there are: {', '.join(NAMES)})", file=sys.stderr)
        return 2
    rows: list[Row] = []
    for name in names or NAMES:
        print(f"… {name}", file=sys.stderr, flush=True)
        rows += importlib.import_module(f"bench.{name}").run()
    print(show(rows))
    print(f"kept in {keep(rows)}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
