#include "models/cache/repl/repl.h"

#include <stddef.h>
#include <string.h>

#include "sim/base/bits.h"

static const struct repl_ops *const policies[] = {
#define REPL(name) &repl_##name,
#include "models/cache/repl/repl.def"
#undef REPL
};

#define REPL(name) " " #name
const char repl_help[] = "replacement policy: a plug-in's file, or one of:"
#include "models/cache/repl/repl.def"
    ;
#undef REPL

const struct repl_ops *repl_at(uint32_t index)
{
    return index < ARRAY_LEN(policies) ? policies[index] : NULL;
}

const struct repl_ops *repl_find(const char *name)
{
    for (uint32_t i = 0; i < ARRAY_LEN(policies); i++)
        if (strcmp(policies[i]->name, name) == 0)
            return policies[i];
    return NULL;
}
