/* RLIMIT_FSIZE: how long the files that a process writes may become. What goes beyond fails with
 * EFBIG and SIGXFSZ. Of other files than regular ones nothing is limited. */
#ifndef SIM_LINUX_FILE_LIMIT_H
#define SIM_LINUX_FILE_LIMIT_H

#include <stdint.h>
#include <sys/types.h>

struct linux_process;

/* Before *bytes (not zero) are written to a host descriptor at `offset`, or (-1) where it stands:
 * 0 with as many as may be, or -EFBIG. */
int64_t file_limit_write(struct linux_process *l, int fd, off_t offset, uint64_t *bytes);
/* Before a file is made so long: 0 or -EFBIG. */
int64_t file_limit_size(struct linux_process *l, int fd, uint64_t size);

#endif
