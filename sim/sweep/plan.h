/* What a sweep file asks for: axes, workloads, and which combinations of them are points.
 *
 *   [sweep]
 *   config = ../base.ini                          the machine, or several, which are an axis then;
 *                                                 relative to this file
 *   l2.size = 256KiB .. 2MiB * 2                  an axis: a geometric range ...
 *   l2.latency = 8 .. 14 + 2                      ... an arithmetic one ...
 *   l2.replacement = lru, srrip                   ... or a list
 *   system.max_instructions = 10M                 one value: the same for all points
 *   zip = l2.size l2.latency                      axes that advance together; `|` between groups
 *   exclude = l2.size >= 1MiB & l2.replacement = lru     points to leave out; `|` between rules
 *   names = l2.size:L2                            short names for tables and plots
 *
 *   [workload.sort]                               one case for each such section
 *   program = build/workloads/sort
 *
 * Without `design` the points are the product of the axes and the workloads, the last axis fastest,
 * the workloads slowest. A design draws `points` of the axes' values for each workload instead
 * (design.h). */
#ifndef SIM_SWEEP_PLAN_H
#define SIM_SWEEP_PLAN_H

#include "sim/base/err.h"
#include "sim/schema/config.h"

#define SWEEP_KEYS(X, o)                                                                           \
    X(o, STR, config, "", "", "",                                                                  \
      "configuration of the machine, relative to this file; several with commas: an axis")         \
    X(o, STR, directory, "", "", "",                                                               \
      "where the points are kept; empty: named after this file, in the working directory")         \
    X(o, CHOICE, design, "product", "product|sobol|latin|random|plackett_burman", "",              \
      "which combinations of the axes' values are run")                                            \
    X(o, U32, points, "0", "0", "1000000", "number of points that a design draws")                 \
    X(o, U64, seed, "1", "", "", "of the designs latin and random")                                \
    X(o, STR, zip, "", "", "", "axes that advance together, `|` between groups")                   \
    X(o, STR, exclude, "", "", "",                                                                 \
      "points to leave out: AXIS = VALUE & AXIS < AXIS ..., `|` between rules")                    \
    X(o, STR, names, "", "", "", "short names of axes in tables: AXIS:NAME ...")                   \
    X(o, STR, inputs, "", "", "",                                                                  \
      "files that the programs read and whose content is part of a point's identity")              \
    X(o, TIME, timeout, "0s", "", "", "wall time after which a point is stopped; 0s: never")       \
    X(o, SIZE, memory, "0", "", "", "address space of one point in the host; 0: no limit")
struct sweep_keys {
    SWEEP_KEYS(KEY_MEMBER, sweep_keys)
};
extern const struct key_row sweep_key_rows[];

/* A key of the machine given a value; texts belong to the plan. */
struct setting {
    const char *section, *key, *value;
    unsigned line; /* of the sweep file */
};

struct axis {
    char *section, *key; /* "l2", "size"; of machines "", "config" */
    char *full, *label;  /* "l2.size"; what tables call it */
    char **values;
    uint32_t count;
    uint32_t group; /* axes of a group advance together; its number is its first axis's */
    unsigned line;
};

struct sweep_case {
    char *name;
    struct setting *settings;
    uint32_t count;
};

struct plan {
    char *path; /* of the sweep file */
    struct config *own; /* its [sweep], for messages */
    char *folder; /* of the sweep file, with its slash; "": the working directory */
    char *directory;
    struct sweep_keys keys; /* its texts belong to `own` */
    struct axis *axes;
    uint32_t axis_count;
    struct sweep_case *cases; /* at least one: without a name and settings when none is given */
    uint32_t case_count;
    struct plan_text *texts;
};

/* One combination: a case, and of each axis the place of its value. */
struct combination {
    uint32_t case_number;
    uint32_t *levels; /* [axis_count] */
};

/* False with FILE:LINE and what is allowed. plan_free in any case. */
bool plan_read(struct plan *p, const char *path, struct err *e);
void plan_free(struct plan *p);

/* All points in their order; at least one, or an error. Freed by combinations_free. */
bool plan_expand(const struct plan *p, struct combination **list, uint32_t *count, struct err *e);
void combinations_free(struct combination *list, uint32_t count);

bool axis_is_machines(const struct axis *a);
/* The machine's file as found from the working directory; the caller frees it. */
char *plan_config(const struct plan *p, const struct combination *c);
/* The settings of one point: the case's, then the axes'. `settings` has room for
 * plan_settings_max. */
uint32_t plan_settings_max(const struct plan *p);
uint32_t plan_settings(const struct plan *p, const struct combination *c,
                       struct setting *settings);

#endif
