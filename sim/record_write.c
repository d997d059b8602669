/* The result file of a finished run: provenance, statistics by phase. */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "git_commit.h" /* generated: GIT_COMMIT */
#include "sim/base/version.h"
#include "sim/identity.h"
#include "sim/places.h"
#include "sim/points.h"
#include "sim/record_impl.h"
#include "sim/sites.h"
#include "sim/streams.h"

static void identify(struct record *r)
{
    struct identity i;
    struct err none = {0};
    identity_find(&i, r->config, machine_named_path(r->machine), machine_arguments(r->machine),
                  "", &none);
    result_identity(r->file, MODEL_VERSION, i.id);
    result_meta_text(r->file, "program_sha256", i.program, "SHA-256 of the program's file");
    result_meta_text(r->file, "config_sha256", i.config, "SHA-256 of the resolved configuration");
}

static void write_command_line(struct record *r)
{
    size_t bytes = 1;
    for (int n = 0; n < r->setup.argc; n++)
        bytes += strlen(r->setup.argv[n]) + 1;
    char *text = xcalloc(1, bytes);
    for (int n = 0; n < r->setup.argc; n++) {
        strcat(text, n ? " " : "");
        strcat(text, r->setup.argv[n]);
    }
    result_meta_text(r->file, "command_line", text, "command that made this file");
    free(text);
}

/* As they were when the run began: it has closed none of them. */
static void write_streams(struct record *r)
{
    result_meta_text(r->file, "stdin", stream_kind(STDIN_FILENO),
                     "kind of standard input, which the program can see: terminal, pipe, file");
    result_meta_text(r->file, "stdout", stream_kind(STDOUT_FILENO), "the same of its output");
}

static double host_mips(const struct record *r)
{
    return r->host_seconds > 0
               ? (double)machine_instructions(r->machine) / r->host_seconds / 1e6
               : 0;
}

static void write_meta(struct record *r)
{
    struct utsname host;
    struct rusage usage;
    char created[64];
    time_t now = time(NULL);
    uname(&host);
    getrusage(RUSAGE_SELF, &usage);
    strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
    identify(r);
    write_command_line(r);
    result_meta_text(r->file, "created", created, "when the run ended, UTC");
    result_meta_text(r->file, "version", SIMRUN_VERSION, "version of the simulator");
    result_meta_text(r->file, "git_commit", GIT_COMMIT, "commit the simulator was built from");
    result_meta_text(r->file, "compiler", __VERSION__, "compiler that built the simulator");
    write_streams(r);
    result_meta_text(r->file, "host", host.nodename, "machine that ran the simulator");
    result_meta_text(r->file, "host_machine", host.machine, "its architecture");
    char *directory = getcwd(NULL, 0);
    if (directory)
        result_meta_text(r->file, "directory", directory, "where relative names start");
    free(directory);
    result_meta_text(r->file, "program", machine_named_path(r->machine), "program simulated");
    result_meta_u64(r->file, "seed", machine_workload_keys(r->machine)->seed, "1",
                    "seed of all random choices");
    result_meta_u64(r->file, "exit_status", (uint64_t)machine_exit_status(r->machine), "1",
                    "the program's exit status, 128 + N when signal N ended it");
    uint64_t value;
    if (machine_result(r->machine, &value))
        result_meta_u64(r->file, "program_result", value, "1",
                        "doubleword that the program left at board.result_address");
    result_meta_f64(r->file, "host_seconds", r->host_seconds, "s", "wall time of the run");
    result_meta_f64(r->file, "host_mips", host_mips(r), "1e6/s",
                    "instructions simulated per second of host time");
    result_meta_u64(r->file, "peak_memory", (uint64_t)usage.ru_maxrss * 1024, "bytes",
                    "largest resident set of the simulator, guest's pages included");
}

static void write_points(struct record *r, const struct points *p)
{
    struct result_point *rows = xcalloc(p->count, sizeof *rows);
    for (uint32_t n = 0; n < p->count; n++)
        rows[n] = (struct result_point){xasprintf("point%u", n), p->row[n].first,
                                        p->row[n].instructions, p->row[n].weight};
    result_points(r->file, rows, p->count);
    for (uint32_t n = 0; n < p->count; n++)
        free((char *)(uintptr_t)rows[n].phase);
    free(rows);
}

static void write_stats(struct record *r)
{
    struct result_phase *phases = xcalloc(r->phase_count, sizeof *phases);
    struct result_hists *hists = xcalloc(r->phase_count, sizeof *hists);
    uint32_t cores = machine_core_count(r->machine);
    uint32_t *widths = xcalloc(cores, sizeof *widths);
    for (uint32_t n = 0; n < cores; n++) {
        const struct core *core = machine_core(r->machine, n);
        widths[n] = core->ops->width(core);
    }
    for (uint32_t n = 0; n < r->phase_count; n++) {
        const struct run_phase *p = &r->phases[n];
        phases[n] = (struct result_phase){
            .name = p->name, .start = p->start, .end = p->end,
            .start_instruction = p->start_instruction, .end_instruction = p->end_instruction,
            .start_cycle = p->start_cycle, .end_cycle = p->end_cycle};
        hists[n] = (struct result_hists){p->hists.start, p->hists.end};
    }
    result_stats(r->file, machine_stats(r->machine), phases, r->phase_count, cores,
                 widths);
    free(widths);
    result_hists(r->file, machine_stats(r->machine), hists, r->phase_count);
    if (machine_places(r->machine))
        places_write(machine_places(r->machine), r->file);
    if (machine_sites(r->machine))
        sites_write(machine_sites(r->machine), r->file);
    free(hists);
    free(phases);
}

void record_write(struct record *r)
{
    if (machine_points(r->machine))
        write_points(r, machine_points(r->machine));
    write_meta(r);
    write_stats(r);
}
