/* From a guest path to a host directory descriptor and path. Files and directories of /proc and
 * /sys are synthesised, so that nothing of the host shows; the guest's own descriptors and program
 * are found behind /proc/self and /dev/fd. All other paths name the host's files, looked for below
 * the configured roots (sim/base/roots.h). */
#ifndef SIM_LINUX_PATH_H
#define SIM_LINUX_PATH_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct linux_process;
struct thread;

/* What a path below /proc is about. */
struct path_subject {
    struct linux_process *process;
    const struct thread *thread; /* of /proc/<pid>/task/<tid>; NULL */
};

struct guest_path {
    int dirfd;           /* of the host, for the ...at() calls */
    char text[PATH_MAX]; /* for the host */
    const char *link;    /* where this link leads, of the kind of /proc/<pid>/exe; NULL */
    char link_room[32];
    bool is_directory;   /* of the synthesised kind */
    bool is_generated;   /* a file of that kind */
    bool is_descriptor;  /* a link to what one of the guest's descriptors stands for */
    int temp_fd;         /* a synthesised file, open until path_done; -1 */
};

enum path_end { PATH_NOFOLLOW, PATH_FOLLOW }; /* a symbolic link at the path's end */

/* From a call's AT_... flags. */
static inline enum path_end path_end_of(uint64_t flags)
{
    return flags & 0x100 ? PATH_NOFOLLOW : PATH_FOLLOW; /* AT_SYMLINK_NOFOLLOW */
}

/* 0 with *p set, or a negative errno. `dirfd` is the guest's, sign-extended. Call path_done after
 * success only. */
int64_t path_get(struct linux_process *l, uint64_t dirfd, uint64_t ea, enum path_end end,
                 struct guest_path *p);
/* The same for a path that is here already. */
int64_t path_find(struct linux_process *l, uint64_t dirfd, const char *path, enum path_end end,
                  struct guest_path *p);
void path_done(struct guest_path *p);

/* sys_fifo.c: must opening this wait for the other end of a named pipe, while others run? With the
 * host's flags. */
bool fifo_waits(const struct linux_process *l, const struct guest_path *p, int flags);
/* A host descriptor, or what the call has to return. */
int64_t fifo_open(struct linux_process *l, const struct guest_path *p, int flags);

/* /proc/<pid>, /proc/<pid>/task/<tid> and /proc/thread-self become /proc/self, in a text of
 * PATH_MAX bytes; whose self that is. */
struct path_subject path_name_self(struct linux_process *l, char *path);

/* What the guest calls the file or directory behind a host descriptor; `to` has PATH_MAX bytes. The
 * length, or a negative errno. */
int64_t path_of_descriptor(struct linux_process *l, int host, char *to);

/* Resolves //, /./ and /../ by the text alone; `to` has room for the text, one byte more and a
 * zero. The result starts with a slash, or is empty for the root. */
void path_normalise(const char *from, char *to);

/* The guest's AT_FDCWD, for calls that have no directory argument. */
#define PATH_CWD ((uint64_t)(int64_t)-100)

#endif
