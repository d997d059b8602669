/* Limits of issue: kinds of pipes that share ports. What takes several of them, as a vector does
 * that two slices work on, has a weight. */
#include <string.h>

#include "models/pipeline/ooo/ooo.h"

/* KIND[*N], cut out of a list. */
static bool add_kind(struct issue_limit *row, const struct units *u, char *word)
{
    char *star = strchr(word, '*');
    if (star)
        *star = 0;
    const struct unit_kind *k = units_kind(u, word);
    uint32_t weight = star ? units_number(star + 1, 16) : 1;
    if (!k || !weight || row->weight[k - u->kind])
        return false;
    row->weight[k - u->kind] = (uint8_t)weight;
    return true;
}

static bool read_row(struct issue_limit *row, const struct units *u, char *word)
{
    char *colon = strchr(word, ':'), *save = NULL;
    if (!colon)
        return false;
    *colon = 0;
    row->most = (uint8_t)units_number(colon + 1, 32);
    for (char *k = strtok_r(word, "+", &save); k; k = strtok_r(NULL, "+", &save))
        if (!add_kind(row, u, k))
            return false;
    for (uint32_t n = 0; n < UNITS_MAX_KINDS; n++)
        if (row->weight[n] > row->most)
            return false;
    return row->most;
}

bool ooo_limits_create(struct ooo *p, const char *section, const char *text, struct err *e)
{
    struct issue_limits *l = &p->limits;
    char word[128];
    while (units_next_word(&text, word, sizeof word)) {
        if (l->count == ISSUE_LIMITS)
            return config_error(p->env.config, section, "issue_limits", e, "more than %u",
                                ISSUE_LIMITS);
        if (!read_row(&l->row[l->count], &p->units, word))
            return config_error(p->env.config, section, "issue_limits", e,
                                "want KIND[*N][+KIND...]:LIMIT ..., kinds as in `pipes`, none "
                                "twice, N 1..LIMIT, LIMIT 1..32");
        l->count++;
    }
    return true;
}

void ooo_limits_open(struct issue_limits *l)
{
    for (uint32_t n = 0; n < l->count; n++)
        l->row[n].left = l->row[n].most;
}

bool ooo_limits_allow(const struct issue_limits *l, uint32_t kind)
{
    for (uint32_t n = 0; n < l->count; n++)
        if (l->row[n].weight[kind] > l->row[n].left)
            return false;
    return true;
}

void ooo_limits_take(struct issue_limits *l, uint32_t kind)
{
    for (uint32_t n = 0; n < l->count; n++)
        l->row[n].left = (uint8_t)(l->row[n].left - l->row[n].weight[kind]);
}
