#include "sim/linux/fd_table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/err.h"
#include "sim/linux/fd_object.h"

static void grow(struct fd_table *t, uint32_t count)
{
    uint32_t room = t->count ? t->count : 16;
    while (room < count)
        room *= 2;
    t->entries = xrealloc(t->entries, room * sizeof *t->entries);
    for (uint32_t n = t->count; n < room; n++)
        t->entries[n] = (struct fd_entry){.host = -1};
    t->count = room;
}

void fd_table_init(struct fd_table *t)
{
    *t = (struct fd_table){0};
    grow(t, 3);
    for (int n = 0; n < 3; n++)
        if (fcntl(n, F_GETFD) >= 0)
            t->entries[n] = (struct fd_entry){.host = n, .keep = true};
}

void fd_table_free(struct fd_table *t)
{
    for (uint32_t n = 0; n < t->count; n++)
        fd_close(t, n);
    free(t->entries);
}

void fd_table_copy(struct fd_table *to, struct fd_table *from)
{
    *to = (struct fd_table){0};
    grow(to, from->count);
    for (uint32_t n = 0; n < from->count; n++) {
        struct fd_entry *entry = &from->entries[n];
        if (entry->host >= 0 && !entry->keep) {
            if (!entry->sharers)
                entry->sharers = xcalloc(1, sizeof *entry->sharers);
            ++*entry->sharers;
        }
        to->entries[n] = *entry;
    }
}

struct fd_entry *fd_find(struct fd_table *t, uint64_t guest)
{
    return guest < t->count && t->entries[guest].host >= 0 ? &t->entries[guest] : NULL;
}

int fd_host(const struct fd_table *t, uint64_t guest)
{
    return guest < t->count ? t->entries[guest].host : -1;
}

void fd_replace(struct fd_table *t, uint32_t guest, int host, bool close_on_exec)
{
    if (guest >= t->count)
        grow(t, guest + 1);
    fd_close(t, guest);
    t->entries[guest] = (struct fd_entry){.host = host, .close_on_exec = close_on_exec};
}

int64_t fd_install(struct fd_table *t, int host, bool close_on_exec, uint64_t lowest,
                   uint64_t limit)
{
    uint64_t n = lowest;
    while (n < t->count && t->entries[n].host >= 0)
        n++;
    if (n >= limit || n >= FD_MAX) {
        close(host);
        return -EMFILE;
    }
    fd_replace(t, (uint32_t)n, host, close_on_exec);
    return (int64_t)n;
}

bool fd_close(struct fd_table *t, uint64_t guest)
{
    struct fd_entry *entry = fd_find(t, guest);
    if (!entry)
        return false;
    if (entry->sharers && *entry->sharers) {
        --*entry->sharers;
    } else if (!entry->keep) {
        close(entry->host);
        free(entry->sharers);
        if (entry->object)
            entry->object->users--;
    }
    *entry = (struct fd_entry){.host = -1};
    return true;
}
