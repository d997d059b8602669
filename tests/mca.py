#!/usr/bin/env python3
"""POWER9's tables beside llvm-mca's: steady-state cycles of short loop bodies.

    tests/mca.py [--simrun PATH] [--limit PERCENT]

Each block of tests/mca/blocks runs 100 times in a row inside a loop, whose own cost is thus below
one part in a hundred, all of it in the first-level caches. Exit status 1 when the mean absolute
difference over the reliable blocks is more than the limit (tests/mca/README.md says which are not).
"""
import argparse
import csv
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "tests" / "mca"
COPIES, SHORT, LONG = 100, 20, 60  # of the block in the loop; turns of the loop in two runs
UNRELIABLE = {"ld_op_st", "ld_update", "mix_strlen", "daxpy1", "ddot1", "int_carry_chain"}

sys.path.insert(0, str(ROOT / "analysis"))
from simresult import Result  # noqa: E402

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


def body(block):
    """Branches as llvm-mca sees them: never taken."""
    text = (HERE / "blocks" / f"{block}.s").read_text()
    text = text.replace("bdnz 0", "bdz .+4")
    return text.replace("bne 0,0", "beq 0,.+4" if block == "mix_listsum" else "bne 0,.+4")


def cycles(options, block, turns, folder):
    source, program, result = folder / "b.S", folder / "b", folder / "b.h5"
    source.write_text(PROLOGUE.format(turns=turns, init=INIT.get(block, "")) + body(block) * COPIES
                      + EPILOGUE)
    subprocess.run(["powerpc64le-linux-gnu-gcc", "-nostdlib", "-static", "-mcpu=power9",
                    str(source), "-o", str(program)], check=True)
    subprocess.run([options.simrun, "-q", "--force", "-o", str(result), "-s", "output.interval=0",
                    str(ROOT / "configs" / "power9.ini"), "--", str(program)], check=True)
    with Result(str(result)) as r:
        return r.stats["core.cycles"]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--simrun", default=str(ROOT / "build" / "simrun"))
    parser.add_argument("--limit", type=float, default=100, help="percent")
    options = parser.parse_args()
    errors = []
    with open(HERE / "power9.csv", newline="") as file, tempfile.TemporaryDirectory() as name:
        for row in csv.DictReader(file):
            block, theirs = row["block"], float(row["steady_cycles"])
            runs = [cycles(options, block, turns, Path(name)) for turns in (SHORT, LONG)]
            ours = (runs[1] - runs[0]) / ((LONG - SHORT) * COPIES)
            error = 100 * (ours / theirs - 1)
            if block not in UNRELIABLE:
                errors.append(abs(error))
            print(f"{block:22}{theirs:9.3f}{ours:9.3f}{error:+9.1f} %  {row['description']}"
                  f"{' (unreliable)' if block in UNRELIABLE else ''}")
    mean = sum(errors) / len(errors)
    print(f"power9: {len(errors)} blocks, mean absolute difference {mean:.1f} %, "
          f"largest {max(errors):.1f} %")
    sys.exit(mean > options.limit)


if __name__ == "__main__":
    main()
