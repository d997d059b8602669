/* Directories below /proc and /sys: files in memory as proc_file.h has them, with the entries as
 * they were when the directory was opened. */
#ifndef SIM_LINUX_PROC_DIR_H
#define SIM_LINUX_PROC_DIR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct linux_process;
struct stat;
struct thread;

/* A host descriptor of the directory `path` ("/proc/self/..." for what belongs to l, or to its
 * thread t), which the guest calls `name`; -1 with errno: ENOENT when there is none. */
int proc_dir_open(struct linux_process *l, const struct thread *t, const char *path,
                  const char *name);
/* As getdents64: bytes of the next entries. */
ssize_t proc_dir_read(int host, char *to, uint64_t room);
/* What stat says of the file in memory becomes what it says of the directory. */
void proc_dir_stat(struct stat *st);

#endif
