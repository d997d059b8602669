# The rules of the tests; part of the Makefile at the top.
$(TESTS): $(BUILD)/%: $(BUILD)/%.o $(LIB)
	@echo "LD $@"
	$(Q)$(CC) $(CFLAGS) $(filter %.o,$^) $(LIB) $(LDLIBS) -lcmocka -o $@

$(BUILD)/tests/timing/kernels_test: $(BUILD)/tests/timing/bench.o
$(BUILD)/tests/timing/kernels_test: | $(BUILD)/tests/timing/kernels.elf

# Presets with 32-bit kernels of their own: ppcNNN_test.c and ppcNNN.S.
TIMING32 := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/timing/ppc*_test.c))
$(TIMING32): $(BUILD)/tests/timing/bench.o
$(TIMING32): %_test: | %.elf
$(BUILD)/tests/timing/ppc%.elf: tests/timing/ppc%.S tests/timing/latencies.inc \
    tests/timing/loops.inc
	@mkdir -p $(@D)
	powerpc-linux-gnu-gcc -I. -c $< -o $@

$(BUILD)/tests/timing/random_test: $(addprefix $(BUILD)/tests/timing/,bench.o random_program.o)

$(BUILD)/tests/unit/sim/exec/wrong_path_random_test: $(BUILD)/tests/timing/random_program.o

$(BUILD)/tests/timing/kernels.elf: $(wildcard tests/timing/kernels*.S)
	@mkdir -p $(@D)
	powerpc64le-linux-gnu-gcc -I. -c tests/timing/kernels.S -o $@

BPRED_OBJ := $(addprefix $(BUILD)/tests/bpred/,replay.o contestants.o)
$(BUILD)/tests/bpred/ordering_test: $(BPRED_OBJ) | workloads

# Measures the table of branch predictors anew; what they cost the host.
$(BUILD)/tests/bpred/table $(BUILD)/tests/bpred/speed: %: %.o $(BPRED_OBJ) $(LIB)
	@echo "LD $@"
	$(Q)$(CC) $(CFLAGS) $^ $(LDLIBS) -o $@

BPRED_README := models/pipeline/bpred/README.md
bpred-table: $(BUILD)/tests/bpred/table workloads
	sed '/^## Measured/q' $(BPRED_README) >$(BUILD)/bpred.md
	(echo; $<) >>$(BUILD)/bpred.md
	mv $(BUILD)/bpred.md $(BPRED_README)

bench-bpred: $(BUILD)/tests/bpred/speed workloads
	$<
.PHONY: bpred-table bench-bpred

# The pictures of models/cache/CACHES.md.
$(BUILD)/tests/memory/curves: %: %.o $(LIB)
	@echo "LD $@"
	$(Q)$(CC) $(CFLAGS) $^ $(LDLIBS) -o $@

PLOT_MEMORY := $(PYTHON) analysis/plot_memory.py
plots-memory: $(BUILD)/simrun $(BUILD)/tests/memory/curves workloads
	$(PLOT_MEMORY) load $(BUILD)/tests/memory/curves -o models/cache/load.png
	$(PLOT_MEMORY) chase $(BUILD) configs/base.ini --label base.ini \
	    --and $(BUILD) configs/ooo4.ini -s workload.page_size=4KiB \
	    --label "ooo4.ini, pages of 4 KiB" -o models/cache/chase.png
.PHONY: plots-memory

$(BUILD)/tests/unit/analysis/optimal_test: $(BUILD)/analysis/optimal.o
$(BUILD)/tests/unit/analysis/regression_test: $(BUILD)/analysis/regression.o
$(BUILD)/tests/unit/analysis/cluster_test: $(BUILD)/analysis/cluster.o

# Measures the tables of policies and prefetchers anew; ten minutes.
CACHE_README := models/cache/CACHES.md
cache-table: $(BUILD)/simrun $(BUILD)/simstat workloads
	sed '/^## Measured/q' $(CACHE_README) >$(BUILD)/cache.md
	(echo; $(PYTHON) tests/cache/table.py $(BUILD) configs/base.ini) >>$(BUILD)/cache.md
	mv $(BUILD)/cache.md $(CACHE_README)
.PHONY: cache-table

# Measures what sampled runs are worth anew; fifteen minutes.
SAMPLING_README := sim/SAMPLING.md
sampling-table: $(BUILD)/simrun $(BUILD)/simstat workloads
	sed '/^## Measured/q' $(SAMPLING_README) >$(BUILD)/sampling.md
	(echo; $(PYTHON) tests/sampling/table.py $(BUILD)) >>$(BUILD)/sampling.md
	mv $(BUILD)/sampling.md $(SAMPLING_README)
.PHONY: sampling-table

# The reference of the floating-point core; of tests only.
$(BUILD)/tests/unit/sim/isa/softfp_test: LDLIBS += -lmpfr -lgmp

unit: $(TESTS) $(BUILD)/simstat
	@for t in $(TESTS); do echo "== $$t"; $$t || exit 1; done

