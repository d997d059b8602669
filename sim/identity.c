#include "sim/identity.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/base/bits.h"
#include "sim/base/version.h"

static void add_text(SHA2_CTX *hash, const char *text)
{
    SHA256Update(hash, (const uint8_t *)text, strlen(text) + 1);
}

static bool add_file(SHA2_CTX *hash, const char *path, struct err *e)
{
    char content[SHA256_DIGEST_STRING_LENGTH];
    if (!SHA256File(path, content))
        return err_set(e, "%s: cannot be read: %s", path, strerror(errno));
    add_text(hash, path);
    add_text(hash, content);
    return true;
}

static bool add_inputs(SHA2_CTX *hash, const char *inputs, struct err *e)
{
    char *text = xstrdup(inputs), *save = NULL;
    bool ok = true;
    for (char *path = strtok_r(text, " \t", &save); path && ok;
         path = strtok_r(NULL, " \t", &save))
        ok = add_file(hash, path, e);
    free(text);
    return ok;
}

/* Keys that name a file whose content the guest reads. */
static bool names_content(const struct config_entry *entry)
{
    static const char *const keys[][2] = {{"workload", "input"}, {"platform", "initrd"}};
    for (uint32_t n = 0; n < ARRAY_LEN(keys); n++)
        if (!strcmp(entry->section, keys[n][0]) && !strcmp(entry->key, keys[n][1]))
            return true;
    return false;
}

/* What the configuration names: standard input, an initial root. One that is no plain file (a
 * device, say) or lies below a root counts by its name alone. */
static void add_named_files(SHA2_CTX *hash, const struct config *c)
{
    struct err unread = {0};
    struct stat s;
    for (uint32_t n = 0; n < config_count(c); n++) {
        struct config_entry entry = config_get(c, n);
        if (names_content(&entry) && !stat(entry.value, &s) && S_ISREG(s.st_mode))
            add_file(hash, entry.value, &unread);
    }
}

bool identity_find(struct identity *i, const struct config *c, const char *program_path,
                   const char *const *arguments, const char *inputs, struct err *e)
{
    SHA2_CTX hash;
    char all[SHA256_DIGEST_STRING_LENGTH], *text = config_text(c);
    SHA256Data((const uint8_t *)text, strlen(text), i->config);
    free(text);
    if (!SHA256File(program_path, i->program))
        i->program[0] = 0;
    text = xasprintf("%s %s %d", i->program, i->config, MODEL_VERSION);
    SHA256Init(&hash);
    add_text(&hash, text);
    free(text);
    for (size_t n = 0; arguments && arguments[n]; n++)
        add_text(&hash, arguments[n]);
    add_named_files(&hash, c);
    bool ok = add_inputs(&hash, inputs, e);
    SHA256End(&hash, all);
    memcpy(i->id, all, sizeof i->id - 1);
    i->id[sizeof i->id - 1] = 0;
    return ok;
}
