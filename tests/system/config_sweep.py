#!/usr/bin/env python3
"""Every key of `simrun explain` at its least and its greatest value, and odd machines made of
several, on a short program: the run must end well or be refused with a message. A hang, a signal,
a broken law or an assertion is a failure.

usage: config_sweep.py SIMRUN CONFIG PROGRAM [PART-OF-NAME]"""
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

SECONDS = 60
LIMIT = "20000"  # instructions: enough for most mechanisms to be met
ALLOWED = {0, 124, 125}  # ended by itself, by the limit, refused

# Blanks inside a value are written as commas.
MACHINES = """
l1i.present=no l1d.present=no l2.present=no
l1i.present=no
l1d.present=no
l2.present=no
l1d.present=no l2.present=no
l1i.mshrs=1 l1i.targets=1 l1d.mshrs=1 l1d.targets=1 l1d.write_buffer=1 l2.mshrs=1 l2.targets=1
core.fetch_queue=1 core.window=1 core.load_queue=1 core.store_buffer=1
core.fetch_queue=1 core.window=1 core.fetch_width=16 core.issue_width=8 core.retire_width=8
core.fetch_width=16 core.decode_cycles=32
core.window=64 core.load_queue=64 l1d.line=16 l1d.mshrs=256 l1d.targets=1024 core.data_accesses=8
l1i.line=16 l1d.line=16 l2.line=16 l1i.size=64 l1d.size=128 l2.size=128 core.fetch_bytes=16
l1d.write=through l1d.write_allocate=no l2.write=through l2.write_allocate=no
l2.inclusion=inclusive l2.size=512 l2.ways=1
l2.inclusion=inclusive l2.write=through l2.size=512 l2.ways=1 l2.write_buffer=1
l1d.line=4KiB
l1d.line=4KiB l2.line=4KiB
l1i.replacement=srrip l1d.replacement=ship l2.replacement=drrip
l2.replacement=drrip l2.size=512 l2.ways=8 l2.drrip_leaders=4096
l2.replacement=ship l2.rrip_bits=8 l2.ship_table_bits=1 l2.ship_counter_bits=8
l2.replacement=brrip l2.rrip_bits=1 l2.brrip_one_in=65536
l1i.prefetcher=next_line l1d.prefetcher=stride l2.prefetcher=best_offset
l1i.prefetcher=next_line l1d.prefetcher=next_line l1d.next_line_degree=16 l2.prefetcher=next_line
l1d.prefetcher=stream l1d.mshrs=1
l1d.prefetcher=stream l1d.mshrs=1 l1d.prefetch_reserve=0 l1d.prefetch_queue=1
l1d.prefetcher=stream l1d.stream_count=64 l1d.stream_degree=16 l2.prefetcher=spp l2.spp_depth=16
l1d.prefetcher=spp l1d.line=16 l2.prefetcher=spp l2.line=4KiB l2.prefetch_cross_page=yes
l1d.prefetcher=best_offset l1d.prefetch_window=1 l1d.prefetch_low=100 l1d.prefetch_high=100
l1d.prefetcher=best_offset l1d.prefetch_cross_page=yes l1d.best_offset_bad_score=0 l2.present=no
l1d.prefetcher=nosuch
l2.inclusion=exclusive
l2.inclusion=exclusive l2.size=512 l2.ways=8 l1d.size=512 l1i.size=512 l1d.prefetcher=stream
l2.inclusion=exclusive l1d.write=through
l1i.present=no l1d.present=no l2.size=128 l2.ways=1 l2.line=128 l2.targets=1 itlb.entries=1
l2.inclusion=exclusive l1d.write_allocate=no l1d.write_buffer=1 l2.write_buffer=1
core.clock=10GHz dram.latency=1ms
core.clock=1MHz dram.latency=1ps
dram.bandwidth=1
dram.bandwidth=1KiB
system.skip_idle=no
system.time=cycles
system.time=cycles sample.fast_forward=5000
sample.fast_forward=5000 sample.warmup=5000
sample.fast_forward=1M
sample.warmup=1M
sample.warmup=1 output.interval=1
system.max_instructions=1
system.max_instructions=1 sample.fast_forward=1
system.mode=functional
system.mode=functional sample.fast_forward=100 sample.warmup=100
core.bpred.direction=gshare core.bpred.gshare_entries=1 core.bpred.gshare_history=24
core.bpred.bimodal_entries=1 core.bpred.direction=bimodal
core.bpred.btb_entries=1 core.bpred.btb_ways=1
core.bpred.direction=bimodal core.bpred.bimodal_entries=3
core.units.pipes=
core.units.pipes=alu*0
core.units.pipes=alu*33
core.units.pipes=alu,alu
core.units.int=
core.units.int=alu
core.units.int=nosuch,1
core.units.int=alu,0
core.units.int=alu,1,0
core.units.int=alu,1001
core.units.int=alu,1,1,1
core.units.int=alu,1000,1000
core.units.load=lsu,1000,1000
l1d.size=0
l1d.size=-1
l1d.size=1e9
core.window=99999999999999999999
nosuch.key=1
core.nosuch=1
l3.size=1MiB
l3.size=1MiB l3.line=32
workload.stack_size=128KiB
itlb.entries=1 dtlb.entries=1 tlb.entries=1 tlb.ways=1 walker.walkers=1 walker.walk_cache=0
itlb.entries=1 dtlb.entries=1 walker.walk_level=l1d l1d.mshrs=1 walker.step_latency=0
itlb.entries=1 dtlb.entries=1 walker.walk_level=dram walker.step_latency=1000
tlb.entries=65536 tlb.latency=1000 walker.walkers=64 walker.walk_cache=1024 l1i.present=no
dtlb.entries=1 l1d.present=no l2.present=no system.skip_idle=no
walker.walkers=2
dram.model=ddr dram.page_policy=closed dram.scheduler=fcfs dram.read_queue=1 dram.write_queue=1
dram.model=ddr dram.page_policy=timeout dram.row_timeout=1 l1d.present=no l2.present=no
dram.model=ddr dram.standard=lpddr4-3200 dram.channels=4 dram.ranks=8 dram.mapping=ChRoBgBaRaCo
dram.model=ddr dram.standard=ddr5-4800 l2.line=4KiB l2.write=through system.skip_idle=no
dram.model=ddr dram.write_queue=1 dram.write_high=1 dram.write_low=0 l2.present=no l1d.write=through
dram.model=ddr dram.bus=1 dram.beats=1 dram.tburst=1 l1d.present=no l1i.present=no l2.present=no
dram.model=ddr dram.latency=80ns
dram.model=ddr dram.mapping=RoRaBaCo
dram.model=ddr dtlb.entries=1 itlb.entries=1 walker.walk_level=dram
""".strip().splitlines()

