#include "sim/schema/nearest.h"

#include <ctype.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 64 }; /* longer words are compared by their beginning */

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned ab = a < b ? a : b;
    return ab < c ? ab : c;
}

static int same(char a, char b) { return tolower((unsigned char)a) == tolower((unsigned char)b); }

/* Insertions, deletions, substitutions and swaps of neighbours that turn a into b (optimal string
 * alignment). */
static unsigned edit_distance(const char *a, const char *b)
{
    unsigned row[3][WORD_MAX + 1]; /* rows i, i - 1 and i - 2 of the table, in turn */
    size_t na = strnlen(a, WORD_MAX), nb = strnlen(b, WORD_MAX);
    for (size_t j = 0; j <= nb; j++)
        row[0][j] = (unsigned)j;
    for (size_t i = 1; i <= na; i++) {
        unsigned *now = row[i % 3], *up = row[(i - 1) % 3], *up2 = row[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= nb; j++) {
            now[j] = least(up[j] + 1, now[j - 1] + 1, up[j - 1] + !same(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                now[j] = least(now[j], up2[j - 2] + 1, now[j]);
        }
    }
    return row[na % 3][nb];
}

void nearest_offer(struct nearest *n, const char *name)
{
    unsigned distance = edit_distance(n->word, name);
    if (!n->best || distance < n->distance) {
        n->best = name;
        n->distance = distance;
    }
}

const char *nearest_name(const struct nearest *n)
{
    /* One slip in three letters: "sise" finds "size", "foo" does not find "l1d". */
    return n->best && n->distance <= (strlen(n->word) + 2) / 3 ? n->best : NULL;
}

void nearest_hint(const struct nearest *n, const char *open, const char *close, char *out)
{
    const char *best = nearest_name(n);
    *out = '\0';
    if (best)
        snprintf(out, NEAREST_HINT_MAX, "; did you mean %s%s%s?", open, best, close);
}

void nearest_option_hint(const char *word, const struct option *options, char *out)
{
    char name[WORD_MAX + 1];
    size_t dashes = strspn(word, "-");
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word + dashes, "="), word + dashes);
    struct nearest near = nearest_to(name);
    for (; options->name; options++)
        nearest_offer(&near, options->name);
    nearest_hint(&near, "--", "", out);
}
