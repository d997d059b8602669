/* `simrun sweep`: runs the points of a sweep file, each as a process of its own, and remembers in
 * the sweep's directory what is done.
 *
 *   DIRECTORY/points/ID/config.ini    the resolved configuration: runs alone
 *                      /result.h5     there only when the run ended in order; its status counts
 *                      /stdout stderr of the program and the simulator
 *                      /state         how the run ended, when there is no such result
 *                      /claim/        made by whoever is running it
 *   DIRECTORY/sweep.h5                one row a point
 *
 * ID is a hash of the resolved configuration, the program, the inputs and the model version: a
 * point is never run twice, a changed one always. Several sweeps, on several hosts that share the
 * file system, may work in one directory: a point belongs to whoever made its claim, by an atomic
 * mkdir. A claim is stale when its process is gone (same host) or has not touched it for a while
 * (another one). */
#ifndef SIM_SWEEP_SWEEP_H
#define SIM_SWEEP_SWEEP_H

#include "sim/base/err.h"
#include "sim/schema/config.h"
#include "sim/sweep/plan.h"

enum { POINT_ID_LENGTH = 16 };

/* state, in words, whether another sweep command runs it again by itself, meaning */
#define POINT_STATES(X)                                                                            \
    X(QUEUED, "queued", true, "not started")                                                       \
    X(RUNNING, "running", false, "claimed by a live process")                                      \
    X(COMPLETE, "complete", false, "the program ended by itself")                                  \
    X(LIMIT, "limit", false, "a limit of the configuration ended it")                              \
    X(FAILED, "failed", false, "the simulator refused or failed; see its stderr")                  \
    X(KILLED, "killed", true, "a signal or the host ended it without a result")                    \
    X(TIMEOUT, "timeout", false, "stopped by the sweep's own timeout")                             \
    X(PARTIAL, "partial", true, "interrupted: its result holds the beginning only")
#define POINT_STATE_ENUM(name, word, again, text) POINT_##name,
enum point_state { POINT_STATES(POINT_STATE_ENUM) POINT_STATE_COUNT };
#undef POINT_STATE_ENUM

struct point {
    struct combination combination; /* levels belong to the expansion */
    char id[POINT_ID_LENGTH + 1];
    char *folder;
    enum point_state state;
    bool ours;           /* ran in this process */
    bool tried;          /* has had its turn in this process */
    double host_seconds; /* of the run; 0 while there is no result */
    uint32_t exit_status; /* of the program, likewise */
    uint64_t bytes;      /* of the result file */
    char *reason;        /* of failed, killed, timeout; or NULL */
};

/* A point's value of one axis, as the resolved configuration has it. */
struct point_value {
    char *text;
    const char *unit;   /* "" for words */
    uint64_t number;
};

struct sweep {
    struct plan plan;
    struct combination *combinations;
    uint32_t combination_count;
    struct point *points; /* without duplicates */
    uint32_t point_count, duplicates;
    struct point_value *values; /* [point_count][axis_count] */
};

/* What a sweep needs of the rest of the simulator. */
struct sweep_env {
    const char *program; /* of the simulator itself, to be executed */
    const struct section_row *sections;
    /* Builds the machine of `c` as a run would, and takes it down; `id` becomes its name. */
    bool (*resolve)(struct config *c, const char *inputs, char id[POINT_ID_LENGTH + 1],
                    struct err *e);
    /* The status word of a result file, how long the run took, and the program's exit status; NULL
     * when there is none or it cannot be read. The caller frees it. */
    char *(*status)(const char *path, double *host_seconds, uint32_t *exit_status);
    /* Writes sweep.h5. */
    bool (*collect)(const struct sweep *s, const char *path, struct err *e);
};

extern const char *const point_state_words[POINT_STATE_COUNT];

/* argv[0] is "sweep". The exit status: 0 when every point is complete or at its limit, 1 when not,
 * 125 and *e for mistakes of the user's, 128 + N when signal N stopped it. */
int sweep_main(int argc, char **argv, const struct sweep_env *env, struct err *e);

#endif
