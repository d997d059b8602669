/* The files below /proc and /sys that programs read to learn about themselves and the machine.
 * Paths are "/proc/self/..." for what belongs to a process, whoever asks. */
#ifndef SIM_LINUX_PROCFS_H
#define SIM_LINUX_PROCFS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct linux_process;
struct thread;

/* Directories of the processors; the files of all stand in the table as those of the first. */
#define CPU_DIR "/sys/devices/system/cpu"
#define NODE_DIR "/sys/devices/system/node"

/* Writes the content of a file of l, or of its thread t if not NULL; false: no such file. */
bool procfs_generate(struct linux_process *l, const struct thread *t, const char *path, FILE *out);
/* The paths of all of them, n = 0, 1 ...; NULL behind the last one. */
const char *procfs_file(uint32_t n);
/* The number of the processor whose directory or file `path` is; 0 for others. The path becomes
 * that of the first one. */
uint32_t procfs_cpu(char *path);

#endif