# Keys that mean something in some machines only.
NEEDS = {r"walker\.": "dtlb.entries=4", r"dram\.(?!model|latency|bandwidth)": "dram.model=ddr"}

# Texts of their own, files, and sections that need others.
# Files that do not exist; an older processor than the program was built for is a SIGILL; and a
# Linux program is no image for a bare machine.
SKIPPED = {"output.file", "output.retire_trace", "workload.program", "workload.input",
           "workload.cwd", "core.isa", "system.kind"}


def rows(simrun):
    """(section.key, allowed) of each row of `simrun explain`, by the columns of its head."""
    text = subprocess.run([simrun, "explain"], capture_output=True, text=True, check=True).stdout
    section, allowed, meaning = None, 0, 0
    for line in text.splitlines():
        head = re.match(r"\[(\S+)\]", line)
        if head:
            section = head.group(1)
        elif re.match(r"  key +type", line):
            allowed, meaning = line.index("allowed"), line.index("meaning")
        elif re.match(r"  \w+ +\S", line) and section and not line.rstrip().endswith(":"):
            yield f"{section}.{line.split()[0]}", line[allowed:meaning].strip()


def extremes(allowed):
    if "|" in allowed:
        return allowed.split("|")
    if ".." in allowed:
        return [v for v in allowed.split("..") if v]
    return ["0", "18446744073709551615", "", "x"]


def cases(simrun):
    yield from MACHINES
    for key, allowed in rows(simrun):
        needs = "".join(f"{words} " for part, words in NEEDS.items() if re.match(part, key))
        if key not in SKIPPED:
            for value in extremes(allowed):
                yield f"{needs}{key}={value}"


def failure(simrun, config, program, words):
    # The slowest memory is slower than the longest wait that is taken for none.
    command = [simrun, "-q", "-o", "none", "-s", "core.hang_cycles=0"]
    if "max_instructions" not in words:
        command += ["--max-insts", LIMIT]
    for word in words.split():
        command += ["-s", word.replace(",", " ")]
    try:
        done = subprocess.run([*command, config, "--", program], capture_output=True, text=True,
                              timeout=SECONDS, stdin=subprocess.DEVNULL, errors="replace")
    except subprocess.TimeoutExpired:
        return f"still runs after {SECONDS} s"
    said = done.stderr.strip()
    if done.returncode not in ALLOWED:
        return f"status {done.returncode}: {said[-400:]}"
    if done.returncode == 125 and not said.startswith("simrun: "):
        return f"refused with the words '{said[-400:]}'"
    return None


def main():
    simrun, config, program = sys.argv[1:4]
    wanted = [c for c in cases(simrun) if len(sys.argv) < 5 or sys.argv[4] in c]
    wrong = 0
    with ThreadPoolExecutor(2) as pool:
        verdicts = pool.map(lambda words: failure(simrun, config, program, words), wanted)
        for words, what in zip(wanted, verdicts):
            if what:
                wrong += 1
                print(f"{words}: {what}")
    print(f"{len(wanted)} machines, {wrong} failed")
    sys.exit(wrong != 0)


main()
