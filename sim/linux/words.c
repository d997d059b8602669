#include <stdlib.h>
#include <string.h>

#include "sim/linux/internal.h"

/* Copies one word without its quotes; NULL when one is not closed. */
static const char *copy_word(const char *from, char **to)
{
    char quote = 0;
    for (; *from; from++) {
        if (quote ? *from == quote : *from == '\'' || *from == '"')
            quote = quote ? 0 : *from;
        else if (!quote && (*from == ' ' || *from == '\t'))
            break;
        else if (quote != '\'' && *from == '\\' && from[1])
            *(*to)++ = *++from;
        else
            *(*to)++ = *from;
    }
    *(*to)++ = 0;
    return quote ? NULL : from;
}

char **words_split(const char *text, const char *first, struct err *e)
{
    const char *from = text ? text : "";
    uint64_t room = strlen(from) / 2 + 3, count = 0; /* words are at least a blank apart */
    char **words =
        xcalloc(1, room * sizeof *words + strlen(from) + 1 + (first ? strlen(first) + 1 : 0));
    char *to = (char *)(words + room);
    if (first) {
        words[count++] = to;
        to = stpcpy(to, first) + 1;
    }
    for (from += strspn(from, " \t"); *from; from += strspn(from, " \t")) {
        words[count++] = to;
        from = copy_word(from, &to);
        if (!from) {
            err_set(e, "a quote is not closed in: %s", text);
            free(words);
            return NULL;
        }
    }
    return words;
}
