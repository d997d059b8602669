/* The flattened device tree by which the guest learns what its machine has. */
#ifndef SIM_PLATFORM_PSERIES_DEVICE_TREE_H
#define SIM_PLATFORM_PSERIES_DEVICE_TREE_H

#include "sim/platform/pseries/internal.h"

#define DEVICE_TREE_BYTES_MAX 16384u

/* Writes the tree of a partition with that layout; its size in bytes. `command_line` is the
 * kernel's. */
uint32_t device_tree_write(const struct pseries *p, const char *command_line,
                           uint8_t tree[DEVICE_TREE_BYTES_MAX]);

#endif
