#include "sim/sweep/batch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/log.h"
#include "sim/sweep/batch_files.h"
#include "sim/sweep/point.h"

enum { TASK_FAILED = 1, LINE_MAX_BYTES = 4200 };

/* The n-th line of the file; the caller frees it. */
static char *line_of(const char *path, uint64_t index, struct err *e)
{
    char line[LINE_MAX_BYTES] = "";
    FILE *f = fopen(path, "re");
    if (!f) {
        err_set(e, "%s: %s", path, strerror(errno));
        return NULL;
    }
    bool found = true;
    for (uint64_t n = 0; found && n <= index; n++)
        found = fgets(line, sizeof line, f) != NULL;
    fclose(f);
    line[strcspn(line, "\n")] = 0;
    if (found && *line)
        return xstrdup(line);
    err_set(e, "%s: has no line %llu", path, (unsigned long long)index + 1);
    return NULL;
}

/* Slurm and HTCondor name the task in the environment; HTCondor's file passes --index. */
static bool find_index(const struct sweep_options *o, uint64_t *index, struct err *e)
{
    const char *text = getenv("SLURM_ARRAY_TASK_ID");
    *index = o->index;
    if (*index == UINT64_MAX && text)
        *index = strtoull(text, NULL, 10);
    return *index != UINT64_MAX ||
           err_set(e, "--task: no --index, and no SLURM_ARRAY_TASK_ID in the environment");
}

int batch_task(const struct sweep_options *o, const struct sweep_env *env, struct err *e)
{
    uint64_t index;
    struct point p = {0};
    struct sweep s = {.points = &p, .point_count = 1};
    struct pool_options pool = o->pool;
    int signalled = 0;
    pool.jobs = 1;
    pool.quiet = true;
    if (!find_index(o, &index, e) || !(p.folder = line_of(o->task, index, e)))
        return 0;
    const char *slash = strrchr(p.folder, '/');
    snprintf(p.id, sizeof p.id, "%s", slash ? slash + 1 : p.folder);
    point_look(&p, env);
    pool_run(&s, env, &pool, &signalled, e);
    bool done = p.state == POINT_COMPLETE || p.state == POINT_LIMIT;
    if (!done && !e->status)
        log_line("%s: %s%s%s", p.folder, point_state_words[p.state], p.reason ? ": " : "",
                 p.reason ? p.reason : "");
    free(p.folder);
    free(p.reason);
    return signalled ? 128 + signalled : done ? 0 : TASK_FAILED;
}

/* Points that somebody has to run, in their order; the caller frees the list. */
struct point **batch_wanted(const struct sweep *s, bool retry, uint32_t *count)
{
    struct point **list = xcalloc(s->point_count + UINT64_C(1), sizeof *list);
    *count = 0;
    for (uint32_t n = 0; n < s->point_count; n++)
        if (pool_wants(&s->points[n], retry))
            list[(*count)++] = &s->points[n];
    return list;
}

/* A text as one word of a shell. */
static void put_quoted(FILE *f, const char *text)
{
    fputc('\'', f);
    for (; *text; text++)
        if (*text == '\'')
            fputs("'\\''", f);
        else
            fputc(*text, f);
    fputc('\'', f);
}

static char *absolute(const char *path)
{
    char *here = *path == '/' ? NULL : getcwd(NULL, 0);
    char *whole = here ? xasprintf("%s/%s", here, path) : xstrdup(path);
    free(here);
    return whole;
}

static FILE *create(const char *path, struct err *e)
{
    FILE *f = fopen(path, "we");
    if (!f)
        err_set(e, "%s: cannot be written: %s", path, strerror(errno));
    return f;
}

static bool close_file(FILE *f, const char *path, struct err *e)
{
    bool ok = !ferror(f);
    return (!fclose(f) && ok) || err_set(e, "%s: cannot be written: %s", path, strerror(errno));
}

static bool write_points(const char *path, struct point *const *list, uint32_t count,
                         struct err *e)
{
    FILE *f = create(path, e);
    for (uint32_t n = 0; f && n < count; n++) {
        char *folder = absolute(list[n]->folder);
        fprintf(f, "%s\n", folder);
        free(folder);
    }
    return f && close_file(f, path, e);
}

