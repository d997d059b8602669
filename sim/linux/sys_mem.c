/* The address space: brk, mmap and what changes mappings. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"
#include "sim/linux/open_flags.h"
#include "sim/mem/file_source.h"

#define LOWEST UINT64_C(0x10000) /* vm.mmap_min_addr */

enum { GUEST_PROT_READ = 1, GUEST_PROT_WRITE = 2, GUEST_PROT_EXEC = 4 };
/* PROT_GROWSDOWN and _GROWSUP are for stacks that grow by themselves; ours is mapped at once.
 * PROT_SEM, PROT_SAO: hints. */
#define PROT_KNOWN UINT64_C(0x1f)
enum guest_map {
    GUEST_MAP_SHARED = 1, GUEST_MAP_PRIVATE = 2, GUEST_MAP_SHARED_VALIDATE = 3,
    GUEST_MAP_TYPE = 15, GUEST_MAP_FIXED = 0x10, GUEST_MAP_ANONYMOUS = 0x20,
    GUEST_MAP_HUGETLB = 0x40000, GUEST_MAP_FIXED_NOREPLACE = 0x100000,
};
enum { GUEST_MREMAP_MAYMOVE = 1, GUEST_MREMAP_FIXED = 2, GUEST_MREMAP_DONTUNMAP = 4 };

static uint64_t page_up(const struct linux_process *l, uint64_t bytes)
{
    return align_up(bytes, process_page_bytes(l->process));
}

static bool is_page(const struct linux_process *l, uint64_t ea)
{
    return ea % process_page_bytes(l->process) == 0;
}

/* Inside the user's address space; both are multiples of the page. */
static bool range_fits(const struct linux_process *l, uint64_t start, uint64_t bytes)
{
    return start < l->image.user_end && bytes <= l->image.user_end - start;
}

static bool range_is_free(const struct linux_process *l, uint64_t start, uint64_t bytes)
{
    const struct area *a = process_area_at(l->process, start);
    return !a || a->start >= start + bytes;
}

bool mem_is_mapped(const struct linux_process *l, uint64_t start, uint64_t bytes)
{
    for (uint64_t at = start; at < start + bytes;) {
        const struct area *a = process_area_at(l->process, at);
        if (!a || a->start > at)
            return false;
        at = a->end;
    }
    return true;
}

/* Writable pages are readable, as on every PowerPC. */
static uint32_t prot_of(uint64_t guest)
{
    return (guest & (GUEST_PROT_READ | GUEST_PROT_WRITE) ? (uint32_t)AREA_READ : 0) |
           (guest & GUEST_PROT_WRITE ? (uint32_t)AREA_WRITE : 0) |
           (guest & GUEST_PROT_EXEC ? (uint32_t)AREA_EXEC : 0);
}

/* Returns the new break; the old one when it cannot move, as the call does. */
int64_t sys_brk(struct linux_process *l, const uint64_t *a)
{
    uint64_t wanted = a[0], old_end = page_up(l, l->space->brk_now), end = page_up(l, wanted);
    if (wanted < l->image.brk_start || wanted > l->image.user_end)
        return (int64_t)l->space->brk_now;
    if (end > old_end) {
        if (!range_fits(l, old_end, end - old_end) ||
            !range_is_free(l, old_end, end - old_end + process_page_bytes(l->process)))
            return (int64_t)l->space->brk_now;
        process_map(l->process, old_end, end - old_end, AREA_READ | AREA_WRITE, NULL, 0, "[heap]");
    } else if (end < old_end) {
        process_unmap(l->process, end, old_end - end);
    }
    l->space->brk_now = wanted;
    return (int64_t)wanted;
}

