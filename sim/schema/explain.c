/* `simrun explain`: the key rows as a text for people. */
#include <stdio.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/schema/config.h"
#include "sim/schema/config_priv.h"
#include "sim/schema/nearest.h"
#include "sim/schema/value.h"

enum { RANGE_WIDTH_MAX = 28 }; /* longer lists of choices push the sentence to the next line */

#define KEY_TYPE_TEXT(name, ctype, text) [KEY_##name] = text,
static const char *const type_texts[] = {KEY_TYPES(KEY_TYPE_TEXT)};
#undef KEY_TYPE_TEXT

/* Widths of the columns of one section. */
struct widths {
    int name, def, range;
};

static const char *type_word(enum key_type type)
{
    static const char *const words[KEY_TYPE_COUNT] = {
        [KEY_U32] = "number",  [KEY_U64] = "number",     [KEY_COUNT] = "count",
        [KEY_SIZE] = "size",   [KEY_FREQ] = "frequency", [KEY_TIME] = "time",
        [KEY_BOOL] = "yes/no", [KEY_STR] = "text",       [KEY_CHOICE] = "choice",
    };
    return words[type];
}

static void widen(int *width, const char *text)
{
    int n = (int)strlen(text);
    if (n > *width)
        *width = n;
}

static void measure(const struct key_row *rows, struct widths *w)
{
    for (; rows && rows->name; rows++) {
        char range[VALUE_TEXT_MAX];
        value_range(rows, range);
        widen(&w->name, rows->name);
        widen(&w->def, rows->def);
        if (strlen(range) <= RANGE_WIDTH_MAX)
            widen(&w->range, range);
    }
}

static void print_row(const struct key_row *row, const struct widths *w)
{
    char range[VALUE_TEXT_MAX];
    value_range(row, range);
    printf("  %-*s  %-9s  %-*s  %-*s", w->name, row->name, type_word(row->type), w->def, row->def,
           w->range, range);
    if ((int)strlen(range) > w->range)
        printf("\n%*s", w->name + w->def + w->range + 17, "");
    printf("  %s\n", row->text);
}

/* Rows of the same section stand together under one heading. */
static void print_section(const struct section_row *known, const struct section_row *first)
{
    struct widths w = {(int)strlen("key"), (int)strlen("default"), (int)strlen("allowed")};
    for (const struct section_row *k = first; k->name; k++)
        if (!strcmp(k->name, first->name))
            measure(k->keys, &w);
    printf("%s[%s]  %s\n", first == known ? "" : "\n", first->name, first->text);
    printf("  %-*s  %-9s  %-*s  %-*s  %s\n", w.name, "key", "type", w.def, "default", w.range,
           "allowed", "meaning");
    for (const struct section_row *k = first; k->name; k++) {
        if (strcmp(k->name, first->name))
            continue;
        if (k != first && strcmp(k->text, first->text))
            printf("  %s:\n", k->text);
        for (const struct key_row *row = k->keys; row && row->name; row++)
            print_row(row, &w);
    }
}

static void print_key(const struct section_row *section, const struct key_row *row)
{
    char range[VALUE_TEXT_MAX];
    value_range(row, range);
    printf("%s.%s: %s\n", section->name, row->name, row->text);
    if (section->needs)
        printf("  needs    %s%s%s = %s\n", strchr(section->needs, '.') ? "" : section->name,
               strchr(section->needs, '.') ? "" : ".", section->needs, section->needs_value);
    printf("  type     %s\n", type_texts[row->type]);
    if (*range)
        printf("  allowed  %s\n", range);
    printf("  default  %s\n", *row->def ? row->def : "(empty)");
}

static const struct section_row *find_section(const struct section_row *known, const char *name)
{
    for (const struct section_row *k = known; k->name; k++)
        if (!strcmp(k->name, name))
            return k;
    return NULL;
}

static bool explain_section(const struct section_row *known, const char *section)
{
    bool found = false;
    for (const struct section_row *k = known; k->name; k++)
        if ((!section || !strcmp(k->name, section)) && find_section(known, k->name) == k) {
            print_section(section ? k : known, k);
            found = true;
        }
    return found;
}

static bool explain_key(const struct section_row *known, const char *what, const char *section,
                        const char *key, struct err *e)
{
    struct nearest near = nearest_to(key);
    bool found = false;
    for (const struct section_row *k = known; k->name; k++)
        for (const struct key_row *row = k->keys; row && row->name && !strcmp(k->name, section);
             row++) {
            nearest_offer(&near, row->name);
            if (!strcmp(row->name, key)) {
                print_key(k, row);
                found = true;
            }
        }
    if (found)
        return true;
    const char *best = nearest_name(&near);
    return best ? err_set(e, "%s: no such key; did you mean %s.%s?", what, section, best)
                : err_set(e, "%s: no such key; 'explain %s' lists the keys of [%s]", what, section,
                          section);
}

/* A key without its section: whatever sections have it. */
static bool explain_everywhere(const struct section_row *known, const char *key)
{
    bool found = false;
    for (const struct section_row *k = known; k->name; k++)
        for (const struct key_row *row = k->keys; row && row->name; row++)
            if (!strcmp(row->name, key)) {
                print_key(k, row);
                found = true;
            }
    return found;
}

bool config_explain(const struct section_row *known, const char *what, struct err *e)
{
    char name[INI_NAME_MAX + 1], section[INI_NAME_MAX + 1];
    if (!what || !*what)
        return explain_section(known, NULL);
    if (!ini_name_ok(what, true))
        return err_set(e, "%s: not a section or key; write SECTION or SECTION.KEY", what);
    config_general(what, name);
    if (explain_section(known, name))
        return true;
    char *dot = strrchr(name, '.');
    snprintf(section, sizeof section, "%.*s", (int)(dot ? dot - name : 0), name);
    if (dot && find_section(known, section))
        return explain_key(known, what, section, dot + 1, e);
    if (!dot && explain_everywhere(known, name))
        return true;
    struct nearest near = nearest_to(dot ? section : name);
    for (const struct section_row *k = known; k->name; k++)
        nearest_offer(&near, k->name);
    const char *best = nearest_name(&near);
    return best ? err_set(e, "%s: no such section; did you mean %s?", what, best)
                : err_set(e, "%s: no such section; 'explain' alone lists all of them", what);
}
