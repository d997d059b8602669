"""Facts of processors' manuals that timing tests measure (tests/timing/facts.h)."""
import os
import subprocess
import tempfile

from table import ROOT, Row


def tests(preset):
    """The test programs' names; all of them without a preset."""
    found = sorted((ROOT / "tests" / "timing").glob("ppc*_test.c"))
    return [p.stem for p in found if not preset or p.stem == f"{preset}_test"]


def parse(line):
    preset, fact, kind, reference, ours = line.rstrip("\n").split("\t")
    return Row(preset, fact, kind, float(reference), float(ours))


def rows_of(build, name):
    """A test that fails has its own part in the suite; here its facts are what counts, and that
    there are some."""
    program = build / "tests" / "timing" / name
    if not program.exists():
        raise SystemExit(f"{program} is not built: make fidelity does that")
    with tempfile.NamedTemporaryFile("r") as file:
        subprocess.run([str(program)], cwd=ROOT, capture_output=True,
                       env=dict(os.environ, SIMRUN_FACTS=file.name), check=False)
        rows = [parse(line) for line in file]
    if not rows:
        raise SystemExit(f"{name}: tells no facts")
    return rows


def rows(options, preset):
    found = []
    for name in tests(preset):
        found += rows_of(options.build, name)
    names = [(r.preset, r.name) for r in found]
    for twice in {n for n in names if names.count(n) > 1}:
        raise SystemExit("two facts of {} are called '{}'".format(*twice))
    return [r for r in found if not options.only or r.name in options.only]
