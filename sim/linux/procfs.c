#include "sim/linux/procfs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/isa/processor.h"
#include "sim/linux/internal.h"

#define HWCAP_ALTIVEC 0x10000000u

static void gen_cpuinfo(struct linux_process *l, FILE *out)
{
    const struct processor *p = l->config.processor;
    for (uint32_t n = 0; n < l->kernel->cores.count; n++) {
        fprintf(out, "processor\t: %u\ncpu\t\t: %s%s\nclock\t\t: 2000.000000MHz\n", n, p->name,
                p->hwcap & HWCAP_ALTIVEC ? ", altivec supported" : "");
        fprintf(out, "revision\t: %u.%u (pvr %04x %04x)\n\n", p->pvr >> 8 & 15, p->pvr & 255,
                p->pvr >> 16, p->pvr & 0xffff);
    }
    fprintf(out, "timebase\t: 512000000\nplatform\t: Simulated\n");
}

static void gen_maps(struct linux_process *l, FILE *out)
{
    uint64_t at = 0;
    for (const struct area *a; (a = process_area_at(l->process, at)); at = a->end) {
        fprintf(out, "%08" PRIx64 "-%08" PRIx64 " %c%c%cp %08" PRIx64 " 00:00 0 ", a->start, a->end,
                a->prot & AREA_READ ? 'r' : '-', a->prot & AREA_WRITE ? 'w' : '-',
                a->prot & AREA_EXEC ? 'x' : '-', a->source ? a->source_offset : 0);
        const char *name = a->name;
        /* The loader knows the program by its host path. */
        if (name && strcmp(name, l->exe->host_path) == 0)
            name = l->exe->name;
        fprintf(out, name ? "%23s%s\n" : "\n", "", name);
    }
}

static void gen_auxv(struct linux_process *l, FILE *out)
{
    struct wire w;
    wire_init(&w, l);
    for (uint32_t n = 0; n < l->exe->auxv_words; n++)
        wire_put_long(&w, l->exe->auxv[n]);
    fwrite(w.bytes, 1, w.used, out);
}

static void put_words(char **words, FILE *out)
{
    for (; *words; words++)
        fwrite(*words, 1, strlen(*words) + 1, out);
}

static void gen_cmdline(struct linux_process *l, FILE *out) { put_words(l->exe->argv, out); }
static void gen_environ(struct linux_process *l, FILE *out) { put_words(l->exe->envp, out); }
static void gen_comm(struct linux_process *l, const struct thread *t, FILE *out)
{
    (void)l;
    fprintf(out, "%s\n", t->name);
}

static uint64_t virtual_bytes(const struct linux_process *l)
{
    uint64_t at = 0, bytes = 0;
    for (const struct area *a; (a = process_area_at(l->process, at)); at = a->end)
        bytes += a->end - a->start;
    return bytes;
}

static const char *state_of(const struct linux_process *l, const struct thread *t)
{
    if (l->stopped)
        return "T (stopped)";
    return t->ended ? "Z (zombie)" : t->waiting ? "S (sleeping)" : "R (running)";
}

static uint32_t parent_of(const struct linux_process *l)
{
    return l->parent ? l->parent->pid : GUEST_PARENT;
}

static void gen_stat(struct linux_process *l, const struct thread *t, FILE *out)
{
    const uint64_t tick = NS_PER_SECOND / CLOCK_TICKS;
    fprintf(out, "%u (%s) %c %u %u %u 0 -1 4194304 %" PRIu64 " 0 0 0 %" PRIu64 " 0 %" PRIu64,
            t->tid, t->name, state_of(l, t)[0], parent_of(l), l->group, l->session,
            process_pages_touched(l->process), time_cpu_ns(l) / tick,
            l->children_cpu_ns / tick);
    fprintf(out, " 0 20 0 %u 0 ", l->threads_alive);
    fprintf(out, "%u %" PRIu64 " %" PRIu64 " 18446744073709551615 0 0 %" PRIu64
                 " 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
            (unsigned)(UPTIME_NS / NS_PER_SECOND * CLOCK_TICKS), virtual_bytes(l),
            phys_resident_bytes(l->mmu->phys) / process_page_bytes(l->process),
            l->space->stack_top);
}

static void gen_statm(struct linux_process *l, FILE *out)
{
    uint64_t page = process_page_bytes(l->process);
    fprintf(out, "%" PRIu64 " %" PRIu64 " 0 0 0 0 0\n", virtual_bytes(l) / page,
            phys_resident_bytes(l->mmu->phys) / page);
}

