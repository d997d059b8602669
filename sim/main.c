/* simrun: command line, run control, exit status. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/advice.h"
#include "sim/base/log.h"
#include "sim/base/version.h"
#include "sim/build.h"
#include "sim/options.h"
#include "sim/progress.h"
#include "sim/record.h"
#include "sim/verbs.h"

/* Set by signal handlers, looked at by the machine between two cycles. */
static volatile sig_atomic_t attention, killed_by;

struct run {
    struct options options;
    char *default_output;
    struct section_row *sections;
    struct config *config;
    struct machine *machine;
    struct record *record;
    struct progress progress;
};

static void on_kill(int signal_number)
{
    killed_by = signal_number;
    attention = 1;
}

/* The second time the default action strikes: a run that does not end can always be ended. */
static void catch_kill(int signal_number)
{
    struct sigaction action = {.sa_handler = on_kill, .sa_flags = (int)SA_RESETHAND};
    sigaction(signal_number, &action, NULL);
}

static void hook_phase(void *owner, const char *name)
{
    struct run *run = owner;
    record_phase(run->record, name);
}

static void hook_interval(void *owner)
{
    struct run *run = owner;
    record_interval(run->record);
}

static void hook_retired(void *owner, const struct retirement *r)
{
    struct run *run = owner;
    record_retired(run->record, r);
}

static void hook_squashed(void *owner, const struct retirement *r)
{
    struct run *run = owner;
    record_squashed(run->record, r);
}

static void hook_attend(void *owner)
{
    struct run *run = owner;
    attention = 0;
    if (killed_by)
        machine_stop(run->machine);
    progress_show(&run->progress, machine_instructions(run->machine),
                  machine_cycles(run->machine));
}

/* "configs/power9.ini" gives "power9.h5" in the current directory. */
static char *default_output(const char *config)
{
    const char *base = strrchr(config, '/') ? strrchr(config, '/') + 1 : config;
    const char *dot = strrchr(base, '.');
    return xasprintf("%.*s.h5", dot && dot != base ? (int)(dot - base) : (int)strlen(base), base);
}

/* The likeliest mistakes: the program, or a result, in the place of the configuration. */
static bool refuse_binary(const char *path, struct err *e)
{
    char magic[4] = {0};
    FILE *file = fopen(path, "rb");
    size_t bytes = file ? fread(magic, 1, sizeof magic, file) : 0;
    if (file)
        fclose(file);
    if (bytes == sizeof magic && !memcmp(magic, "\x89HDF", sizeof magic))
        return err_set(e, "%s: is a result file, not a configuration; `simrun verify %s` runs it "
                          "again, its configuration is the text at /config/text", path, path);
    if (bytes < sizeof magic || memcmp(magic, "\177ELF", sizeof magic) != 0)
        return true;
    return err_set(e, "%s: is a program, not a configuration; usage: simrun [options] CONFIG.ini "
                      "-- PROGRAM [ARG...]", path);
}

/* The next likely one: a sweep in the place of a machine. */
static bool tell_sweep(const char *path, struct err *e)
{
    if (strstr(e->text, ": [sweep]: unknown section"))
        *e = (struct err){0};
    return err_set(e, "%s: is a sweep, not a configuration; usage: simrun sweep %s", path, path);
}

static bool load_config(struct run *run, struct err *e)
{
    run->sections = machine_sections();
    run->config = config_create(run->sections);
    if (!refuse_binary(run->options.config, e))
        return false;
    if (!config_load(run->config, run->options.config, e))
        return tell_sweep(run->options.config, e);
    for (char **s = run->options.overrides; *s; s++)
        if (!config_override(run->config, *s, e))
            return false;
    return true;
}

static bool open_record(struct run *run, int argc, char **argv, struct err *e)
{
    const struct output_keys *output = machine_output_keys(run->machine);
    const char *path = run->options.output;
    run->default_output = default_output(run->options.config);
    if (!path)
        path = *output->file ? output->file : run->default_output;
    struct record_setup setup = {.path = strcmp(path, "none") ? path : NULL,
                                 .force = run->options.force, .argc = argc, .argv = argv};
    run->record = record_create(&setup, e);
    return run->record && record_attach(run->record, run->machine, run->config, e);
}

static int exit_status(const struct run *run, enum machine_end end)
{
    switch (end) {
    case MACHINE_EXITED: return machine_exit_status(run->machine);
    case MACHINE_LIMIT: return EXIT_LIMIT;
    case MACHINE_HUNG: return EXIT_INTERNAL;
    default: return 128 + (int)killed_by;
    }
}

static int report_error(const struct err *e)
{
    log_line("%s", e->text);
    return e->status;
}

static void report_hang(const struct machine *m)
{
    char text[HANG_REPORT_ROOM + 200];
    machine_hang_report(m, text, sizeof text);
    log_line("the machine hangs: %s", text);
}

/* A guest whose console is the user's terminal has the screen to itself. */
static bool has_terminal(const struct machine *m)
{
    return machine_system_keys(m)->kind == KIND_FULL && isatty(STDIN_FILENO);
}

static int simulate(struct run *run, int argc, char **argv)
{
    struct err e = {0};
    struct machine_setup setup = {
        .arguments = run->options.arguments,
        .attention = &attention,
        .gdb_port = run->options.gdb_port,
        .hooks = {.phase = hook_phase, .interval = hook_interval, .attend = hook_attend,
                  .retired = hook_retired, .squashed = hook_squashed,
                  .owner = run},
    };
    if (!load_config(run, &e))
        return report_error(&e);
    setup.config = run->config;
    run->machine = machine_create(&setup, &e);
    if (!run->machine || !open_record(run, argc, argv, &e))
        return report_error(&e);
    advise(run->machine);
    catch_kill(SIGINT);
    catch_kill(SIGTERM);
    progress_start(&run->progress, run->options.quiet || has_terminal(run->machine),
                   machine_system_keys(run->machine)->max_instructions, &attention);
    enum machine_end end = machine_run(run->machine);
    progress_end(&run->progress);
    if (end == MACHINE_HUNG)
        report_hang(run->machine);
    bool ok = record_finish(run->record, end, &e);
    ok = machine_finish(run->machine, &e) && ok;
    if (!run->options.quiet)
        record_summary(run->record, stderr);
    return ok ? exit_status(run, end) : report_error(&e);
}

static int obey_options(struct run *run, int argc, char **argv)
{
    struct err e = {0};
    if (!options_parse(&run->options, argc, argv, &e))
        return report_error(&e);
    if (run->options.help) {
        fputs(options_help, stdout);
        return 0;
    }
    if (run->options.version) {
        printf("simrun %s, models %d\n", SIMRUN_VERSION, MODEL_VERSION);
        return 0;
    }
    return simulate(run, argc, argv);
}

int main(int argc, char **argv)
{
    struct run run = {0};
    int status;
    if (verb_run(argc, argv, &status))
        return status;
    status = obey_options(&run, argc, argv);
    if (run.record)
        record_destroy(run.record);
    machine_destroy(run.machine);
    if (run.config)
        config_destroy(run.config);
    free(run.sections);
    free(run.default_output);
    options_destroy(&run.options);
    return status;
}
