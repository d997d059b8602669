#include "sim/verify.h"

#include <errno.h>
#include <inttypes.h>
#include <sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/log.h"
#include "sim/out/h5_read.h"
#include "sim/out/seal.h"
#include "sim/streams.h"

enum { DIFFERENT = 1, LIST_MAX = 20 };

static const char usage[] = "usage: simrun verify RESULT.h5";

struct verification {
    const char *path;
    char *config, *result; /* of the second run; removed at the end */
    char *input, *output;  /* kinds of the first run's streams */
    char *directory;       /* of the first run; NULL: not known, or of no use */
};

/* A file that does not say it was made where the streams were devices: by a sweep, most likely. */
static char *read_kind(const struct verification *v, const char *name)
{
    char *kind = result_read_text(v->path, name);
    return kind ? kind : xstrdup("device");
}

/* What came from there is nowhere in the result. */
static void tell_of_input(const struct verification *v)
{
    if (strcmp(v->input, "device") && strcmp(v->input, "none"))
        log_line("%s: its standard input was a %s, whose content is not kept: this run had an "
                 "empty one; workload.input names one that counts", v->path, v->input);
}

/* A run that was cut off by hand ends somewhere else the next time. */
static bool check_status(const struct verification *v, struct err *e)
{
    if (seal_check(v->path) == SEAL_BROKEN)
        return err_set(e, "%s: damaged: its bytes are not those that were written (checksum)",
                       v->path);
    char *status = result_read_status(v->path);
    bool ok = status && (!strcmp(status, "complete") || !strcmp(status, "limit"));
    if (!status && access(v->path, R_OK))
        err_set(e, "%s: %s", v->path, strerror(errno));
    else if (!status)
        err_set(e, "%s: cannot be read as a result file", v->path);
    else if (!ok)
        err_set(e, "%s: its status is %s; only a run that is complete or reached its limit can be "
                   "repeated", v->path, status);
    free(status);
    return ok;
}

/* A relative name is that of the directory of the first run, or of this one when all has moved. */
static char *find_program(struct verification *v)
{
    char *program = result_read_text(v->path, "/meta/program");
    if (!program || *program == '/' || !v->directory)
        return program;
    char *there = xasprintf("%s/%s", v->directory, program);
    bool has_moved = access(there, R_OK) && !access(program, R_OK);
    free(has_moved ? there : program);
    if (!has_moved)
        return there;
    free(v->directory);
    v->directory = NULL;
    return program;
}

static bool check_program(struct verification *v, struct err *e)
{
    char *program = find_program(v);
    char *before = result_read_text(v->path, "/meta/program_sha256");
    char now[SHA256_DIGEST_STRING_LENGTH] = "";
    bool ok = program && before;
    if (!ok)
        err_set(e, "%s: does not say which program was run", v->path);
    else if (!SHA256File(program, now))
        ok = err_set(e, "%s: the program %s cannot be read: %s", v->path, program, strerror(errno));
    else if (strcmp(now, before))
        ok = err_set(e, "%s: the program %s has changed since", v->path, program);
    free(program);
    free(before);
    return ok;
}

static bool write_config(const struct verification *v, struct err *e)
{
    char *text = result_read_text(v->path, "/config/text");
    if (!text)
        return err_set(e, "%s: has no configuration", v->path);
    FILE *f = fopen(v->config, "we");
    bool ok = f && fputs(text, f) >= 0;
    ok = f && !fclose(f) && ok;
    free(text);
    return ok || err_set(e, "%s: cannot be written: %s", v->config, strerror(errno));
}

/* The guest's output goes nowhere, though to a stream of the same kind, which it can see: the
 * counters are what is compared. */
static _Noreturn void become_run(const struct verification *v, char **arguments, uint32_t count)
{
    char **argv = xcalloc(count + UINT64_C(10), sizeof *argv);
    const char *const head[] = {"simrun", "-q", "-o", v->result, v->config};
    size_t n = 0;
    for (; n < ARRAY_LEN(head); n++)
        argv[n] = (char *)head[n];
    if (count)
        argv[n++] = (char *)"--";
    for (uint32_t a = 0; a < count; a++)
        argv[n++] = arguments[a];
    if (v->directory && chdir(v->directory)) /* a program may not care; else it will be told */
        log_line("%s: the directory of the run, %s: %s", v->path, v->directory, strerror(errno));
    if (!stream_imitate(STDIN_FILENO, v->input) || !stream_imitate(STDOUT_FILENO, v->output))
        _exit(EXIT_USER);
    execv("/proc/self/exe", argv);
    _exit(EXIT_USER);
}

