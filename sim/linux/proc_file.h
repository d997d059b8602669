/* Files below /proc and /sys. The host has none of them, or others: a descriptor of one is that of
 * a file in memory, named after the file, with its content as it was when it was last read from its
 * start. Directories are of the same kind: proc_dir.h. */
#ifndef SIM_LINUX_PROC_FILE_H
#define SIM_LINUX_PROC_FILE_H

#include <stdbool.h>
#include <stdint.h>

struct linux_process;
struct stat;
struct thread;

/* A host descriptor of an empty file in memory that the guest calls `name`; -1 with errno: ENOENT
 * when none can have such a name. */
int proc_file_create(const char *name);
/* Gives it the content of the file `path` ("/proc/self/..." for what belongs to l, or to its
 * thread t). False: there is no such file, or the
 * host has no /proc by which to write to it. */
bool proc_file_fill(int host, struct linux_process *l, const struct thread *t, const char *path);
/* The same once more, for a descriptor of the caller l: 0, or -ESRCH when the process that it is
 * about is no more. */
int64_t proc_file_renew(struct linux_process *l, int host);
/* What the guest calls the file or directory, from the text of the host's link to its descriptor;
 * changes the text. NULL: it is none. */
char *proc_file_name(char *link);
/* What stat says of the file in memory becomes what it says of the file. */
void proc_file_stat(struct stat *st);

#endif
