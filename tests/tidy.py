#!/usr/bin/env python3
"""House rules that a compiler does not check: who may include whom, headers that compile alone,
guards, sizes, forbidden words, plug-in lists that match their folder.

    tests/tidy.py COMPILER FLAGS...      (the compiler that every header is given to; `make tidy`)

Prints file:line: message, warnings marked so, and the counts; exit status 1 after an error.
"""
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent

# Dependencies point one way. A folder may include itself, sim/base and what its row names, be that
# a folder or a header; a folder without a row takes the one above it. A row for a single header is
# complete. The files directly in sim/ wire the simulator together.
ANYTHING = None
BASE = "sim/base"
MAY_INCLUDE = {
    "sim/base": [],
    "sim/schema": [],
    "sim/engine": [],
    "sim/mem": ["sim/schema"],
    "sim/isa": ["sim/mem"],
    "sim/loader": ["sim/schema", "sim/mem", "sim/isa"],
    "sim/exec": ["sim/schema", "sim/mem", "sim/isa"],
    "sim/gdb": ["sim/schema", "sim/mem", "sim/isa", "sim/exec"],
    "sim/linux": ["sim/schema", "sim/mem", "sim/isa", "sim/exec"],
    "sim/platform": ["sim/schema", "sim/engine", "sim/mem", "sim/isa", "sim/exec"],
    "models/cache": ["sim/schema", "sim/engine"],
    "models/pipeline": ["sim/schema", "sim/engine", "sim/isa", "sim/exec/op.h", "sim/exec/quick.h",
                        "models/cache/port.h"],
    "sim/out": ["sim/schema", "sim/exec/op.h"],
    "sim/out/layout.h": ["sim/out/summary.h"],
    "sim/out/seal.h": [],
    "sim/out/summary.h": ["sim/out/summary_rows.h"],
    "sim/out/summary_rows.h": [],
    "sim/sweep": ["sim/schema"],
    "analysis": ["sim/out/layout.h", "sim/out/seal.h"],
    "workloads": [],
    "sim": ANYTHING,
    "tests": ANYTHING,
}
NO_BASE = ("analysis", "workloads")  # these are no part of the simulator
HDF5_FOLDERS = ("sim/out", "analysis", "tests")

# Kind of file: what is measured, lines that earn a warning, lines that are an error.
SIZES = {".c": ("file", 400, 700), ".h": ("header", 150, 700), "Makefile": ("file", 150, 250)}
FUNCTION_WARNING, FUNCTION_ERROR = 40, 60
COLUMNS = 100

C_CODE = (".c", ".h", ".def")
CODE = (".c", ".h", ".S", ".py", ".sh", ".ini", "Makefile")
TEXT = CODE + (".def", ".md", ".txt", ".sed", ".expected", ".clang-format", ".yml")

# Where homes and this checkout lie may not be written down anywhere.
COMMON_FOLDERS = ("usr", "tmp", "var", "opt", "srv", "etc")
MACHINE_PATHS = ["home", "root", "Users"] + [p for p in ROOT.parts[1:2] if p not in COMMON_FOLDERS]