static bool run_again(const struct verification *v, struct err *e)
{
    uint32_t count;
    int status = 0;
    char **arguments = result_read_texts(v->path, "/config/arguments", &count);
    pid_t pid = fork();
    if (pid == 0)
        become_run(v, arguments, count);
    bool ok = pid > 0 && waitpid(pid, &status, 0) == pid;
    result_free_texts(arguments, count);
    if (ok && WIFEXITED(status) && !access(v->result, R_OK))
        return true;
    return err_set(e, "%s: the second run ended without a result", v->path);
}

static int64_t find(char **names, uint32_t count, const char *name)
{
    for (uint32_t n = 0; n < count; n++)
        if (!strcmp(names[n], name))
            return n;
    return -1;
}

/* Differences of one phase; statistics that only one of them has count as such. */
static uint64_t compare_phase(const struct result_values *a, const struct result_values *b,
                              uint32_t pa, uint32_t pb, uint64_t found)
{
    for (uint32_t n = 0; n < a->stat_count; n++) {
        int64_t m = find(b->names, b->stat_count, a->names[n]);
        uint64_t was = a->values[(size_t)pa * a->stat_count + n];
        uint64_t is = m < 0 ? 0 : b->values[(size_t)pb * b->stat_count + (size_t)m];
        if (m >= 0 && was == is)
            continue;
        if (found++ >= LIST_MAX)
            continue;
        if (m < 0)
            log_line("%s: %s: is not counted any more", a->phases[pa], a->names[n]);
        else
            log_line("%s: %s: %" PRIu64 " was %" PRIu64, a->phases[pa], a->names[n], is, was);
    }
    return found;
}

static int compare(const struct verification *v, struct err *e)
{
    struct result_values a = {0}, b = {0};
    uint64_t found = 0, added = 0;
    bool ok = result_read_values(&a, v->path, e) && result_read_values(&b, v->result, e);
    for (uint32_t p = 0; ok && p < a.phase_count; p++) {
        int64_t q = find(b.phases, b.phase_count, a.phases[p]);
        if (q < 0)
            ok = err_set(e, "%s: the second run has no phase %s", v->path, a.phases[p]);
        else
            found = compare_phase(&a, &b, p, (uint32_t)q, found);
    }
    for (uint32_t n = 0; ok && n < b.stat_count; n++)
        added += find(a.names, a.stat_count, b.names[n]) < 0;
    if (ok && found)
        log_line("%s: %" PRIu64 " of %" PRIu64 " figures differ", v->path, found,
                 (uint64_t)a.stat_count * a.phase_count);
    else if (ok)
        log_line("%s: all %" PRIu64 " figures are equal", v->path,
                 (uint64_t)a.stat_count * a.phase_count);
    if (ok && found)
        tell_of_input(v);
    if (ok && added)
        log_line("%" PRIu64 " statistics are new since", added);
    result_free_values(&a);
    result_free_values(&b);
    return found ? DIFFERENT : 0;
}

int verify_main(int argc, char **argv, struct err *e)
{
    char folder[] = "/tmp/simrun-verify.XXXXXX";
    int status = 0;
    if (argc != 2 || *argv[1] == '-') {
        err_set(e, "%s", usage);
        return 0;
    }
    struct verification v = {.path = argv[1]};
    if (!check_status(&v, e))
        return 0;
    v.directory = result_read_text(v.path, "/meta/directory");
    if (!check_program(&v, e)) {
        free(v.directory);
        return 0;
    }
    if (!mkdtemp(folder)) {
        err_set(e, "%s: cannot be made: %s", folder, strerror(errno));
        return 0;
    }
    v.config = xasprintf("%s/config.ini", folder);
    v.result = xasprintf("%s/result.h5", folder);
    v.input = read_kind(&v, "/meta/stdin");
    v.output = read_kind(&v, "/meta/stdout");
    if (write_config(&v, e) && run_again(&v, e))
        status = compare(&v, e);
    unlink(v.config);
    unlink(v.result);
    rmdir(folder);
    free(v.config);
    free(v.result);
    free(v.input);
    free(v.output);
    free(v.directory);
    return status;
}
