"""POWER9's tables beside llvm-mca's: steady-state cycles of short loop bodies.

Each block of tests/mca/blocks runs many times in a row inside a loop, all of it in the first-level
caches. Two lengths of the row and two numbers of turns make four runs, in whose second difference
neither the loop nor its start is left. tests/mca/README.md says which blocks llvm-mca itself gets
wrong."""
import csv
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from simresult import Result
from table import ROOT, Row

HERE = ROOT / "tests" / "mca"
COPIES, TURNS = (40, 120), (10, 40)
UNRELIABLE = {"ld_op_st", "ld_update", "mix_strlen", "daxpy1", "ddot1", "int_carry_chain",
              "real_sha256_0"}

PROLOGUE = """
    .globl _start
    .section .bss
    .balign 65536
buffer_a: .space 16384
buffer_b: .space 16384
one:      .space 8
    .text
_start:
    lis 30, buffer_a@ha
    addi 30, 30, buffer_a@l
    lis 29, buffer_b@ha
    addi 29, 29, buffer_b@l
    lis 0, 0x4000
    mtctr 0
    lis 0, 0x3ff0
    sldi 0, 0, 32
    std 0, 16376(30)
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24
    lfd \\n, 16376(30)
    .endr
    li 31, {turns}
    li 3, 1
    li 4, 0
    li 8, 0
{init}
    .balign 128
1:  mr 14, 30
    mr 15, 29
    li 16, 16
    li 17, 32
    li 18, 48
{before}
"""
EPILOGUE = """
    addic. 31, 31, -1
    bne 1b
    li 0, 234
    li 3, 0
    sc
"""
# A pointer that leads back to itself, for the blocks that follow one.
SELF = "    mr 3, 30\n    std 30, 0(30)\n"
INIT = {"ld_chase": SELF, "mix_listsum": SELF,
        "ld_chase_add": "    mr 3, 30\n    addi 0, 30, -8\n    std 0, 0(30)\n"}


def said(text, what):
    """The lines that a block's file has behind "# WHAT:"."""
    return re.findall(rf"^# {what}:(.*)$", text, re.M)


def body(block):
    """What is done at the start of each turn, and the block. Branches are as llvm-mca sees them,
    never taken: "# branch:" says what stands for one that would be."""
    text = (HERE / "blocks" / f"{block}.s").read_text()
    branch = (said(text, "branch") or [" bne 0,.+4"])[0]
    text = text.replace("bdnz 0", "bdz .+4")
    return "\n".join(said(text, "before")), re.sub(r"^\tb[a-z]+ \d,0$", branch, text, flags=re.M)


def cycles(options, block, copies, turns, folder):
    source, program, result = (folder / f"{block}-{copies}-{turns}.{end}"
                               for end in ("S", "elf", "h5"))
    before, text = body(block)
    source.write_text(PROLOGUE.format(turns=turns, init=INIT.get(block, ""), before=before)
                      + text * copies + EPILOGUE)
    subprocess.run(["powerpc64le-linux-gnu-gcc", "-nostdlib", "-static", "-mcpu=power9",
                    str(source), "-o", str(program)], check=True)
    subprocess.run([options.simrun, "-q", "--force", "-o", str(result), "-s", "output.interval=0",
                    str(ROOT / "configs" / "power9.ini"), "--", str(program)], check=True)
    with Result(str(result)) as r:
        return r.stats["core.cycles"]


def row_of(options, row, folder):
    block, theirs = row["block"], float(row["steady_cycles"])
    few, many = ([cycles(options, block, copies, turns, folder) for turns in TURNS]
                 for copies in COPIES)
    ours = ((many[1] - many[0]) - (few[1] - few[0])) / ((COPIES[1] - COPIES[0]) *
                                                        (TURNS[1] - TURNS[0]))
    return Row("power9", block, "llvm-mca", theirs, ours, block not in UNRELIABLE, "",
               row["description"])


def rows(options):
    with open(HERE / "power9.csv", newline="") as file:
        wanted = [r for r in csv.DictReader(file)
                  if not options.only or r["block"] in options.only]
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(options.jobs) as pool:
        return list(pool.map(lambda r: row_of(options, r, Path(name)), wanted))
