#include "sim/schema/plugin.h"

#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <sha256.h>
#include <stdlib.h>
#include <string.h>

#include "sim/schema/config_priv.h"

#define HASH_WORD "sha256:"

/* The key that names a plug-in, for messages. */
struct named {
    struct config *c;
    const char *section, *key;
    struct err *e;
};

bool plugin_is_named(const char *value)
{
    size_t n = strlen(value);
    return strchr(value, '/') || (n > 3 && !strcmp(value + n - 3, ".so"));
}

/* What a relative name starts with: the folder of the file that sets the key, "FILE:LINE" being the
 * origin; nothing for the others. */
static char *folder_of(const struct named *k)
{
    const struct setting *s = config_find(k->c, k->section, k->key);
    const char *origin = s ? s->origin : "", *colon = strrchr(origin, ':');
    const char *slash = strrchr(origin, '/');
    bool in_folder = colon && isdigit((unsigned char)colon[1]) && slash;
    return xasprintf("%.*s", in_folder ? (int)(slash - origin) + 1 : 0, origin);
}

/* "PATH" or "PATH sha256:HASH": the hash, and the path cut off before it; NULL without one. */
static const char *cut_hash(char *value)
{
    char *hash = strstr(value, " " HASH_WORD);
    if (!hash)
        return NULL;
    char *end = hash;
    while (end > value && end[-1] == ' ')
        end--;
    *end = '\0';
    return hash + sizeof " " HASH_WORD - 1;
}

/* The absolute name of the file that the value means, checked against the hash in it; the
 * configuration is told both. The caller frees the name. */
static char *find_file(const struct named *k, const char *value)
{
    char hash[SHA256_DIGEST_STRING_LENGTH], *path = xstrdup(value), *folder = folder_of(k);
    const char *wanted = cut_hash(path);
    char *name = *path == '/' ? xstrdup(path) : xasprintf("%s%s", folder, path);
    char *real = realpath(name, NULL);
    if (!real || !SHA256File(real, hash)) {
        config_error(k->c, k->section, k->key, k->e, "%s cannot be read: %s", name,
                     strerror(errno));
        free(real);
        real = NULL;
    } else if (wanted && strcmp(wanted, hash)) {
        config_error(k->c, k->section, k->key, k->e,
                     "%s is another plug-in by now: its hash is " HASH_WORD "%s", real, hash);
        free(real);
        real = NULL;
    } else {
        config_resolve(k->c, k->section, k->key, xasprintf("%s " HASH_WORD "%s", real, hash));
    }
    free(name);
    free(folder);
    free(path);
    return real;
}

static const void *check(const struct named *k, const char *path, const struct plugin *p,
                         const char *kind, size_t ops_bytes)
{
    const char *again = "; build it again with the headers of this simrun";
    if (!p)
        config_error(k->c, k->section, k->key, k->e,
                     "%s exports no simrun_%s: it is no plug-in of this kind, or lacks "
                     "PLUGIN_EXPORT(%s, ...)", path, kind, kind);
    else if (p->abi != PLUGIN_ABI)
        config_error(k->c, k->section, k->key, k->e,
                     "%s was built for version %u of the plug-in interface, this simrun has "
                     "version %d%s", path, p->abi, PLUGIN_ABI, again);
    else if (p->ops_bytes != ops_bytes)
        config_error(k->c, k->section, k->key, k->e,
                     "%s hands over a table of %u bytes, this simrun's have %zu%s", path,
                     p->ops_bytes, ops_bytes, again);
    else
        return p->ops;
    return NULL;
}

const void *plugin_load(struct config *c, const char *section, const char *key, const char *value,
                        const char *kind, size_t ops_bytes, struct err *e)
{
    const struct named k = {c, section, key, e};
    char *path = find_file(&k, value);
    if (!path)
        return NULL;
    const void *ops = NULL;
    void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!object) {
        config_error(c, section, key, e, "cannot be loaded: %s", dlerror());
    } else {
        char *symbol = xasprintf("simrun_%s", kind);
        ops = check(&k, path, dlsym(object, symbol), kind, ops_bytes);
        free(symbol);
    }
    free(path);
    return ops;
}
