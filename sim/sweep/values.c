#include "sim/sweep/values.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/schema/value.h"

/* Tried in turn: the first that takes both texts decides what they mean. */
static const struct key_row types[] = {
    {"number", KEY_U64, 0, "0", "", "", ""},  {"count", KEY_COUNT, 0, "0", "", "", ""},
    {"size", KEY_SIZE, 0, "0", "", "", ""},   {"frequency", KEY_FREQ, 0, "1Hz", "", "", ""},
    {"duration", KEY_TIME, 0, "0s", "", "", ""},
};

static const struct key_row *common_type(const char *a, const char *b, uint64_t *na, uint64_t *nb)
{
    char why[VALUE_TEXT_MAX];
    for (size_t n = 0; n < ARRAY_LEN(types); n++)
        if (value_parse(&types[n], a, na, why) && value_parse(&types[n], b, nb, why))
            return &types[n];
    return NULL;
}

bool values_numbers(const char *a, const char *b, uint64_t *na, uint64_t *nb)
{
    return common_type(a, b, na, nb) != NULL;
}

struct list {
    char **values;
    uint32_t count;
    const char *where;
    struct err *e;
};

static bool list_add(struct list *l, const char *value)
{
    if (l->count == VALUES_MAX)
        return err_set(l->e, "%s: more than %d values", l->where, VALUES_MAX);
    l->values = xrealloc(l->values, (l->count + 1) * sizeof *l->values);
    l->values[l->count++] = xstrdup(value);
    return true;
}

static char *trim(char *text)
{
    char *end = text + strlen(text);
    text += strspn(text, " \t");
    while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
        *--end = 0;
    return text;
}

static bool bad_range(const struct list *l, const char *first, const char *last, const char *why)
{
    return err_set(l->e, "%s: %s .. %s: %s; write FIRST .. LAST + STEP or FIRST .. LAST * FACTOR",
                   l->where, first, last, why);
}

/* first <= last; the last value is in it when the steps meet it. */
static bool add_range(struct list *l, char *first, char *last)
{
    char text[VALUE_TEXT_MAX], operator;
    uint64_t from, to, step, unused;
    size_t at = strcspn(last, "+*");
    operator = last[at];
    last[at] = 0;
    char *by = operator ? trim(last + at + 1) : last;
    first = trim(first);
    last = trim(last);
    if (!operator)
        return bad_range(l, first, last, "the step is missing");
    const struct key_row *type = common_type(first, last, &from, &to);
    if (!type)
        return bad_range(l, first, last, "no numbers of one kind");
    if (from > to)
        return bad_range(l, first, last, "goes downwards");
    char why[VALUE_TEXT_MAX];
    if (operator == '*' ? !value_parse(&types[0], by, &step, why) || step < 2 || !from
                        : !value_parse(type, by, &step, why) || !step)
        return bad_range(l, first, last, "a step that leads nowhere");
    for (uint64_t v = from; v <= to;) {
        value_format(type, v, text);
        if (!list_add(l, text))
            return false;
        if (operator == '*' ? __builtin_mul_overflow(v, step, &unused)
                            : __builtin_add_overflow(v, step, &unused))
            break;
        v = unused;
    }
    return true;
}

bool values_expand(const char *text, const char *where, char ***values, uint32_t *count,
                   struct err *e)
{
    struct list l = {.where = where, .e = e};
    char *copy = xstrdup(text), *save = NULL;
    bool ok = true;
    for (char *part = copy; ok && part; part = save) {
        save = strchr(part, ',');
        if (save)
            *save++ = 0;
        char *dots = strstr(part, " .. ");
        if (dots) {
            *dots = 0;
            ok = add_range(&l, part, dots + 4);
        } else {
            part = trim(part);
            ok = *part ? list_add(&l, part) : err_set(e, "%s: an empty value", where);
        }
    }
    free(copy);
    *values = l.values;
    *count = l.count;
    return ok;
}