/* mmap's choice: the hint where it is free, or the highest room below the mmap base. 0: none. */
static uint64_t find_room(const struct linux_process *l, uint64_t hint, uint64_t bytes)
{
    hint = align_down(hint, process_page_bytes(l->process));
    if (hint >= LOWEST && range_fits(l, hint, bytes) &&
        hint + bytes <= l->space->stack_low - STACK_GUARD && range_is_free(l, hint, bytes))
        return hint;
    uint64_t found = process_find_free(l->process, bytes, l->space->mmap_base);
    return found >= LOWEST ? found : 0;
}

static int64_t choose_address(const struct linux_process *l, uint64_t hint, uint64_t bytes,
                              uint64_t flags)
{
    if (!(flags & (GUEST_MAP_FIXED | GUEST_MAP_FIXED_NOREPLACE))) {
        uint64_t found = find_room(l, hint, bytes);
        return found ? (int64_t)found : -ENOMEM;
    }
    if (!is_page(l, hint))
        return -EINVAL;
    if (!range_fits(l, hint, bytes))
        return -ENOMEM;
    if (hint < LOWEST)
        return -EPERM;
    if (flags & GUEST_MAP_FIXED_NOREPLACE && !range_is_free(l, hint, bytes))
        return -EEXIST;
    return (int64_t)hint;
}

/* Shared memory without a file is a file without a name, so that discarding pages does not
 * lose it. */
static int64_t shared_memory(struct linux_process *l, uint64_t bytes, struct area_source **source)
{
    int fd = memfd_create("shared", MFD_CLOEXEC);
    if (fd < 0)
        return -errno;
    bool sized = ftruncate(fd, (off_t)bytes) == 0;
    *source = sized ? file_source_shared(fd, 0, bytes, true, process_page_bytes(l->process),
                                         "/dev/zero (deleted)")
                    : NULL;
    close(fd);
    return *source ? 0 : -ENOMEM;
}

/* What the file may be used for: -EACCES, -ENODEV or 0. */
static int64_t check_file(int fd, uint64_t prot, bool shared, bool *writable)
{
    struct stat st;
    int mode = fcntl(fd, F_GETFL);
    if (mode < 0 || mode & O_PATH || fstat(fd, &st) < 0)
        return -EBADF;
    *writable = (mode & O_ACCMODE) == O_RDWR;
    if ((mode & O_ACCMODE) == O_WRONLY || (shared && prot & GUEST_PROT_WRITE && !*writable))
        return -EACCES;
    return S_ISREG(st.st_mode) ? 0 : -ENODEV;
}

/* For /proc/self/maps: the guest's name of an open file. */
static const char *file_name(const struct linux_process *l, int fd, char *text)
{
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, text, PATH_MAX - 1);
    text[n > 0 ? n : 0] = '\0';
    const char *name = roots_guest_name(l->config.roots, text);
    return name && *name ? name : "(file)";
}

static int64_t file_memory(struct linux_process *l, const uint64_t *a, uint64_t bytes,
                           struct area_source **source, uint64_t *source_offset)
{
    bool shared = (a[3] & GUEST_MAP_TYPE) != GUEST_MAP_PRIVATE, writable;
    uint64_t page = process_page_bytes(l->process);
    int fd = fd_host(&l->fds, a[4]);
    if (fd < 0)
        return -EBADF;
    int64_t r = fd_find(&l->fds, a[4])->is_generated ? -ENODEV :
                check_file(fd, a[2], shared, &writable);
    if (r < 0)
        return r;
    if (a[5] > INT64_MAX - bytes)
        return -EOVERFLOW;
    char text[PATH_MAX];
    const char *name = file_name(l, fd, text);
    *source = shared ? file_source_shared(fd, a[5], bytes, writable, page, name)
                     : file_source_private(fd, FILE_SOURCE_NO_LIMIT, page, name);
    *source_offset = shared ? 0 : a[5];
    return *source ? 0 : -errno;
}