static void gen_status(struct linux_process *l, const struct thread *t, FILE *out)
{
    const struct workload_keys *k = l->config.keys;
    fprintf(out, "Name:\t%s\nUmask:\t%04o\nState:\t%s\nTgid:\t%u\nPid:\t%u\nPPid:\t%u\n",
            t->name, l->umask, state_of(l, t), l->pid, t->tid, parent_of(l));
    fprintf(out, "Uid:\t%u\t%u\t%u\t%u\nGid:\t%u\t%u\t%u\t%u\n", k->uid, k->uid, k->uid, k->uid,
            k->gid, k->gid, k->gid, k->gid);
    fprintf(out, "VmSize:\t%8" PRIu64 " kB\nVmRSS:\t%8" PRIu64 " kB\nThreads:\t%u\n",
            virtual_bytes(l) >> 10, phys_resident_bytes(l->mmu->phys) >> 10, l->threads_alive);
    fprintf(out, "SigPnd:\t%016" PRIx64 "\nSigBlk:\t%016" PRIx64 "\n", signals_pending(l),
            l->signals.blocked);
    fprintf(out, "Cpus_allowed:\t%" PRIx64 "\nMems_allowed:\t1\nMems_allowed_list:\t0\n",
            t->affinity & UINT64_MAX >> (64 - l->kernel->cores.count));
}

static void put_limit(FILE *out, uint64_t limit)
{
    if (limit == UINT64_MAX)
        fprintf(out, "%-20s ", "unlimited");
    else
        fprintf(out, "%-20" PRIu64 " ", limit);
}

