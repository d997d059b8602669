/* Plug-ins: shared objects that take the place of a built-in policy. A key that takes a policy's
 * name takes a file's too:
 *
 *   [l2]
 *   replacement = ./mine.so
 *
 * The object hands over the same table of operations that a built-in policy has, by one line at its
 * end: PLUGIN_EXPORT(repl, my_ops). models/PLUGINS.md tells how one is written.
 *
 * A name with a `/` in it, or one that ends in `.so`, is a file's; relative to the folder of the
 * file that the key stands in, or to the current one for a key of the command line. A plug-in is a
 * part of the machine: the resolved configuration has its absolute name and `sha256:` with the hash
 * of its content, so that another content is another configuration; a value that gives the hash is
 * refused when the file has another one. */
#ifndef SIM_SCHEMA_PLUGIN_H
#define SIM_SCHEMA_PLUGIN_H

#include "sim/schema/config.h"

/* Raised when a structure or the meaning of a function that plug-ins see changes: repl.h,
 * prefetch.h, bpred.h, schema.h, rng.h, err.h. */
#define PLUGIN_ABI 1

struct plugin {
    uint32_t abi;       /* PLUGIN_ABI of the headers that it was built with */
    uint32_t ops_bytes; /* of the table; a second look, for headers that were changed by hand */
    const void *ops;
};

/* Exported as simrun_KIND: what the object is looked up by. */
#define PLUGIN_EXPORT(kind, table)                                                                 \
    extern const struct plugin simrun_##kind;                                                      \
    const struct plugin simrun_##kind = {PLUGIN_ABI, sizeof(table), &(table)}

/* Whether the value of a key means a file. */
bool plugin_is_named(const char *value);

/* The table of operations of the plug-in that the key names, by its value as it was bound; NULL
 * with *e set. `kind` and the size of its table are what is asked for. It stays loaded to the end
 * of the process, because what it hands out points into it. */
const void *plugin_load(struct config *c, const char *section, const char *key, const char *value,
                        const char *kind, size_t ops_bytes, struct err *e);

#endif
