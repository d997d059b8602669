/* simstat tail: prints the intervals of a run as they come, until it ends. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "analysis/follow.h"
#include "analysis/simstat.h"

enum { POLL_MS = 500, QUIET_POLLS = 6, FINAL_TRIES = 3 };

enum place { PART, FINAL, GONE };

struct tail {
    char *part, *final;
    dev_t device; /* of the file that is followed: another run may take over its names */
    ino_t inode;
    uint64_t printed; /* rows */
    uint32_t core;
    bool csv, has_heading;
};

static bool is_followed(const struct tail *t, const char *path)
{
    struct stat st;
    return !stat(path, &st) && st.st_ino == t->inode && st.st_dev == t->device;
}

/* In this order: the file may get its final name between the two questions. */
static enum place place_of(const struct tail *t)
{
    return is_followed(t, t->part) ? PART : is_followed(t, t->final) ? FINAL : GONE;
}

static void find_file(struct tail *t, const char *path)
{
    struct stat st;
    size_t length = strlen(path), suffix = strlen(RESULT_PART_SUFFIX);
    if (length > suffix && !strcmp(path + length - suffix, RESULT_PART_SUFFIX))
        length -= suffix;
    t->final = strndup(path, length);
    t->part = allocate(length + suffix + 1, 1);
    sprintf(t->part, "%s" RESULT_PART_SUFFIX, t->final);
    if (stat(t->part, &st) && stat(t->final, &st))
        fail("%s: %s, and no run is writing it", t->final, strerror(errno));
    t->device = st.st_dev;
    t->inode = st.st_ino;
}

/* A run holds a lock on its file until it is complete or has died. Where the file system has no
 * locks every file counts as being written. */
static bool has_writer(const struct tail *t)
{
    int d = open(t->part, O_RDONLY | O_CLOEXEC);
    bool locked = d < 0 || flock(d, LOCK_SH | LOCK_NB);
    if (d >= 0)
        close(d);
    return locked || place_of(t) != PART;
}

static void print_heading(struct tail *t, const struct glimpse *g)
{
    if (t->has_heading)
        return;
    t->has_heading = true;
    if (!t->csv)
        printf("misses and mispredicts are those of 1000 instructions\n");
    printf(t->csv ? "interval,instructions,cycles,ipc" : "%8s %13s %13s %8s", "interval",
           "instructions", "cycles", "ipc");
    for (uint32_t i = FOLLOW_EVENTS; i < g->columns; i++)
        printf(t->csv ? ",%s_per_1000" : " %12s", g->names[i]);
    putchar('\n');
}

static void print_ratio(const struct tail *t, double value, int width)
{
    if (t->csv)
        printf(isnan(value) ? "," : ",%.9g", value);
    else if (isnan(value))
        printf(" %*s", width, "-");
    else
        printf(" %*.3f", width, value);
}

static double ratio(double over, double under)
{
    return under > 0 ? over / under : (double)NAN;
}

static void print_rows(struct tail *t, const struct glimpse *g, uint64_t rows)
{
    if (rows)
        print_heading(t, g);
    for (uint64_t row = 0; row < rows; row++) {
        const uint64_t *v = g->values + row * g->columns;
        double instructions = (double)v[FOLLOW_INSTRUCTIONS], cycles = (double)v[FOLLOW_CYCLES];
        printf(t->csv ? "%llu,%llu,%llu" : "%8llu %13llu %13llu",
               (unsigned long long)(t->printed + row),
               (unsigned long long)v[FOLLOW_INSTRUCTIONS], (unsigned long long)v[FOLLOW_CYCLES]);
        print_ratio(t, cycles > 0 ? ratio(instructions, cycles) : (double)NAN, 8);
        for (uint32_t i = FOLLOW_EVENTS; i < g->columns; i++) {
            int width = (int)strlen(g->names[i]);
            print_ratio(t, ratio(1000 * (double)v[i], instructions), width > 12 ? width : 12);
        }
        putchar('\n');
    }
    t->printed += rows;
    if (fflush(stdout))
        fail("cannot write to stdout");
}

/* How many rows two looks, both from the same row on, agree about. */
static uint64_t agreed(const struct glimpse *a, const struct glimpse *b)
{
    uint64_t rows = a->rows < b->rows ? a->rows : b->rows;
    if (a->columns != b->columns)
        return 0;
    for (uint64_t i = 0; i < rows; i++)
        if (memcmp(a->values + i * a->columns, b->values + i * b->columns,
                   a->columns * sizeof *a->values))
            return i;
    return rows;
}

static void nap(void)
{
    nanosleep(&(struct timespec){POLL_MS / 1000, POLL_MS % 1000 * 1000000L}, NULL);
}

/* Prints what two looks have seen alike. True when there was any. */
static bool follow_part(struct tail *t)
{
    struct glimpse a, b;
    uint64_t rows = 0;
    if (glimpse_take(&a, t->part, t->printed, t->core)) {
        nap();
        if (place_of(t) == PART && glimpse_take(&b, t->part, t->printed, t->core)) {
            rows = agreed(&a, &b);
            print_rows(t, &b, rows);
            glimpse_free(&b);
        }
        glimpse_free(&a);
    } else {
        nap();
    }
    return rows;
}

/* The rest of a file that nobody writes any more. */
static void finish(struct tail *t, const char *path)
{
    struct glimpse g;
    uint64_t rows;
    do {
        for (int tries = 1; !glimpse_take(&g, path, t->printed, t->core); tries++)
            if (tries == FINAL_TRIES) {
                struct run run;
                run_open(&run, path, NULL); /* mostly knows better what is wrong */
                fail("%s: /intervals: cannot read core %u; or the file is damaged", path, t->core);
            }
        if (!g.has_intervals)
            fail("%s: recorded no intervals", path);
        rows = g.rows;
        print_rows(t, &g, rows);
        char status[sizeof g.status];
        memcpy(status, g.status, sizeof status);
        glimpse_free(&g);
        if (rows < FOLLOW_ROWS)
            printf("%s%s: status %s after %llu intervals%s\n", t->csv ? "#" : "", path, status,
                   (unsigned long long)t->printed,
                   strcmp(status, RESULT_RUNNING) ? "" : "; its run was cut off");
    } while (rows == FOLLOW_ROWS);
}

void verb_tail(const char *path, const struct options *o)
{
    struct tail t = {.core = o->core < 0 ? 0 : (uint32_t)o->core, .csv = o->csv};
    find_file(&t, path);
    enum place place;
    for (int quiet = 0; (place = place_of(&t)) == PART;) {
        quiet = follow_part(&t) ? 0 : quiet + 1;
        if (quiet >= QUIET_POLLS && !has_writer(&t))
            break;
    }
    if (place == GONE)
        fail("%s: its run has given up and kept no result", t.final);
    finish(&t, place == FINAL ? t.final : t.part);
    free(t.part);
    free(t.final);
}