static void gen_limits(struct linux_process *l, FILE *out)
{
    static const char *const names[RLIMITS][2] = {
        {"Max cpu time", "seconds"}, {"Max file size", "bytes"}, {"Max data size", "bytes"},
        {"Max stack size", "bytes"}, {"Max core file size", "bytes"},
        {"Max resident set", "bytes"}, {"Max processes", "processes"},
        {"Max open files", "files"}, {"Max locked memory", "bytes"},
        {"Max address space", "bytes"}, {"Max file locks", "locks"},
        {"Max pending signals", "signals"}, {"Max msgqueue size", "bytes"},
        {"Max nice priority", ""}, {"Max realtime priority", ""}, {"Max realtime timeout", "us"},
    };
    fprintf(out, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
    for (uint32_t n = 0; n < RLIMITS; n++) {
        fprintf(out, "%-25s ", names[n][0]);
        put_limit(out, l->limits[n].soft);
        put_limit(out, l->limits[n].hard);
        fprintf(out, "%-10s\n", names[n][1]);
    }
}

static void gen_vmstat(struct linux_process *l, FILE *out)
{
    uint64_t used = phys_resident_bytes(l->mmu->phys), page = process_page_bytes(l->process);
    uint64_t left = used < GUEST_RAM_BYTES ? GUEST_RAM_BYTES - used : 0;
    fprintf(out, "nr_free_pages %" PRIu64 "\npgpgin 0\npgpgout 0\npswpin 0\npswpout 0\npgfault %"
                 PRIu64 "\npgmajfault 0\noom_kill 0\n",
            left / page, process_pages_touched(l->process));
}

/* Another one whenever it is read. */
static void gen_uuid(struct linux_process *l, FILE *out)
{
    uint64_t a = rng_next(&l->kernel->rng), b = rng_next(&l->kernel->rng);
    fprintf(out, "%08x-%04x-4%03x-%04x-%012" PRIx64 "\n", (uint32_t)(a >> 32),
            (uint32_t)a >> 16, (uint32_t)a & 0xfff, (uint32_t)(b >> 48 & 0x3fff) | 0x8000,
            b & UINT64_C(0xffffffffffff));
}

static void gen_meminfo(struct linux_process *l, FILE *out)
{
    uint64_t used = phys_resident_bytes(l->mmu->phys) >> 10, total = GUEST_RAM_BYTES >> 10;
    uint64_t left = used < total ? total - used : 0;
    fprintf(out, "MemTotal:       %8" PRIu64 " kB\nMemFree:        %8" PRIu64 " kB\n"
                 "MemAvailable:   %8" PRIu64 " kB\nBuffers:               0 kB\n"
                 "Cached:                0 kB\nSwapTotal:             0 kB\n"
                 "SwapFree:              0 kB\n",
            total, left, left);
}

static void gen_uptime(struct linux_process *l, FILE *out)
{
    uint64_t ns = time_monotonic_ns(l);
    fprintf(out, "%" PRIu64 ".%02u 0.00\n", ns / NS_PER_SECOND,
            (unsigned)(ns % NS_PER_SECOND / 10000000));
}

static void gen_loadavg(struct linux_process *l, FILE *out)
{
    const struct threads *g = &l->kernel->threads;
    fprintf(out, "0.00 0.00 0.00 1/%u %u\n", g->alive, g->next_tid - 1);
}

/* The one node's: all memory, all processors. */
static void gen_node_memory(struct linux_process *l, FILE *out)
{
    uint64_t used = phys_resident_bytes(l->mmu->phys) >> 10, total = GUEST_RAM_BYTES >> 10;
    uint64_t left = used < total ? total - used : 0;
    fprintf(out, "Node 0 MemTotal:       %8" PRIu64 " kB\nNode 0 MemFree:        %8" PRIu64
                 " kB\nNode 0 MemUsed:        %8" PRIu64 " kB\n", total, left, total - left);
}

static void gen_node_cores(struct linux_process *l, FILE *out)
{
    fprintf(out, "%" PRIx64 "\n", UINT64_MAX >> (64 - l->kernel->cores.count));
}

/* Ticks of time: all in which something ran was the program's. */
static void gen_system_stat(struct linux_process *l, FILE *out)
{
    const uint64_t tick = NS_PER_SECOND / CLOCK_TICKS;
    uint64_t busy = time_now_ns(l) / tick, idle = l->kernel->slept_ns / tick;
    uint32_t cores = l->kernel->cores.count;
    fprintf(out, "cpu  %" PRIu64 " 0 0 %" PRIu64 " 0 0 0 0 0 0\n", busy * cores, idle * cores);
    for (uint32_t n = 0; n < cores; n++)
        fprintf(out, "cpu%u %" PRIu64 " 0 0 %" PRIu64 " 0 0 0 0 0 0\n", n, busy, idle);
    fprintf(out, "intr 0\nctxt 0\nbtime %" PRIu64 "\nprocesses %u\nprocs_running 1\n"
                 "procs_blocked 0\n",
            (time_real_ns(l) - time_monotonic_ns(l)) / NS_PER_SECOND,
            (unsigned)l->kernel->stats.processes);
}

static void gen_cores(struct linux_process *l, FILE *out)
{
    if (l->kernel->cores.count > 1)
        fprintf(out, "0-%u\n", l->kernel->cores.count - 1);
    else
        fprintf(out, "0\n");
}

/* The first of two numbers that /sys shows as a mask and as a list. */
static void gen_core_id(uint32_t number, uint32_t cores, FILE *out)
{
    (void)cores;
    fprintf(out, "%u\n", number);
}

static void gen_package(uint32_t number, uint32_t cores, FILE *out)
{
    (void)number, (void)cores;
    fprintf(out, "0\n");
}

static void gen_own_mask(uint32_t number, uint32_t cores, FILE *out)
{
    (void)cores;
    fprintf(out, "%" PRIx64 "\n", UINT64_C(1) << number);
}

static void gen_all_mask(uint32_t number, uint32_t cores, FILE *out)
{
    (void)number;
    fprintf(out, "%" PRIx64 "\n", UINT64_MAX >> (64 - cores));
}

static void gen_all_list(uint32_t number, uint32_t cores, FILE *out)
{
    (void)number;
    fprintf(out, cores > 1 ? "0-%u\n" : "%u\n", cores - 1);
}

#define PROC_FILES(X)                                                                              \
    X("/proc/cpuinfo", cpuinfo)                                                                    \
    X("/proc/vmstat", vmstat)                                                                      \
    X("/proc/self/limits", limits)                                                                 \
    X("/proc/sys/kernel/random/uuid", uuid)                                                        \
    X("/proc/meminfo", meminfo)                                                                    \
    X("/proc/uptime", uptime)                                                                      \
    X("/proc/loadavg", loadavg)                                                                    \
    X("/proc/self/maps", maps)                                                                     \
    X("/proc/self/auxv", auxv)                                                                     \
    X("/proc/self/cmdline", cmdline)                                                               \
    X("/proc/self/environ", environ)                                                               \
    X("/proc/stat", system_stat)                                                                   \
    X("/proc/self/statm", statm)                                                                   \
    X("/sys/devices/system/cpu/online", cores)                                                     \
    X("/sys/devices/system/cpu/possible", cores)                                                   \
    X("/sys/devices/system/cpu/present", cores)                                                    \
    X(NODE_DIR "/node0/cpumap", node_cores)                                                        \
    X(NODE_DIR "/node0/cpulist", cores)                                                            \
    X(NODE_DIR "/node0/meminfo", node_memory)

/* Those that tell of one thread; of a process, of its first. */
#define THREAD_FILES(X)                                                                            \
    X("/proc/self/comm", comm)                                                                     \
    X("/proc/self/stat", stat)                                                                     \
    X("/proc/self/status", status)

/* Every core is one processor, all of one package. */
#define CPU_FILES(X)                                                                               \
    X(CPU_DIR "/cpu0/topology/core_id", core_id)                                                   \
    X(CPU_DIR "/cpu0/topology/physical_package_id", package)                                       \
    X(CPU_DIR "/cpu0/topology/thread_siblings", own_mask)                                          \
    X(CPU_DIR "/cpu0/topology/thread_siblings_list", core_id)                                      \
    X(CPU_DIR "/cpu0/topology/core_siblings", all_mask)                                            \
    X(CPU_DIR "/cpu0/topology/core_siblings_list", all_list)

#define PROC_ROW(path, name) {path, gen_##name},
#define PATH_ROW(path, name) path,

static bool generate_of_thread(struct linux_process *l, const struct thread *t, const char *path,
                               FILE *out)
{
    static const struct {
        const char *path;
        void (*generate)(struct linux_process *l, const struct thread *t, FILE *out);
    } files[] = {THREAD_FILES(PROC_ROW)};
    for (uint32_t n = 0; n < ARRAY_LEN(files); n++)
        if (strcmp(files[n].path, path) == 0) {
            files[n].generate(l, t ? t : l->leader, out);
            return true;
        }
    return false;
}

static bool generate_of_cpu(const struct linux_process *l, const char *path, FILE *out)
{
    static const struct {
        const char *path;
        void (*generate)(uint32_t number, uint32_t cores, FILE *out);
    } files[] = {CPU_FILES(PROC_ROW)};
    char first[256];
    if (strlen(path) >= sizeof first)
        return false;
    strcpy(first, path);
    uint32_t number = procfs_cpu(first);
    for (uint32_t n = 0; n < ARRAY_LEN(files) && number < l->kernel->cores.count; n++)
        if (strcmp(files[n].path, first) == 0) {
            files[n].generate(number, l->kernel->cores.count, out);
            return true;
        }
    return false;
}

/* Always the same. */
static bool generate_text(const char *path, FILE *out)
{
    static const struct {
        const char *path, *text;
    } files[] = {
#define TEXT(path, text) {path, text},
#include "sim/linux/proc_text.def"
#undef TEXT
    };
    for (uint32_t n = 0; n < ARRAY_LEN(files); n++)
        if (strcmp(files[n].path, path) == 0) {
            fputs(files[n].text, out);
            return true;
        }
    return false;
}

bool procfs_generate(struct linux_process *l, const struct thread *t, const char *path, FILE *out)
{
    static const struct {
        const char *path;
        void (*generate)(struct linux_process *l, FILE *out);
    } files[] = {PROC_FILES(PROC_ROW)};
    for (uint32_t n = 0; n < ARRAY_LEN(files); n++)
        if (strcmp(files[n].path, path) == 0) {
            files[n].generate(l, out);
            return true;
        }
    return generate_text(path, out) || generate_of_thread(l, t, path, out) ||
           generate_of_cpu(l, path, out);
}

const char *procfs_file(uint32_t n)
{
    static const char *const paths[] = {
        PROC_FILES(PATH_ROW) THREAD_FILES(PATH_ROW) CPU_FILES(PATH_ROW)
#define TEXT(path, text) path,
#include "sim/linux/proc_text.def"
#undef TEXT
    };
    return n < ARRAY_LEN(paths) ? paths[n] : NULL;
}

uint32_t procfs_cpu(char *path)
{
    const size_t prefix = strlen(CPU_DIR "/cpu");
    char *end = path;
    unsigned long number = 0;
    if (strncmp(path, CPU_DIR "/cpu", prefix) == 0 && path[prefix] >= '0' && path[prefix] <= '9')
        number = strtoul(path + prefix, &end, 10);
    if (end == path || (*end && *end != '/'))
        return 0;
    path[prefix] = '0';
    memmove(path + prefix + 1, end, strlen(end) + 1);
    return number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
}

#undef PROC_ROW
#undef PATH_ROW
