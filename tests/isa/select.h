/* Which rows a run is about: names separated by blanks; none means all. */
#ifndef TESTS_ISA_SELECT_H
#define TESTS_ISA_SELECT_H

#include <stdbool.h>
#include <string.h>

static inline bool row_is_selected(const char *rows, const char *mnemonic)
{
    size_t length = strlen(mnemonic);
    if (!*rows)
        return true;
    for (const char *at = rows; (at = strstr(at, mnemonic)); at += length)
        if ((at == rows || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

#endif
