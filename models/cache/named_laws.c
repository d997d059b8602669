#include "models/cache/named_laws.h"

#include <stdlib.h>

#include "sim/base/err.h"

/* The template with every `@` replaced; to be freed. */
static char *with_name(const char *template, const char *name)
{
    char *out = xasprintf("%s", "");
    for (const char *p = template; *p; p++) {
        char *longer = *p == '@' ? xasprintf("%s%s", out, name) : xasprintf("%s%c", out, *p);
        free(out);
        out = longer;
    }
    return out;
}

static void add_laws(struct stats *s, const char *name, const struct law_row *rows, bool of_hists)
{
    for (; rows->name; rows++) {
        char *law = xasprintf("%s: %s", name, rows->name);
        char *left = with_name(rows->left, name), *right = with_name(rows->right, name);
        if (of_hists)
            stats_hist_law(s, law, HIST_COUNT, left, right);
        else
            stats_law(s, law, left, right);
        free(law);
        free(left);
        free(right);
    }
}

void named_laws(struct stats *s, const char *name, const struct law_row *rows)
{
    add_laws(s, name, rows, false);
}

void named_hist_laws(struct stats *s, const char *name, const struct law_row *rows)
{
    add_laws(s, name, rows, true);
}

void named_formulas(struct stats *s, const char *name, const struct formula_row *rows)
{
    for (; rows->name; rows++) {
        char *equation = with_name(rows->equation, name);
        stats_formula(s, name, rows->name, equation, rows->text);
        free(equation);
    }
}
