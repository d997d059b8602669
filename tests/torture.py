#!/usr/bin/env python3
"""GCC's own execution tests (gcc.c-torture/execute) on the simulator.

    tests/torture.py BUILD [--target ppc64le|ppc64|ppc] [--levels "O0 O2 O3p9"] [--sample N]
        [--timing N] [--match TEXT] [-v]

Every test is built static at every level. What builds and exits 0 under qemu must exit 0 under
`simrun -m functional` (or raise SIGILL, where the machine lacks something on purpose), and a fixed
sample of --timing tests also under `-m timing`, on both pipelines. --sample takes the same N builds
of the whole every time. Sources come from Debian's package gcc-12-source; they, the programs and
qemu's verdicts stay in BUILD/torture, so that a second run only runs simrun.
Exit status 1 after a failure; without the package nothing is tested, which is said loudly.
"""
import argparse
import concurrent.futures
import dataclasses
import hashlib
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "configs" / "base.ini"
PIPELINES = {"in order": CONFIG, "out of order": ROOT / "configs" / "ooo4.ini"}
# Compiler and qemu; qemu-ppc has 32-bit processors only, so that it fails most of -mcpu=power9.
TARGETS = {
    "ppc64le": ("powerpc64le-linux-gnu-gcc", ["qemu-ppc64le", "-cpu", "power9"]),
    "ppc64": ("powerpc64-linux-gnu-gcc", ["qemu-ppc64", "-cpu", "power9"]),
    "ppc": ("powerpc-linux-gnu-gcc", ["qemu-ppc"]),
}
PACKAGE = "gcc-12-source"
TESTSUITE = "gcc/testsuite/gcc.c-torture/execute"
LEVELS = {"O0": ["-O0"], "O1": ["-O1"], "O2": ["-O2"], "Os": ["-Os"],
          "O3p9": ["-O3", "-mcpu=power9"]}
DEFAULT_LEVELS = "O0 O2 O3p9"
# What the .exp files of the two subfolders add.
FOLDER_FLAGS = {
    "ieee": ["-fno-inline"],
    "builtins": ["-fno-tree-dse", "-fno-tree-loop-distribute-patterns", "-fno-tracer",
                 "-fno-ipa-ra", "-fno-inline-functions", "-Wl,--allow-multiple-definition"],
}
# Tests of what the simulated machine lacks on purpose: at levels at which the compiler has not
# found the result by itself they must die of exactly this.
ILLEGAL_INSTRUCTION = "132"  # as a shell reports SIGILL
LACKING = {"pr80692": "decimal floating point"}
BUILD_LIMIT, QEMU_LIMIT, SIMRUN_LIMIT, TIMING_LIMIT = 120, 60, 120, 600  # seconds
QEMU_PASSED, NO_BUILD = "0", "no build"


@dataclasses.dataclass(frozen=True)
class Job:
    """One test at one level for one target."""
    source: Path
    name: str  # below TESTSUITE, without .c
    level: str
    target: str

    def __str__(self):
        return f"{self.target} {self.level} {self.name}"

    def program(self, store):
        return store / self.target / self.level / self.name

    def rank(self):
        """Orders all jobs at random, yet the same way each time and whatever else is there."""
        return hashlib.sha256(str(self).encode()).hexdigest()


def skip(why):
    print(f"SKIPPED SKIPPED SKIPPED: {why}; nothing was tested")
    sys.exit(0)


def fetch_sources(store):
    """The folder of the tests, from the package if it is not there yet."""
    done = store / "sources"
    if not done.exists():
        with tempfile.TemporaryDirectory(dir=store) as scratch:
            archive = fetch_archive(Path(scratch))
            unpacked = Path(scratch, "unpacked")
            unpacked.mkdir()
            subprocess.run(["tar", "xf", archive, "-C", unpacked, "--strip-components=1",
                            "--wildcards", f"*/{TESTSUITE}/*"], check=True)
            unpacked.rename(done)
    return done / TESTSUITE