# The instruction harness, in both byte orders and on a 32-bit processor:
# make test-isa [ROWS="add subf"] [WORDS=200] [SEED=1]
ISA_OBJDUMP := 'powerpc64le-linux-gnu-objdump -D -z -b binary -m powerpc:common64 -EL -M power9'
ISA_MAIN := tests/isa/runner.c tests/isa/disasm_check.c
ISA_OBJ  := $(call obj,$(filter-out $(ISA_MAIN),$(wildcard tests/isa/*.c)))
WORDS    ?= 200
SEED     ?= 1
ISA_ARGS := -w $(WORDS) -s $(SEED) -r "$(ROWS)"

$(BUILD)/tests/isa/harness: $(ISA_OBJ) $(LIB)
	$(CC) $(CFLAGS) $^ -lm -o $@

$(BUILD)/tests/isa/runner-powerpc: tests/isa/runner.c tests/isa/run_case32.S tests/isa/block.h
	@mkdir -p $(@D)
	powerpc-linux-gnu-gcc -O1 -fno-stack-protector -Wall -Wextra -Werror -I. -static -no-pie \
	    -Wl,-Ttext-segment=0x01400000 $(filter %.c %.S,$^) -o $@

$(BUILD)/tests/isa/runner-%: tests/isa/runner.c tests/isa/run_case.S tests/isa/block.h
	@mkdir -p $(@D)
	$*-linux-gnu-gcc -O1 -mcpu=power9 -mno-vsx -mno-altivec -fno-stack-protector -Wall -Wextra \
	    -Werror -I. -static -no-pie -Wl,-Ttext-segment=0x01400000 $(filter %.c %.S,$^) -o $@

DISASM_SRC := $(addprefix tests/isa/,disasm_check.c gen_word.c rules.c values.c)
$(BUILD)/tests/isa/disasm_check: $(call obj,$(DISASM_SRC)) $(LIB)
	$(CC) $(CFLAGS) $^ -lm -o $@

test-disasm: $(BUILD)/tests/isa/disasm_check
	$< $(ISA_ARGS) $(BUILD)/tests/isa/words.bin $(ISA_OBJDUMP)

ISA_RUNNERS := runner-powerpc64le runner-powerpc64 runner-powerpc
test-isa: $(addprefix $(BUILD)/tests/isa/,harness $(ISA_RUNNERS))
	$< $(ISA_ARGS) qemu-ppc64le -cpu power9 $(BUILD)/tests/isa/runner-powerpc64le
	$< $(ISA_ARGS) -b qemu-ppc64 -cpu power9 $(BUILD)/tests/isa/runner-powerpc64
	$< $(ISA_ARGS) -b -3 qemu-ppc $(BUILD)/tests/isa/runner-powerpc
	$< $(ISA_ARGS) -b -4 qemu-ppc -cpu 440epb $(BUILD)/tests/isa/runner-powerpc
	$(if $(ROWS),,$< $(ISA_ARGS) -1 qemu-ppc64le -cpu power10 \
	    $(BUILD)/tests/isa/runner-powerpc64le)

# Linux programs in functional mode against qemu-user:
# `make test-linux [GUESTS="files signals"] [ABIS=powerpc]`.
$(BUILD)/tests/system/run_functional: $(BUILD)/tests/system/run_functional.o $(LIB)
	@echo "LD $@"
	$(Q)$(CC) $(CFLAGS) $^ $(LDLIBS) -o $@

# A guest lies in the folder of its ABI: $(BUILD)/guest/powerpc64/files.
ABIS     ?= powerpc64le powerpc64 powerpc
GUESTS   ?= $(notdir $(basename $(wildcard tests/system/guest/*.c)))
define guest # ABI, flags
$(BUILD)/guest/$(1)/%: tests/system/guest/%.c $(wildcard tests/system/guest/*.h)
	@mkdir -p $$(@D)
	$(1)-linux-gnu-gcc -O2 $(2) -Wall -Wextra -Werror -static $$< -o $$@
endef
$(foreach abi,$(ABIS),$(eval $(call guest,$(abi),$(if $(findstring 64,$(abi)),-mcpu=power9))))
LINUX_GUESTS := $(foreach abi,$(ABIS),$(GUESTS:%=$(BUILD)/guest/$(abi)/%))

test-linux: $(BUILD)/tests/system/run_functional $(LINUX_GUESTS)
	tests/system/compare.sh $(BUILD)/tests/system/run_functional $(LINUX_GUESTS)

# `make test-system [SCRIPTS="cli determinism"]`: simrun on whole programs, each check a line.
SCRIPTS ?= cli abis bare check gdb determinism config_sweep busybox workloads wrong_paths plugins \
    fidelity caches random_machines memory functions report
test-system: $(BUILD)/simrun $(BUILD)/tests/system/run_functional $(TIMING32) workloads
	@status=0; for s in $(SCRIPTS); do echo "== $$s"; \
	    BUILD=$(BUILD) tests/system/$$s.sh || status=1; done; exit $$status

# How close the presets come to their references, and the same as HDF5: tests/fidelity/fidelity.py
# --help; `make fidelity FIDELITY="--preset power9 --rows"`, `make fidelity FIDELITY=crc32`.
# fidelity-record accepts the errors as they are and makes the page tests/fidelity/README.md anew.
FIDELITY_RUN := $(PYTHON) tests/fidelity/fidelity.py --build $(BUILD)
fidelity: $(BUILD)/simrun $(TIMING32)
	$(FIDELITY_RUN) --output $(BUILD)/fidelity.h5 $(FIDELITY)

fidelity-record: $(BUILD)/simrun $(TIMING32)
	$(FIDELITY_RUN) --output $(BUILD)/fidelity.h5 --record --page tests/fidelity

# POWER9's tables beside llvm-mca's, all rows.
mca: $(BUILD)/simrun
	$(FIDELITY_RUN) --preset power9 --rows

# Debian's packages against qemu-user, all commands; tests/system/debian.sh alone runs a sample.
test-debian: $(BUILD)/simrun
	FULL=1 BUILD=$(BUILD) tests/system/debian.sh

# GCC's own execution tests:
# make test-torture [TARGET=ppc64le|ppc64|ppc] [OPTS="-O0 -O2 -O3p9"] [SAMPLE=N] [TIMING=200]
TARGET ?= ppc64le
OPTS   ?=
TIMING ?= 200
test-torture: $(BUILD)/simrun
	$(PYTHON) tests/torture.py $(BUILD) --target $(TARGET) --levels="$(OPTS)" \
	    --timing $(TIMING) $(SAMPLE:%=--sample %)

# Fuzz targets: a fixed short run in the suite, or libFuzzer under sanitizers for as long as wanted:
# make fuzz [FUZZ_SECONDS=600]
FUZZ         := $(patsubst %,$(BUILD)/tests/fuzz/%,decoder exec elf syscalls)
FUZZ_MAIN    ?= $(BUILD)/tests/fuzz/loop.o
FUZZ_LINK    ?=
FUZZ_SECONDS ?= 600
FUZZ_SAN     := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all

$(FUZZ): $(BUILD)/%: $(BUILD)/%.o $(FUZZ_MAIN) $(LIB)
	@echo "LD $@"
	$(Q)$(CC) $(CFLAGS) $(FUZZ_LINK) $(filter %.o,$^) $(LIB) $(LDLIBS) -lcmocka -o $@

$(BUILD)/tests/fuzz/seed.elf: tests/fuzz/seed.c
	@mkdir -p $(@D)
	$(Q)$(GUEST_CC) -O1 -nostdlib -static -Wl,-z,max-page-size=4096 $< -o $@

test-fuzz: $(FUZZ) $(BUILD)/tests/fuzz/seed.elf
	tests/fuzz/run.sh $(BUILD)/tests/fuzz $(BUILD)/tests/fuzz/seed.elf

# The warnings that the house rules mean are gcc's.
fuzz:
	$(MAKE) BUILD=$(BUILD)-fuzz CC=clang OPT="-O1 -g -w" \
	    SAN="$(FUZZ_SAN)" FUZZ_MAIN= FUZZ_LINK=-fsanitize=fuzzer fuzz-run

fuzz-run: $(FUZZ) $(BUILD)/tests/fuzz/seed.elf
	tests/fuzz/run.sh $(BUILD)/tests/fuzz $(BUILD)/tests/fuzz/seed.elf $(FUZZ_SECONDS)

bench: $(BUILD)/simrun workloads
	$(PYTHON) tests/bench.py $(BUILD)

# Through a real Slurm, started for the purpose.
test-slurm: $(BUILD)/simrun workloads
	BUILD=$(BUILD) tests/system/slurm.sh

# The documented study of configs/sweeps.
study: all
	$(BUILD)/simrun sweep configs/sweeps/l2.ini
	$(BUILD)/simstat sweep build/study/l2/sweep.h5
	$(PYTHON) analysis/plot_sweep.py build/study/l2/sweep.h5 --x size --by replacement \
	    -o $(BUILD)/study/l2.png

# Every figure of the documentation anew, but tests/fidelity's (make fidelity-record).
figures: all plots-memory study
	PYTHON=$(PYTHON) analysis/figures.sh $(BUILD)
	cp $(BUILD)/study/l2.png configs/sweeps/l2.png

# The notebook's cells run, its outputs stored; needs Debian's python3-nbconvert, python3-ipykernel.
notebook: all
	BUILD=$(BUILD) PYTHON=$(PYTHON) analysis/notebook.sh
.PHONY: figures notebook

# Everything built with sanitizers; of the system tests those that cover much in little time.
ASAN_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
asan:
	$(MAKE) BUILD=build-asan OPT="-O1 -g" SAN="$(ASAN_FLAGS)" asan-suite

asan-suite: unit $(BUILD)/simrun workloads
	BUILD=$(BUILD) tests/system/cli.sh
	BUILD=$(BUILD) tests/system/busybox.sh
	BUILD=$(BUILD) tests/system/workloads.sh calls

.PHONY: unit fidelity fidelity-record mca test-isa test-linux test-disasm test-system test-debian \
        test-torture test-fuzz fuzz fuzz-run bench test-slurm study asan asan-suite
