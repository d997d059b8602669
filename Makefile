# No recursion. `make` builds the two programs and the bundled guest programs; the rules of the
# tests stand in tests/rules.mk.
BUILD   ?= build
CC      := gcc
PYTHON  ?= /usr/bin/python3
GUEST_CC ?= powerpc64le-linux-gnu-gcc
OPT     ?= -O2 -g
SAN     ?=
Q       := $(if $(V),,@)
PKGS    := hdf5 gsl inih libelf libdw libmd zlib
# For the processor that compiles, in what any of its kind understands: 1 to 2 % faster.
TUNE    := $(shell $(CC) -mtune=native -E -x c /dev/null >/dev/null 2>&1 && echo -mtune=native)
# Two neighbouring members written as one vector are waited for by whoever reads one of them soon:
# without that the timing cores are 2 to 5 % faster.
CFLAGS  := -std=c17 -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
           -Wconversion -Werror $(OPT) $(TUNE) -fno-tree-slp-vectorize -fno-lto $(SAN)
# What runs every cycle is optimised as one piece when simrun is linked: base.ini 3 %, ooo4.ini 8 %
# faster. Its objects hold code of their own as well, for the tests, which link in no time.
LTO     ?= $(if $(SAN)$(filter-out gcc,$(CC)),,-flto=auto -ffat-lto-objects)
HOT     := sim/engine sim/exec models/pipeline models/cache
CPPFLAGS := -D_GNU_SOURCE -I. -I$(BUILD) $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
# Debian's shared HDF5 brings 30 libraries along (curl, Kerberos ...). To load them takes as long as
# a million guest instructions; the archive, where there is one, needs none of them.
HDF5    := $(shell pkg-config --libs-only-L hdf5 2>/dev/null)
HDF5    := $(wildcard $(HDF5:-L%=%/libhdf5.a))
LINKED  := $(if $(HDF5),$(filter-out hdf5,$(PKGS)),$(PKGS))
LDLIBS  := $(if $(HDF5),$(HDF5:.a=_hl.a) $(HDF5) -lsz -laec -ldl,-lhdf5_hl) \
           $(shell pkg-config --libs $(LINKED) 2>/dev/null) -lfdt -lm
# simrun takes archives of others as well, where there are any, and has a fixed address: libraries
# to load and addresses to relocate are paid for at every start, 1 ms of 3.
ARCHIVED := -lsz -laec -lgsl -lgslcblas -linih -ldw -lelf -lmd -lz -lfdt
archive   = $(filter /%,$(shell $(CC) -print-file-name=$(1:-l%=lib%.a)))
archived  = $(or $(and $(filter $(1),$(ARCHIVED)),$(call archive,$(1))),$(1))

LIB_SRC  := $(filter-out sim/main.c,$(wildcard $(foreach top,sim sim/* sim/*/* models/* models/*/*,\
                $(top)/*.c)))
STAT_SRC := $(wildcard analysis/*.c)
TEST_SRC := $(shell find tests -name '*_test.c' 2>/dev/null)
LIB      := $(BUILD)/libsim.a
TESTS    := $(TEST_SRC:%.c=$(BUILD)/%)
obj       = $(patsubst %.c,$(BUILD)/%.o,$(1))

# An included file that is made anew makes make start over: packages come before the flags that ask
# for them.
ifneq ($(filter run test,$(MAKECMDGOALS)),)
include $(BUILD)/deps.mk
$(BUILD)/deps.mk: tests/deps.sh
	@mkdir -p $(@D)
	tests/deps.sh
	@touch $@
endif

all: $(BUILD)/simrun $(BUILD)/simstat workloads

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "CC $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

$(foreach dir,$(HOT),$(eval $(BUILD)/$(dir)/%.o: CFLAGS += $(LTO)))

# Rewritten only when the commit changes.
$(BUILD)/git_commit.h: FORCE
	@mkdir -p $(@D)
	@commit=$$(git describe --always --dirty 2>/dev/null || echo unknown); \
	    echo "#define GIT_COMMIT \"$$commit\"" >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
FORCE:
$(BUILD)/sim/record_write.o: $(BUILD)/git_commit.h

$(LIB): $(call obj,$(LIB_SRC))
	@rm -f $@
	@echo "AR $@"
	$(Q)ar rcs $@ $^

$(BUILD)/simrun: $(BUILD)/sim/main.o $(LIB) sim/schema/plugin.list
	@echo "LD $@"
	$(Q)$(CC) $(filter-out -fno-lto,$(CFLAGS)) $(LTO) $(filter %.o %.a,$^) -no-pie \
	    $(foreach l,$(LDLIBS),$(call archived,$l)) \
	    -Wl,--dynamic-list=sim/schema/plugin.list -o $@

$(BUILD)/analysis/report_page.o: analysis/report.css analysis/report.js

# The C++ runtime demangles; gcc itself needs it, without what C++ is written with.
$(BUILD)/simstat: $(call obj,$(STAT_SRC))
	@echo "LD $@"
	$(Q)$(CC) $(CFLAGS) $^ $(LDLIBS) -l:libstdc++.so.6 -o $@

# Guest programs: workloads/NAME, and for the tests NAME-O0, NAME-O3p9; see workloads/README.md.
WORKLOADS := $(notdir $(patsubst %/,%,$(wildcard workloads/*/)))

