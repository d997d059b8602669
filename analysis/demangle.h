/* Names of functions as their programmer knows them. Result files hold them as the linker does. */
#ifndef ANALYSIS_DEMANGLE_H
#define ANALYSIS_DEMANGLE_H

#include "analysis/reader.h"

/* As run_texts, C++ names in the place of mangled ones. */
char **run_functions(const struct run *r, const char *path, size_t *count);

#endif
