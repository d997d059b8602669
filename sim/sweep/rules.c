#include "sim/sweep/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/sweep/values.h"

static const char *const operators[] = {"<=", ">=", "!=", "=", "<", ">"}; /* longer ones first */

struct comparison {
    char left[100], right[200];
    const char *operator; /* of operators[] */
};

static void copy_trimmed(char *to, size_t room, const char *from, size_t bytes)
{
    while (bytes && (*from == ' ' || *from == '\t')) {
        from++;
        bytes--;
    }
    while (bytes && (from[bytes - 1] == ' ' || from[bytes - 1] == '\t'))
        bytes--;
    snprintf(to, room, "%.*s", (int)bytes, from);
}

/* Reads one comparison of `bytes`; false when it is none. */
static bool parse(const char *text, size_t bytes, struct comparison *c)
{
    for (size_t at = 0; at < bytes; at++)
        for (size_t n = 0; n < ARRAY_LEN(operators); n++) {
            size_t length = strlen(operators[n]);
            if (at + length > bytes || strncmp(text + at, operators[n], length))
                continue;
            c->operator = operators[n];
            copy_trimmed(c->left, sizeof c->left, text, at);
            copy_trimmed(c->right, sizeof c->right, text + at + length, bytes - at - length);
            return *c->left && *c->right && !strchr("<=>", *c->right);
        }
    return false;
}

/* The value that a name has in a point; NULL when it names neither an axis nor the workload. */
static const char *value_of(const struct plan *p, const struct combination *c, const char *name)
{
    if (!strcmp(name, "workload"))
        return p->cases[c->case_number].name;
    for (uint32_t n = 0; n < p->axis_count; n++)
        if (!strcmp(p->axes[n].full, name))
            return p->axes[n].values[c->levels[n]];
    return NULL;
}

static bool holds(const struct plan *p, const struct combination *point,
                  const struct comparison *c)
{
    const char *left = value_of(p, point, c->left), *right = value_of(p, point, c->right);
    uint64_t a, b;
    int order = 0;
    right = right ? right : c->right;
    if (values_numbers(left, right, &a, &b))
        order = a < b ? -1 : a > b;
    else if (*c->operator == '<' || *c->operator == '>')
        return false;
    else
        order = strcmp(left, right) != 0;
    switch (*c->operator) {
    case '=': return order == 0;
    case '!': return order != 0;
    case '<': return c->operator[1] ? order <= 0 : order < 0;
    default: return c->operator[1] ? order >= 0 : order > 0;
    }
}

static bool is_same(const char *a, const char *b)
{
    uint64_t x, y;
    return values_numbers(a, b, &x, &y) ? x == y : !strcmp(a, b);
}

/* What is compared with = or != is there: else the rule is a slip, and says nothing. */
static bool is_value(const struct plan *p, const struct comparison *c)
{
    bool found = *c->operator != '=' && *c->operator != '!';
    for (uint32_t n = 0; n < p->case_count && !strcmp(c->left, "workload"); n++)
        found = found || is_same(p->cases[n].name, c->right);
    for (uint32_t n = 0; n < p->axis_count; n++)
        for (uint32_t v = 0; v < p->axes[n].count && !strcmp(p->axes[n].full, c->left); v++)
            found = found || is_same(p->axes[n].values[v], c->right);
    return found;
}

/* Whether all comparisons of the rule hold; when `e` is given, only whether they can be read. */
static bool rule(const struct plan *p, const struct combination *c, const char *text, size_t bytes,
                 struct err *e)
{
    bool all = true;
    for (size_t at = 0; at <= bytes;) {
        size_t length = 0;
        struct comparison one;
        while (at + length < bytes && text[at + length] != '&')
            length++;
        if (!parse(text + at, length, &one))
            return e && config_error(p->own, "sweep", "exclude", e,
                                     "`%.*s` is no comparison; write AXIS = VALUE with =, !=, <, "
                                     "<=, > or >=", (int)length, text + at);
        if (e && !value_of(p, c, one.left))
            return config_error(p->own, "sweep", "exclude", e,
                                "%s is no axis of this sweep, nor `workload`", one.left);
        if (e && !value_of(p, c, one.right) && !is_value(p, &one))
            return config_error(p->own, "sweep", "exclude", e, "%s has no value %s", one.left,
                                one.right);
        all = all && (e || holds(p, c, &one));
        at += length + 1;
    }
    return all;
}

static bool any_rule(const struct plan *p, const struct combination *c, struct err *e)
{
    for (const char *text = p->keys.exclude; *text;) {
        size_t bytes = strcspn(text, "|");
        bool found = rule(p, c, text, bytes, e);
        if (e ? !found : found)
            return !e;
        text += bytes + (text[bytes] == '|');
    }
    return e != NULL;
}

bool rules_check(const struct plan *p, struct err *e)
{
    uint32_t *levels = xcalloc(p->axis_count + 1, sizeof *levels);
    bool ok = any_rule(p, &(struct combination){0, levels}, e);
    free(levels);
    return ok;
}

bool rules_exclude(const struct plan *p, const struct combination *c)
{
    return any_rule(p, c, NULL);
}
