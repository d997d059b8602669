/* For tests of components with a tree of statistics. */
#ifndef TESTS_UNIT_LAWS_H
#define TESTS_UNIT_LAWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/schema/stats.h"

static inline void assert_laws_hold(const struct stats *s)
{
    uint64_t *values = calloc(stats_count(s), sizeof *values);
    stats_snapshot(s, values);
    for (uint32_t n = 0; n < stats_law_count(s); n++) {
        struct law_info law = stats_law_check(s, n, values);
        if (!law.held)
            fail_msg("%s: %lld, %lld", law.name, (long long)law.left_value,
                     (long long)law.right_value);
    }
    free(values);
}

/* By its full name, which must exist. */
static inline uint64_t statistic(const struct stats *s, const char *name)
{
    int32_t n = stats_find(s, name);
    if (n < 0)
        fail_msg("no statistic %s", name);
    return *stats_get(s, (uint32_t)n).value;
}

#endif