def fetch_archive(scratch):
    """GCC's tar archive: installed, or from the package that apt downloads."""
    installed = sorted(Path("/usr/src/gcc-12").glob("gcc-12*.tar.xz"))
    if installed:
        return installed[0]
    if not shutil.which("apt-get"):
        skip(f"there is no apt-get to fetch {PACKAGE} with")
    options = ["-qq", "-o", "APT::Sandbox::User="]
    got = subprocess.run(["apt-get", *options, "download", PACKAGE], cwd=scratch, timeout=600,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    packages = sorted(scratch.glob(f"{PACKAGE}_*.deb"))
    if got.returncode or not packages:
        skip(f"{PACKAGE} cannot be fetched ({got.stdout.strip() or 'no reason given'})")
    subprocess.run(["dpkg-deb", "-x", packages[0], scratch / "package"], check=True)
    return next(scratch.glob("package/usr/src/gcc-12/gcc-12*.tar.xz"))


def find_tests(folder):
    """{name: source}; the -lib.c files of builtins belong to the test of their name."""
    sources = [*folder.glob("*.c"), *folder.glob("ieee/*.c"), *folder.glob("builtins/*.c")]
    return {str(source.relative_to(folder).with_suffix("")): source
            for source in sources if not source.name.endswith("-lib.c")}


def stated_flags(source):
    """Flags of the dg-options lines that hold for us, and of an unconditional line in the .x."""
    flags = []
    for line in source.read_text(errors="replace").splitlines():
        found = re.search(r'dg-(?:additional-)?options\s+\{?\s*"([^"]*)"(.*)', line)
        if found and ("target" not in found[2] or "powerpc64" in found[2]):
            flags += found[1].split()
    script = source.with_suffix(".x")
    if script.exists():
        for found in re.finditer(r'^set additional_flags "?([^"\n]*)', script.read_text(), re.M):
            flags += found[1].split()
    return flags


def compile_command(job, program):
    folder = job.source.parent
    sources = [job.source]
    if folder.name == "builtins":
        sources += [job.source.with_name(job.source.stem + "-lib.c"), folder / "lib" / "main.c"]
    return [TARGETS[job.target][0], "-w", *LEVELS[job.level], *FOLDER_FLAGS.get(folder.name, []),
            *stated_flags(job.source), "-static", "-s", *map(str, sources), "-lm", "-o",
            str(program)]


def run(command, limit):
    """Exit status as text, and what it said; in a folder of its own, for tests that write files."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            done = subprocess.run(command, cwd=scratch, timeout=limit, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        except subprocess.TimeoutExpired:
            return f"no end in {limit} s", ""
    return str(done.returncode), done.stdout.decode(errors="replace")


def prepare(store, job):
    """The program and qemu's verdict on it; a program that qemu fails is not kept."""
    program = job.program(store)
    verdict = program.with_name(program.name + ".qemu")
    if not verdict.exists():
        program.parent.mkdir(parents=True, exist_ok=True)
        built, _ = run(compile_command(job, program), BUILD_LIMIT)
        qemu = TARGETS[job.target][1]
        status = run([*qemu, str(program)], QEMU_LIMIT)[0] if built == "0" else NO_BUILD
        if status != QEMU_PASSED:
            program.unlink(missing_ok=True)
        verdict.write_text(status)
    return program, verdict.read_text()


def simulate(simrun, program, mode, limit, config=CONFIG):
    """Nothing when the program ends as it should; otherwise why it is said not to."""
    command = [str(simrun), "-q", "-m", mode, "-o", "none", str(config), "--", str(program)]
    status, words = run(command, limit)
    last = words.strip().splitlines()[-1:] or [""]
    good = {"0"} | ({ILLEGAL_INSTRUCTION} if program.name in LACKING else set())
    return "" if status in good else f"{mode}: exit status {status}; {last[0]}"


class Report:
    """A line per job and mode in a file; failures also on stdout, where -v shows all."""

    def __init__(self, path, verbose):
        self.file = open(path, "w")
        self.verbose = verbose
        self.counts = dict.fromkeys(["passed", "FAILED", "not for us"], 0)

    def add(self, outcome, what, why=""):
        self.counts[outcome] += 1
        line = f"{outcome:10} {what}" + (f": {why}" if why else "")
        print(line, file=self.file, flush=True)
        if self.verbose or outcome == "FAILED":
            print(line, flush=True)


def each(pool, function, jobs):
    """(job, result) in the order in which they end."""
    futures = {pool.submit(function, job): job for job in jobs}
    for future in concurrent.futures.as_completed(futures):
        yield futures[future], future.result()


def run_all(store, simrun, jobs, timing, report):
    def functional(job):
        program, verdict = prepare(store, job)
        if verdict != QEMU_PASSED:
            return verdict, ""
        return verdict, simulate(simrun, program, "functional", SIMRUN_LIMIT)

    def timed(job):
        why = {name: simulate(simrun, job.program(store), "timing", TIMING_LIMIT, config)
               for name, config in PIPELINES.items()}
        return "; ".join(f"{name}: {words}" for name, words in why.items() if words)

    runnable = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for job, (verdict, why) in each(pool, functional, jobs):
            if verdict != QEMU_PASSED:
                report.add("not for us", job, f"qemu: {verdict}")
                continue
            runnable.append(job)
            report.add("FAILED" if why else "passed", job, why)
        for job, why in each(pool, timed, sorted(runnable, key=Job.rank)[:timing]):
            report.add("FAILED" if why else "passed", f"{job} (timing)", why)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=Path)
    parser.add_argument("--target", default="ppc64le", choices=TARGETS)
    parser.add_argument("--levels", default=DEFAULT_LEVELS, help=" ".join(LEVELS))
    parser.add_argument("--sample", type=int, help="only so many builds")
    parser.add_argument("--timing", type=int, default=200, help="builds also run in timing mode")
    parser.add_argument("--match", default="", help="only tests with this in their name")
    parser.add_argument("-v", "--verbose", action="store_true", help="a line for every test")
    args = parser.parse_args()
    levels = args.levels.replace("-", "").split() or DEFAULT_LEVELS.split()
    if unknown := set(levels) - set(LEVELS):
        parser.error(f"no such level: {' '.join(unknown)}; there are {' '.join(LEVELS)}")
    compiler, qemu = TARGETS[args.target]
    for tool in (compiler, qemu[0]):
        if not shutil.which(tool):
            skip(f"{tool} is not installed")

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # some tests abort, on purpose or under qemu
    store = args.build.resolve() / "torture"
    store.mkdir(parents=True, exist_ok=True)
    tests = find_tests(fetch_sources(store))
    jobs = [Job(source, name, level, args.target) for level in levels
            for name, source in tests.items() if args.match in name]
    jobs = sorted(jobs, key=Job.rank)[:args.sample]
    report = Report(store / "report.txt", args.verbose)
    run_all(store, args.build.resolve() / "simrun", jobs, args.timing, report)
    print(", ".join(f"{count} {outcome}" for outcome, count in report.counts.items()),
          f"(each in {store.relative_to(ROOT) if ROOT in store.parents else store}/report.txt)")
    return 1 if report.counts["FAILED"] or not report.counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
