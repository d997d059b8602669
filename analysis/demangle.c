#include "analysis/demangle.h"

#include <stdlib.h>
#include <string.h>

/* The C++ runtime's own, as the Itanium C++ ABI (3.4) defines it: memory is malloc's, status 0 is
 * success. */
char *__cxa_demangle(const char *mangled, char *buffer, size_t *length, int *status);

char **run_functions(const struct run *r, const char *path, size_t *count)
{
    char **names = run_texts(r, path, count);
    for (size_t n = 0; n < *count; n++) {
        int status = -1;
        char *plain = NULL;
        if (!strncmp(names[n], "_Z", 2))
            plain = __cxa_demangle(names[n], NULL, NULL, &status);
        if (!plain || status)
            continue;
        free(names[n]);
        names[n] = plain;
    }
    return names;
}