define workload # name, suffix, flags
$(BUILD)/workloads/$(1)$(2): workloads/$(1)/$(1).c workloads/workload.h
	@mkdir -p $$(@D)
	@echo "GUEST $$@"
	$(Q)$(GUEST_CC) -std=c17 $(3) -static -Wall -Wextra -Werror -I. $$< -lm -o $$@
endef
$(foreach w,$(WORKLOADS),$(eval $(call workload,$(w),,-O2)))
$(foreach w,$(WORKLOADS),$(eval $(call workload,$(w),-O0,-O0)))
$(foreach w,$(WORKLOADS),$(eval $(call workload,$(w),-O3p9,-O3 -mcpu=power9)))

workloads: $(foreach w,$(WORKLOADS),$(addprefix $(BUILD)/workloads/,$(w) $(w)-O0 $(w)-O3p9))

include tests/rules.mk

# The two commands of the README: each installs what is missing, builds, and does its job.
run: all
	$(BUILD)/simrun --force configs/quickstart.ini

# An unmodified operating system, with a shell.
boot: all
	configs/boot/fetch.sh $(BUILD)
	$(BUILD)/simrun -m functional -o none configs/boot/linux.ini

test: all $(TESTS) $(BUILD)/tests/isa/harness $(BUILD)/tests/system/run_functional
	tests/run.sh $(BUILD)

deps:
	tests/deps.sh

# House rules: includes, headers alone, sizes, words; see the table at the top of the script.
tidy:
	@$(PYTHON) tests/tidy.py $(CC) $(CPPFLAGS) $(CFLAGS)

clean:
	rm -rf $(BUILD)

help:
	@echo "make            build simrun, simstat and the bundled guest programs"
	@echo "make run        install what is missing, build, run a bundled program"
	@echo "make test       install what is missing, build, run the whole suite"
	@echo "make boot       fetch Debian's kernel for ppc64el and boot it to a shell"
	@echo "make deps       install the Debian packages that are missing"
	@echo "make unit       unit tests; test-isa, test-disasm, test-linux, test-system,"
	@echo "                test-debian, test-torture, test-slurm: the others"
	@echo "make test-fuzz  the fuzz targets, a fixed short run; make fuzz: with libFuzzer"
	@echo "make bench      host speed beside qemu-user"
	@echo "make figures    every figure of the documentation anew; make notebook: its outputs"
	@echo "make study      the sweep documented in configs/sweeps, with its figure"
	@echo "make bpred-table  mispredicts and storage of all branch predictors; make bench-bpred: speed"
	@echo "make mca        power9 against llvm-mca, block by block"
	@echo "make fidelity   the presets against their references: cycles, errors, traces;"
	@echo "                fidelity-record: accepts them and makes the page of them anew"
	@echo "make tidy       the house rules; make asan: tests under sanitizers; make clean"

.PHONY: all run boot test deps help FORCE workloads tidy clean
.SECONDARY:
# The system root of test-debian has files of that name as well.
-include $(shell find $(BUILD) -path '$(BUILD)/debian' -prune -o -name '*.d' -type f -print \
    2>/dev/null)
