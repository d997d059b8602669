/* Pages: advice about them, whether they are there, locking them. */
#include <errno.h>
#include <sys/mman.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"

/* Takes pages out of shared files: nothing but zeros is left there. */
static int64_t remove_pages(struct linux_process *l, uint64_t ea, uint64_t bytes)
{
    for (uint64_t at = ea; at < ea + bytes; at += FRAME_BYTES) {
        const struct area *area = process_area_at(l->process, at);
        if (!area->source || !area->source->borrow)
            return -EINVAL;
        if (!(area->prot & AREA_WRITE))
            return -EACCES;
        uint64_t offset = area->source_offset + (at - area->start);
        uint8_t *host = area->source->borrow(area->source, offset);
        if (host && madvise(host, FRAME_BYTES, MADV_REMOVE) < 0)
            return -errno;
    }
    return 0;
}

int64_t sys_madvise(struct linux_process *l, const uint64_t *a)
{
    enum { GUEST_DONTNEED = 4, GUEST_REMOVE = 9, GUEST_LAST = 23, GUEST_HWPOISON = 100 };
    uint64_t bytes = a[1];
    if (mem_check_range(l, a[0], &bytes) < 0 || a[2] > GUEST_LAST || (a[2] > 4 && a[2] < 8))
        return -EINVAL;
    if (a[2] == GUEST_DONTNEED)
        process_discard(l->process, a[0], bytes);
    if (a[2] == GUEST_REMOVE && mem_is_mapped(l, a[0], bytes))
        return remove_pages(l, a[0], bytes);
    return mem_is_mapped(l, a[0], bytes) ? 0 : -ENOMEM;
}

/* All of it is as good as resident. */
int64_t sys_mincore(struct linux_process *l, const uint64_t *a)
{
    uint64_t bytes = a[1];
    if (a[0] % process_page_bytes(l->process))
        return -EINVAL;
    if (mem_check_range(l, a[0], &bytes) < 0 || !mem_is_mapped(l, a[0], bytes))
        return -ENOMEM;
    for (uint64_t n = 0; n < bytes / process_page_bytes(l->process); n++)
        if (!guest_write(l, a[2] + n, "\1", 1))
            return -EFAULT;
    return 0;
}

/* Pages are never taken away, so locking them is a check of the range. */
int64_t sys_mlock(struct linux_process *l, const uint64_t *a)
{
    uint64_t skew = a[0] % process_page_bytes(l->process), bytes = a[1] + skew;
    if (mem_check_range(l, a[0] - skew, &bytes) < 0)
        return -EINVAL;
    return mem_is_mapped(l, a[0] - skew, bytes) ? 0 : -ENOMEM;
}

int64_t sys_mlock2(struct linux_process *l, const uint64_t *a)
{
    return a[2] & ~UINT64_C(1) ? -EINVAL : sys_mlock(l, a);
}

int64_t sys_munlock(struct linux_process *l, const uint64_t *a) { return sys_mlock(l, a); }

int64_t sys_mlockall(struct linux_process *l, const uint64_t *a)
{
    const uint64_t current = 0x2000, future = 0x4000, onfault = 0x8000; /* powerpc's own */
    (void)l;
    return a[0] == 0 || a[0] == onfault || a[0] & ~(current | future | onfault) ? -EINVAL : 0;
}

int64_t sys_munlockall(struct linux_process *l, const uint64_t *a)
{
    (void)l, (void)a;
    return 0;
}
