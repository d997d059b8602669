"""Rows of all references, what they come to, and the errors that the tree accepts."""
import csv
from collections import namedtuple
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ACCEPTED = ROOT / "tests" / "fidelity" / "accepted.csv"
STEP = 0.0005  # of the figures in accepted.csv, which have three decimals

# `kind`: what stands behind the reference. `counts`: no for rows on which the reference itself is
# not to be trusted, which are shown and held, but are in no mean. `wrong`: a reason why the row
# fails whatever its figures are.
Row = namedtuple("Row", "preset name kind reference ours counts wrong note",
                 defaults=(True, "", ""))

# How the errors of a preset are told: as a share of the reference, or in cycles where the figures
# are places on a time line and short durations.
PERCENT, CYCLES = "%", "cycles"
UNITS = {"microwatt": PERCENT, "power9": PERCENT}


def unit_of(preset):
    return UNITS.get(preset, CYCLES)


def error(row):
    """Signed, in the preset's unit."""
    difference = row.ours - row.reference
    return 100 * difference / row.reference if unit_of(row.preset) == PERCENT else difference


Summary = namedtuple("Summary", "preset unit rows exact mean largest")


def summary(preset, rows):
    errors = [abs(error(r)) for r in rows if r.counts]
    exact = sum(e < STEP for e in errors)
    return Summary(preset, unit_of(preset), len(errors), exact, sum(errors) / len(errors),
                   max(errors))


def kinds(rows):
    """{kind: rows of it}"""
    return {k: sum(r.kind == k for r in rows) for k in dict.fromkeys(r.kind for r in rows)}


def by_preset(rows):
    groups = {}
    for row in rows:
        groups.setdefault(row.preset, []).append(row)
    return groups


def number(value):
    return f"{value:.3f}".rstrip("0").rstrip(".")


def print_rows(rows, show_all):
    for r in rows:
        if show_all or r.wrong or abs(r.ours - r.reference) >= STEP:
            flag = "" if r.counts else "(not counted) "
            print(f"{r.preset:10} {r.name:44.44} {r.kind:9} {number(r.reference):>9} "
                  f"{number(r.ours):>9} {error(r):>+9.3f} {unit_of(r.preset):6} "
                  f"{flag}{r.wrong or r.note}")


def print_summaries(rows):
    print(f"\n{'preset':10} {'rows':>5} {'exact':>13} {'mean absolute':>14} {'largest':>9}  "
          "error in  reference")
    for preset, group in by_preset(rows).items():
        s = summary(preset, group)
        print(f"{preset:10} {s.rows:>5} {s.exact:>5} {100 * s.exact / s.rows:>6.1f}% "
              f"{s.mean:>14.4f} {s.largest:>9.3f}  {s.unit:8}  {', '.join(kinds(group))}")


def read_accepted():
    with open(ACCEPTED, newline="") as file:
        return {(r["preset"], r["name"]): r for r in csv.DictReader(file)}


def record(rows):
    with open(ACCEPTED, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["preset", "name", "reference", "ours"])
        for r in rows:
            if abs(r.ours - r.reference) >= STEP:
                writer.writerow([r.preset, r.name, number(r.reference), number(r.ours)])


def held(rows, presets):
    """Compares with what the tree records of these presets; the number of complaints, each
    printed. What is not recorded has to be exact."""
    accepted = read_accepted()
    complaints = []
    for r in rows:
        old = accepted.pop((r.preset, r.name), None)
        before = abs(float(old["ours"]) - float(old["reference"])) if old else 0
        now = abs(r.ours - r.reference)
        place = f"{r.preset}: {r.name}: {number(r.ours)}, reference {number(r.reference)}"
        if r.wrong:
            complaints.append(f"wrong: {place}: {r.wrong}")
        elif now > before + STEP:
            complaints.append(f"worse: {place}, the tree records an error of {number(before)}")
        elif now < before - STEP:
            complaints.append(f"better: {place}, the tree records an error of {number(before)}: "
                              "make fidelity-record")
    for preset, name in accepted:
        if preset in presets:
            complaints.append(f"gone: {preset}: {name}: recorded, but measured no more: "
                              "make fidelity-record")
    print("\n".join(complaints))
    return len(complaints)
