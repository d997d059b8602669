/* The guest's file descriptors, each a host descriptor under another number: what the simulator has
 * open for itself cannot be reached. */
#ifndef SIM_LINUX_FD_TABLE_H
#define SIM_LINUX_FD_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#define FD_MAX 65536u /* above any RLIMIT_NOFILE */

struct fd_object;

struct fd_entry {
    int host;           /* -1: free */
    bool close_on_exec;
    bool is_counter;    /* eventfd: read and written as a number in the host's byte order */
    bool is_inotify;    /* inotify.h */
    bool is_directory;  /* below /proc or /sys: proc_dir.h */
    bool is_generated;  /* a file there: proc_file.h */
    bool keep;          /* the simulator's own 0, 1, 2: never closed in the host */
    struct fd_object *object; /* behind a timerfd or signalfd; NULL */
    uint32_t *sharers;  /* processes that have it beside this one, counted; NULL: there were none */
};

struct fd_table {
    struct fd_entry *entries;
    uint32_t count;
};

void fd_table_init(struct fd_table *t); /* with 0, 1 and 2 as far as the host has them */
void fd_table_free(struct fd_table *t);
/* Fills an empty table as fork does: the same host descriptors, which are closed when the last
 * table lets go of them. */
void fd_table_copy(struct fd_table *to, struct fd_table *from);
/* -1 when there is no such descriptor. */
int fd_host(const struct fd_table *t, uint64_t guest);
struct fd_entry *fd_find(struct fd_table *t, uint64_t guest);
/* Takes over `host`: the lowest free number >= lowest, or -EMFILE (and host is closed) when it
 * would reach `limit`. */
int64_t fd_install(struct fd_table *t, int host, bool close_on_exec, uint64_t lowest,
                   uint64_t limit);
/* Takes over `host` under that very number, closing what was there. */
void fd_replace(struct fd_table *t, uint32_t guest, int host, bool close_on_exec);
/* False when it was not open. */
bool fd_close(struct fd_table *t, uint64_t guest);

#endif
