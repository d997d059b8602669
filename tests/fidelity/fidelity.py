#!/usr/bin/env python3
"""How close the presets come to their references.

    tests/fidelity/fidelity.py [--build FOLDER] [--jobs N] [--preset NAME]... [--fast] [--rows]
                               [--output FILE.h5] [--page FOLDER] [--record] [ROW...]

Prints the rows that are not exact (--rows: all; ROW: those programs, blocks or facts alone), the
first difference of each retire trace that is not its RTL's, and a line a preset. --output writes
the same as HDF5, --page the page "How accurate is it" with its picture. --record takes the errors
as they are now into tests/fidelity/accepted.csv, which other runs are held against. Exit status 1:
an error has grown or shrunk, a result is wrong, a row is gone.
"""
import argparse
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "analysis"))

import facts  # noqa: E402
import mca  # noqa: E402
import report  # noqa: E402
import rtl  # noqa: E402
import table  # noqa: E402

LIMIT = {"power9": 10}  # mean absolute error, in percent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=table.ROOT / "build")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--preset", action="append", default=[])
    parser.add_argument("--fast", action="store_true", help="leave out the long programs")
    parser.add_argument("--rows", action="store_true")
    parser.add_argument("--output", type=Path)
    parser.add_argument("--page", type=Path)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("only", nargs="*", metavar="ROW")
    options = parser.parse_args()
    options.build = options.build.resolve()
    options.simrun = str(options.build / "simrun")
    return options


def measure(options):
    """All rows of the presets that are asked for, in the order of the page."""
    sources = {"microwatt": lambda: rtl.rows(options), "power9": lambda: mca.rows(options)}
    for name in facts.tests(None):
        preset = name.removesuffix("_test")
        sources[preset] = lambda preset=preset: facts.rows(options, preset)
    for preset in options.preset:
        if preset not in sources:
            sys.exit(f"no reference for '{preset}'; there is one for {', '.join(sources)}")
    return [row for preset, rows in sources.items()
            if not options.preset or preset in options.preset for row in rows()]


def over_limit(rows):
    """The number of presets whose mean error is too large, each printed."""
    means = {p: table.summary(p, g).mean for p, g in table.by_preset(rows).items() if p in LIMIT}
    over = [p for p, mean in means.items() if mean > LIMIT[p]]
    for preset in over:
        print(f"worse: {preset}: mean absolute error above {LIMIT[preset]} %")
    return len(over)


def main():
    options = arguments()
    is_part = bool(options.only or options.fast)
    rows = measure(options)
    if not rows:
        sys.exit("no such row")
    table.print_rows(rows, options.rows)
    table.print_summaries(rows)
    if options.output:
        report.write_hdf5(rows, options.output)
    if options.record:
        if is_part or options.preset:
            sys.exit("only all rows together can be recorded")
        table.record(rows)
    if options.page:
        report.write_page(rows, options.page)
    presets = set() if is_part else {r.preset for r in rows}
    return 1 if table.held(rows, presets) + over_limit([] if is_part else rows) else 0


if __name__ == "__main__":
    sys.exit(main())