int64_t sys_mmap(struct linux_process *l, const uint64_t *a)
{
    uint64_t bytes = page_up(l, a[1]), type = a[3] & GUEST_MAP_TYPE, source_offset = 0;
    struct area_source *source = NULL;
    int64_t r = 0;
    if (a[2] & ~PROT_KNOWN || a[1] == 0 || !is_page(l, a[5]) || a[3] & GUEST_MAP_HUGETLB ||
        type < GUEST_MAP_SHARED || type > GUEST_MAP_SHARED_VALIDATE)
        return -EINVAL;
    if (bytes == 0 || bytes > l->image.user_end)
        return -ENOMEM;
    int64_t at = choose_address(l, a[0], bytes, a[3]);
    if (at < 0)
        return at;
    if (!(a[3] & GUEST_MAP_ANONYMOUS))
        r = file_memory(l, a, bytes, &source, &source_offset);
    else if (type != GUEST_MAP_PRIVATE)
        r = shared_memory(l, bytes, &source);
    if (r < 0)
        return r;
    process_map(l->process, (uint64_t)at, bytes, prot_of(a[2]), source, source_offset,
                source ? file_source_name(source) : NULL);
    return at;
}

int64_t mem_room(const struct linux_process *l, uint64_t ea, uint64_t bytes, bool replace)
{
    uint64_t fixed = replace ? GUEST_MAP_FIXED : GUEST_MAP_FIXED_NOREPLACE;
    return choose_address(l, ea, bytes, ea ? fixed : 0);
}

/* The offset is in units of 4 KiB whatever the page. */
int64_t sys_mmap2(struct linux_process *l, const uint64_t *a)
{
    return sys_mmap(l, (uint64_t[]){a[0], a[1], a[2], a[3], a[4], a[5] << 12});
}

/* Start and length of calls on what is mapped already: 0, or the error. *bytes is rounded up. */
int64_t mem_check_range(const struct linux_process *l, uint64_t start, uint64_t *bytes)
{
    uint64_t asked = *bytes;
    *bytes = page_up(l, asked);
    if (!is_page(l, start) || (asked && !*bytes))
        return -EINVAL;
    return range_fits(l, start, *bytes) ? 0 : -ENOMEM;
}

int64_t sys_munmap(struct linux_process *l, const uint64_t *a)
{
    uint64_t bytes = a[1];
    if (bytes == 0 || mem_check_range(l, a[0], &bytes) < 0)
        return -EINVAL;
    process_unmap(l->process, a[0], bytes);
    return 0;
}

/* A shared mapping of a file that is open for reading only must not become writable. */
static bool may_protect(const struct linux_process *l, uint64_t start, uint64_t bytes,
                        uint32_t prot)
{
    for (uint64_t at = start; prot & AREA_WRITE && at < start + bytes;) {
        const struct area *a = process_area_at(l->process, at);
        if (!a || a->start >= start + bytes)
            return true;
        if (a->source && a->source->borrow && !file_source_writable(a->source))
            return false;
        at = a->end;
    }
    return true;
}

int64_t sys_mprotect(struct linux_process *l, const uint64_t *a)
{
    uint64_t bytes = a[1];
    int64_t r = mem_check_range(l, a[0], &bytes);
    if (a[2] & ~PROT_KNOWN)
        return -EINVAL;
    if (r < 0 || bytes == 0)
        return r;
    if (!may_protect(l, a[0], bytes, prot_of(a[2])))
        return -EACCES;
    return process_protect(l->process, a[0], bytes, prot_of(a[2])) ? 0 : -ENOMEM;
}

/* Room for the moved mapping: the fixed address (cleared), or a free one. */
static int64_t remap_target(struct linux_process *l, const uint64_t *a, uint64_t old_bytes,
                            uint64_t new_bytes)
{
    if (!(a[3] & GUEST_MREMAP_FIXED)) {
        uint64_t found = find_room(l, 0, new_bytes);
        return found ? (int64_t)found : -ENOMEM;
    }
    bool overlap = a[4] < a[0] + old_bytes && a[0] < a[4] + new_bytes;
    if (!is_page(l, a[4]) || !range_fits(l, a[4], new_bytes) || overlap || a[4] < LOWEST)
        return -EINVAL;
    process_unmap(l->process, a[4], new_bytes);
    return (int64_t)a[4];
}