# Kinds of file, pattern, message. C code is searched without comments and strings in CODE_WORDS.
WORDS = [
    (TEXT, r"[ \t]+$", "blanks at the end of the line"),
    (C_CODE, r"\t", "tab"),
    (TEXT, r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b", "unfinished work"),
    (TEXT, r"(?<![\w.$)}*])/(%s)/" % "|".join(MACHINE_PATHS), "path of one machine"),
    (TEXT, r"\b[\w-]+\.(internal|intranet|corp)\b", "name of a host"),
    (TEXT, r"\b(10|192\.168|172\.(1[6-9]|2\d|3[01]))(\.\d{1,3}){2,3}:\d+", "address of a host"),
]
CODE_WORDS = [
    (r"\btypedef\s+(struct|union)\b[^(]*$", "typedef of a struct"),
    (r"\b(struct|union|enum)\s+\w+_t\s*\{", "type called _t"),
    (r"\btypedef\b.*\b\w+_t\s*(\[.*\])?;", "type called _t"),
]

# Rules set aside, file by file: (file, word of the message) and the reason. One that no longer
# sets anything aside is an error.
EXEMPT = {
    ("sim/record_write.c", "git_commit.h"): "written by the Makefile, so not in the tree",
}

findings = []  # (file, line, kind, message)
exemptions_used = set()


def report(file, line, message, kind="error"):
    for exempt, word in EXEMPT:
        if exempt == str(file) and word in message:
            exemptions_used.add((exempt, word))
            return
    findings.append((str(file), line, kind, message))


def is_kind(file, kinds):
    return file.suffix in kinds or file.name in kinds


def tracked_files():
    """Also of a tree that is no git checkout: everything but build folders, hidden ones, and the
    sources of measured programs, which stay as they were measured."""
    for path in sorted(ROOT.rglob("*")):
        file = PurePosixPath(path.relative_to(ROOT).as_posix())
        built = re.match(r"(build\b|\.git/|.*__pycache__/|tests/rtl/src/)", str(file))
        if not built and path.is_file() and is_kind(file, TEXT):
            yield file


def plain_code(text):
    """Comments, strings and preprocessor lines blanked out, line numbers kept."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match[0])
    text = re.sub(r'/\*.*?\*/|//[^\n]*|"(\\.|[^"\\\n])*"|\'(\\.|[^\'\\\n])+\'', blank, text,
                  flags=re.S)
    return re.sub(r"^[ \t]*#([^\n]*\\\n)*[^\n]*", blank, text, flags=re.M)


def includes(text):
    """(line number, name, is system header) of every #include."""
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if found:
            yield number, found[2], found[1] == "<"


def within(file, places):
    return any(str(file) == place or str(file).startswith(place + "/") for place in places)


def row_of(file):
    """(folder or file that has the row, what it may include). Folders in sim/ have their own."""
    for key in [file, *file.parents]:
        if str(key) == "sim" and str(file.parent) != "sim":
            break
        if str(key) in MAY_INCLUDE:
            return str(key), MAY_INCLUDE[str(key)]
    return None, []


def check_includes(file, text):
    key, allowed = row_of(file)
    if key is None:
        report(file, 1, "its folder has no row in MAY_INCLUDE")
        return
    own = [] if key == str(file) else [key] + ([] if key in NO_BASE else [BASE])
    for line, name, system in includes(text):
        if system:
            if re.match(r"hdf5|H5", name) and not within(file, HDF5_FOLDERS):
                report(file, line, "%s outside %s" % (name, ", ".join(HDF5_FOLDERS)))
        elif not (ROOT / name).is_file() and not (ROOT / file.parent / name).is_file():
            report(file, line, "includes %s, which is not in the tree" % name)
        elif allowed is not ANYTHING and not within(name, own + allowed):
            report(file, line, "%s may not include %s" % (key, name))


def check_own_header_first(file, text):
    own = str(file.with_suffix(".h"))
    first = next(includes(text), (1, own, False))
    if (ROOT / own).is_file() and first[1] != own:
        report(file, first[0], "its own header comes first")


def check_guard(file, text):
    guard = re.sub(r"\W", "_", str(file)).upper()
    found = re.search(r"^#ifndef (\w+)\n#define (\w+)\n", text, re.M)
    if not found or {found[1], found[2]} != {guard}:
        report(file, 1, "the guard is not %s" % guard)


def check_compiles_alone(file, command):
    # From standard input, so that the compiler takes it for a header: unused constants are fine.
    source = '#include "%s"\nextern int not_empty;\n' % file
    done = subprocess.run([*command, "-fsyntax-only", "-x", "c", "-"], input=source, cwd=ROOT,
                          capture_output=True, text=True)
    if done.returncode:
        first = next((l for l in done.stderr.splitlines() if "error:" in l), done.stderr)
        report(file, 1, "does not compile alone: " + first)


def functions(code):
    """(line, number of lines) of every function with its head, in code from plain_code()."""
    shape = r"^\w(?:[^;{}\n]+\n)*[^;{}\n]*\)\s*\{[ \t]*\n.*?^\}"
    for found in re.finditer(shape, code, re.M | re.S):
        yield code.count("\n", 0, found.start()) + 1, found[0].count("\n") + 1


def check_sizes(file, text, code):
    lines = text.count("\n")
    what, warning, error = SIZES.get(file.suffix or file.name, ("", lines, lines))
    if lines > warning:
        report(file, 1, "%s of %d lines, %d are meant to do" % (what, lines, warning),
               "error" if lines > error else "warning")
    for line, length in functions(code):
        if length > FUNCTION_WARNING:
            report(file, line, "function of %d lines, %d are meant to do" %
                   (length, FUNCTION_WARNING), "error" if length > FUNCTION_ERROR else "warning")


def check_lines(file, text, code):
    for number, line in enumerate(text.splitlines(), 1):
        if is_kind(file, CODE) and len(line) > COLUMNS:
            report(file, number, "%d columns, more than %d" % (len(line), COLUMNS))
        for kinds, pattern, message in WORDS:
            if is_kind(file, kinds) and re.search(pattern, line):
                report(file, number, message)
    for number, line in enumerate(code.splitlines(), 1):
        for pattern, message in CODE_WORDS:
            if re.search(pattern, line):
                report(file, number, message)


def check_plug_ins(file, text):
    """A list called after its folder has one row ROW(name) for each name.c that exports the
    operations <folder>_<name>, and no other."""
    folder = file.parent
    rows = dict((m[1], text[:m.start()].count("\n") + 1)
                for m in re.finditer(r"^%s\((\w+)\)" % folder.name.upper(), text, re.M))
    exported = set()
    for path in (ROOT / folder).glob("*.c"):
        if re.search(r"^const struct \w+ %s_%s = " % (folder.name, path.stem), path.read_text(),
                     re.M):
            exported.add(path.stem)
    for name in sorted(rows.keys() - exported):
        report(file, rows[name], "%s.c does not export %s_%s" % (name, folder.name, name))
    for name in sorted(exported - rows.keys()):
        report(folder / (name + ".c"), 1, "no row in %s" % file)


def check_workloads():
    for folder in sorted(p for p in (ROOT / "workloads").iterdir() if p.is_dir()):
        for name in ("README.md", "expected.txt", folder.name + ".c"):
            if not (folder / name).is_file():
                report(folder.relative_to(ROOT).as_posix(), 1, "has no " + name)


def check_file(file, command):
    text = (ROOT / file).read_text()
    code = plain_code(text) if is_kind(file, (".c", ".h")) else ""
    check_lines(file, text, code)
    check_sizes(file, text, code)
    if is_kind(file, C_CODE + (".S",)):
        check_includes(file, text)
    if file.suffix == ".c":
        check_own_header_first(file, text)
    if file.suffix == ".h":
        check_guard(file, text)
        check_compiles_alone(file, command)
    if file.suffix == ".def" and file.stem == file.parent.name:
        check_plug_ins(file, text)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for file in tracked_files():
        check_file(file, sys.argv[1:])
    check_workloads()
    for file, word in sorted(EXEMPT.keys() - exemptions_used):
        report("tests/tidy.py", 1, "the exemption of %s (%s) exempts nothing" % (file, word))
    for file, line, kind, message in sorted(findings):
        print("%s:%d: %s%s" % (file, line, "" if kind == "error" else kind + ": ", message))
    errors = sum(kind == "error" for _, _, kind, _ in findings)
    print("%d errors, %d warnings" % (errors, len(findings) - errors))
    sys.exit(1 if errors else 0)


main()
