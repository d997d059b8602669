"""The table as HDF5, and as the page "How accurate is it".

    /          attributes format, format_version, model_version
    /presets   name (scale), unit (of the errors), rows, exact, mean_absolute, largest
    /NAME      of each preset: name (scale), kind, reference, ours, error, counts

Every dataset has `units` and `long_name`, as in the files of simrun (sim/out/layout.h)."""
import configparser
import re
import subprocess
import sys
import textwrap

import h5py
import numpy as np
from table import ROOT, STEP, by_preset, error, kinds, number, summary, unit_of

PRESETS = ROOT / "tests" / "fidelity" / "presets.ini"
PLOT = ROOT / "analysis" / "plot_fidelity.py"
PAGE, PICTURE = "README.md", "accuracy.png"


def model_version():
    text = (ROOT / "sim" / "base" / "version.h").read_text()
    return int(re.search(r"#define MODEL_VERSION (\d+)", text)[1])


def write_column(group, name, units, long_name, values, scale=None):
    is_text = values and isinstance(values[0], str)
    data = np.array(values, dtype=h5py.string_dtype() if is_text else None)
    dataset = group.create_dataset(name, data=data)
    dataset.attrs["units"] = units
    dataset.attrs["long_name"] = long_name
    if scale is None:
        dataset.make_scale(name)
    else:
        dataset.dims[0].attach_scale(scale)
    return dataset


def write_presets(group, summaries):
    names = write_column(group, "name", "1", "preset", [s.preset for s in summaries])
    for name, units, long_name in (
            ("unit", "1", "unit of the errors"), ("rows", "count", "rows that count"),
            ("exact", "count", "rows without error"),
            ("mean", "see unit", "mean absolute error"),
            ("largest", "see unit", "largest absolute error")):
        column = "mean_absolute" if name == "mean" else name
        write_column(group, column, units, long_name, [getattr(s, name) for s in summaries], names)


def write_rows(group, preset, rows):
    names = write_column(group, "name", "1", "program, block or fact", [r.name for r in rows])
    for name, units, long_name, values in (
            ("kind", "1", "what stands behind the reference", [r.kind for r in rows]),
            ("reference", "cycles", "the reference's figure", [float(r.reference) for r in rows]),
            ("ours", "cycles", "the preset's figure", [float(r.ours) for r in rows]),
            ("error", unit_of(preset), "ours against the reference",
             [float(error(r)) for r in rows]),
            ("counts", "1", "whether it is in the means", [int(r.counts) for r in rows])):
        write_column(group, name, units, long_name, values, names)


def write_hdf5(rows, path):
    groups = by_preset(rows)
    part = path.with_name(path.name + ".part")
    with h5py.File(part, "w") as file:
        file.attrs["format"] = "simrun-fidelity"
        file.attrs["format_version"] = 1
        file.attrs["model_version"] = model_version()
        write_presets(file.create_group("presets"), [summary(p, g) for p, g in groups.items()])
        for preset, group in groups.items():
            write_rows(file.create_group(preset), preset, group)
    part.rename(path)


def header(preset):
    """What the preset says at its beginning, as paragraphs."""
    text = []
    for line in (ROOT / "configs" / f"{preset}.ini").read_text().splitlines():
        if not line.startswith("#"):
            break
        text.append(line[1:].strip())
    return [" ".join(p.split()) for p in "\n".join(text).split("\n\n")]


def not_modelled(preset, notes):
    for paragraph in header(preset):
        if "Not modelled: " in paragraph:
            return paragraph.split("Not modelled: ")[1].rstrip(".")
    return notes.get("not_modelled", f"what configs/{preset}.ini does not mention")


def wrap(text):
    return textwrap.fill(" ".join(text.split()), 120, break_long_words=False,
                         break_on_hyphens=False)


def overview(summaries, notes):
    lines = ["| preset | | rows | exact | mean absolute error | largest |",
             "|---|---|---|---|---|---|"]
    for s in summaries:
        unit = " %" if s.unit == "%" else " cycles"
        lines.append(f"| `{s.preset}` | {notes[s.preset]['title']} | {s.rows} | "
                     f"{100 * s.exact / s.rows:.1f} % | {number(s.mean)}{unit} | "
                     f"{number(s.largest)}{unit} |")
    return lines


def row_lines(preset, rows):
    """Rows with an error; how many there are of each kind."""
    counted = ", ".join(f"{count} {kind}" for kind, count in kinds(rows).items())
    wrong = [r for r in rows if abs(r.ours - r.reference) >= STEP]
    if not wrong:
        return [f"Rows: {counted}; all of them exact."]
    lines = [f"Rows: {counted}. Those that are not exact:", "",
             f"| row | kind | reference | ours | error, {unit_of(preset)} |",
             "|---|---|---|---|---|"]
    for r in wrong:
        flag = "" if r.counts else " (not counted)"
        lines.append(f"| {r.name}{flag} | {r.kind} | {number(r.reference)} | {number(r.ours)} | "
                     f"{error(r):+.1f} |")
    return lines


def section(preset, rows, notes):
    return ["", f"## `{preset}`: {notes['title']}",
            wrap(f"**Reference**: {notes['reference']}."), "",
            wrap(f"**Not modelled**: {not_modelled(preset, notes)}."), "",
            wrap(f"**Not checked**: {notes['not_checked']}."), ""] + row_lines(preset, rows)


INTRODUCTION = (
    """Made by `make fidelity-record` from what `make fidelity` measures; the suite fails when a
    figure here is no longer true.""",
    """A simulator can be no more accurate than what it has been held against, and what that is
    differs from preset to preset. None has been compared with a chip on a board, but for
    one loop: `bdnz` alone, whose speed Linux prints as BogoMIPS (`ppc750`, `ppc604`). Errors of
    `microwatt` and `power9` are shares of the reference's cycles; those of the others are cycles,
    because their references are places in a short example. *Pinned*: a document says so.
    *Inferred*: it follows from what a document says, or is one of several readings.""")


def write_text(rows, path):
    notes = configparser.ConfigParser(interpolation=None)
    notes.read(PRESETS)
    groups = by_preset(rows)
    lines = ["# How accurate is it"]
    for paragraph in INTRODUCTION:
        lines += [wrap(paragraph), ""]
    lines += [*overview([summary(p, g) for p, g in groups.items()], notes), "",
             f"![errors of all rows]({PICTURE})"]
    for preset, group in groups.items():
        lines += section(preset, group, notes[preset])
    lines += ["", "## Not checked"]
    for preset in notes.sections():
        if preset not in groups:
            text = notes[preset].get("rests_on") or "nothing yet"
            lines.append(wrap(f"- `{preset}`, {notes[preset]['title']}: {text}."))
    path.write_text("\n".join(lines) + "\n")


def write_page(rows, folder):
    """The page, its picture, and the table that the picture is made from."""
    folder.mkdir(parents=True, exist_ok=True)
    write_text(rows, folder / PAGE)
    table = folder / "fidelity.h5"
    write_hdf5(rows, table)
    subprocess.run([sys.executable, str(PLOT), str(table), "-o", str(folder / PICTURE)],
                   check=True)
    table.unlink()