static char *own_program(void)
{
    char path[LINE_MAX_BYTES];
    ssize_t bytes = readlink("/proc/self/exe", path, sizeof path - 1);
    path[bytes > 0 ? bytes : 0] = 0;
    return xstrdup(path);
}

static void put_command(FILE *f, const struct sweep_options *o, const char *points)
{
    char *program = own_program(), *here = getcwd(NULL, 0);
    fputs("cd ", f);
    put_quoted(f, here ? here : ".");
    fputs(" || exit\nexec ", f);
    put_quoted(f, program);
    fputs(" sweep --task ", f);
    put_quoted(f, points);
    if (o->pool.retry)
        fputs(" --retry", f);
    if (o->pool.timeout_seconds)
        fprintf(f, " --timeout %llus", (unsigned long long)o->pool.timeout_seconds);
    if (o->pool.memory_bytes)
        fprintf(f, " --memory %llu", (unsigned long long)o->pool.memory_bytes);
    free(here);
    free(program);
}

bool batch_folder(const struct sweep *s, char **folder, struct err *e)
{
    char *path = xasprintf("%s/batch", s->plan.directory);
    *folder = absolute(path);
    free(path);
    return !mkdir(*folder, 0777) || errno == EEXIST ||
           err_set(e, "%s: cannot be made: %s", *folder, strerror(errno));
}

bool batch_write(const struct batch *b, const struct sweep_options *o, struct err *e)
{
    char *points = xasprintf("%s/%u.points", b->folder, b->number);
    char *script = xasprintf("%s/%u.sh", b->folder, b->number);
    FILE *f = write_points(points, b->list, b->count, e) ? create(script, e) : NULL;
    if (f) {
        fprintf(f, "#!/bin/sh\n#SBATCH --job-name=simrun\n#SBATCH --array=0-%u\n", b->count - 1);
        fprintf(f, "#SBATCH --output=\"%s/%u.log\"\n#SBATCH --open-mode=append\n", b->folder,
                b->number);
        fputs("#SBATCH --ntasks=1\n#SBATCH --signal=B:TERM@60\n", f);
        put_command(f, o, points);
        fputs("\n", f);
    }
    bool ok = f && close_file(f, script, e);
    free(script);
    free(points);
    return ok;
}

int batch_script(struct sweep *s, const struct sweep_options *o, struct err *e)
{
    uint32_t count, size = batch_array_size(), number = 0;
    char *folder = NULL;
    struct point **list = batch_wanted(s, o->pool.retry, &count);
    bool ok = batch_folder(s, &folder, e);
    for (uint32_t first = 0; ok && first < count; first += size) {
        uint32_t some = count - first < size ? count - first : size;
        struct batch b = {folder, number, list + first, some};
        ok = batch_write(&b, o, e);
        if (ok)
            printf("sbatch %s%s%s/%u.sh\n", o->sbatch, *o->sbatch ? " " : "", folder, number);
        number++;
    }
    if (ok && !count)
        log_line("there is nothing to run");
    free(folder);
    free(list);
    return 0;
}

int batch_condor(struct sweep *s, const struct sweep_options *o, struct err *e)
{
    uint32_t count;
    char *folder = NULL, *points = NULL, *path = NULL, *script = NULL;
    struct point **list = batch_wanted(s, o->pool.retry, &count);
    FILE *f = NULL;
    bool ok = batch_folder(s, &folder, e);
    points = xasprintf("%s/condor.points", folder);
    script = xasprintf("%s/condor.sh", folder);
    path = xasprintf("%s/condor.sub", folder);
    ok = ok && write_points(points, list, count, e) && (f = create(script, e));
    if (ok) {
        fputs("#!/bin/sh\n", f);
        put_command(f, o, points);
        fputs(" --index \"$1\"\n", f);
        ok = close_file(f, script, e) && !chmod(script, 0777 & ~022) && (f = create(path, e));
    }
    if (ok) {
        fprintf(f, "executable = %s\narguments = $(Process)\n", script);
        fprintf(f, "log = %s/condor.log\nerror = %s/condor.err\n", folder, folder);
        fprintf(f, "kill_sig = SIGTERM\nqueue %u\n", count);
        ok = close_file(f, path, e);
    }
    if (ok)
        printf("condor_submit %s\n", path);
    free(path);
    free(script);
    free(points);
    free(folder);
    free(list);
    return 0;
}
