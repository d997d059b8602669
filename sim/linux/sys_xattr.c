/* Extended attributes: no file of the guest has any, and none can be set, as on a file system
 * without them. What the host keeps there (labels, capabilities) is its own. */
#include <errno.h>

#include "sim/linux/internal.h"

#define UNSUPPORTED(name)                                                                          \
    int64_t sys_##name(struct linux_process *l, const uint64_t *a)                                 \
    {                                                                                              \
        (void)l, (void)a;                                                                          \
        return -EOPNOTSUPP;                                                                        \
    }
UNSUPPORTED(setxattr)
UNSUPPORTED(lsetxattr)
UNSUPPORTED(fsetxattr)
UNSUPPORTED(getxattr)
UNSUPPORTED(lgetxattr)
UNSUPPORTED(fgetxattr)
UNSUPPORTED(listxattr)
UNSUPPORTED(llistxattr)
UNSUPPORTED(flistxattr)
UNSUPPORTED(removexattr)
UNSUPPORTED(lremovexattr)
UNSUPPORTED(fremovexattr)
