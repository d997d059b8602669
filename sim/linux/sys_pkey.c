/* Memory protection keys: there are none, as under radix translation. */
#include <errno.h>

#include "sim/linux/internal.h"

int64_t sys_pkey_alloc(struct linux_process *l, const uint64_t *a)
{
    (void)l;
    return a[0] || a[1] & ~UINT64_C(7) ? -EINVAL : -ENOSPC; /* flags, rights */
}

int64_t sys_pkey_free(struct linux_process *l, const uint64_t *a)
{
    (void)l, (void)a;
    return -EINVAL;
}

/* With no key it is mprotect. */
int64_t sys_pkey_mprotect(struct linux_process *l, const uint64_t *a)
{
    return (int64_t)a[3] == -1 ? sys_mprotect(l, a) : -EINVAL;
}