/* Maps what a grown mapping has more than before, right behind it. */
static int64_t extend(struct linux_process *l, struct area area, uint64_t start, uint64_t old_bytes,
                      uint64_t new_bytes)
{
    uint64_t offset = area.source_offset + (start - area.start) + old_bytes;
    if (area.source && area.source->borrow) {
        if (file_source_grow(area.source, offset + (new_bytes - old_bytes)) < 0)
            return -ENOMEM;
        tasks_discard_borrowed(l->kernel); /* the host's mapping may have moved */
    }
    process_map(l->process, start + old_bytes, new_bytes - old_bytes, area.prot, area.source,
                offset, area.name);
    return (int64_t)start;
}

static int64_t grow(struct linux_process *l, const uint64_t *a, uint64_t old_bytes,
                    uint64_t new_bytes)
{
    const struct area *found = process_area_at(l->process, a[0]);
    if (!found || found->start > a[0] || found->end < a[0] + old_bytes)
        return -EFAULT;
    struct area area = *found;
    bool fixed = a[3] & GUEST_MREMAP_FIXED;
    if (!fixed && new_bytes > old_bytes && range_fits(l, a[0], new_bytes) &&
        range_is_free(l, a[0] + old_bytes, new_bytes - old_bytes))
        return extend(l, area, a[0], old_bytes, new_bytes);
    if (!(a[3] & GUEST_MREMAP_MAYMOVE))
        return -ENOMEM;
    int64_t to = remap_target(l, a, old_bytes, new_bytes);
    if (to < 0)
        return to;
    process_move(l->process, a[0], min_u64(old_bytes, new_bytes), (uint64_t)to);
    area.start += (uint64_t)to - a[0]; /* wraps as the difference does */
    return new_bytes > old_bytes ? extend(l, area, (uint64_t)to, old_bytes, new_bytes) : to;
}

int64_t sys_mremap(struct linux_process *l, const uint64_t *a)
{
    uint64_t old_bytes = page_up(l, a[1]), new_bytes = page_up(l, a[2]);
    bool fixed = a[3] & GUEST_MREMAP_FIXED;
    if (a[3] & ~UINT64_C(3) || (fixed && !(a[3] & GUEST_MREMAP_MAYMOVE)) || !is_page(l, a[0]) ||
        new_bytes == 0 || old_bytes == 0 || !range_fits(l, a[0], old_bytes))
        return -EINVAL;
    if (new_bytes > l->image.user_end)
        return -ENOMEM;
    if (!mem_is_mapped(l, a[0], old_bytes))
        return -EFAULT;
    if (new_bytes < old_bytes) {
        process_unmap(l->process, a[0] + new_bytes, old_bytes - new_bytes);
        old_bytes = new_bytes;
    }
    return old_bytes == new_bytes && !fixed ? (int64_t)a[0] : grow(l, a, old_bytes, new_bytes);
}

int64_t sys_msync(struct linux_process *l, const uint64_t *a)
{
    uint64_t bytes = a[1];
    if (a[2] & ~UINT64_C(7) || (a[2] & 5) == 5 || !is_page(l, a[0]))
        return -EINVAL;
    if (mem_check_range(l, a[0], &bytes) < 0 || !mem_is_mapped(l, a[0], bytes))
        return -ENOMEM;
    for (uint64_t at = a[0]; at < a[0] + bytes;) {
        const struct area *area = process_area_at(l->process, at);
        uint64_t end = min_u64(area->end, a[0] + bytes);
        if (area->source && area->source->borrow &&
            file_source_sync(area->source, area->source_offset + (at - area->start), end - at) < 0)
            return -errno;
        at = end;
    }
    return 0;
}
