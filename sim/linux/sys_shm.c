/* System V shared memory. A segment is a file without a name in the host, which every attached
 * process maps, so that what fork and munmap do to it is what they do to any shared mapping. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/linux/internal.h"
#include "sim/linux/ipc.h"
#include "sim/mem/file_source.h"

#define MODE_DEST 01000u /* removed, but still attached somewhere */

enum { SHM_READ_ONLY = 010000, SHM_ROUND = 020000, SHM_REPLACE = 040000, SHM_EXECUTE = 0100000 };
enum { SHM_HUGE = 04000 };

struct segment {
    struct ipc_object object;
    int fd;
    uint64_t device, inode; /* of the file */
    uint64_t bytes;         /* as asked for */
    int64_t attached_s, detached_s;
    uint32_t creator, last;
};

static void release(struct ipc_object *o) { close(((struct segment *)o)->fd); }

static struct segment *segment_create(const struct linux_process *l, uint64_t bytes)
{
    struct stat st;
    struct segment s = {.object.release = release, .bytes = bytes, .creator = l->pid};
    s.fd = memfd_create("segment", MFD_CLOEXEC);
    if (s.fd < 0)
        return NULL;
    uint64_t rounded = align_up(bytes, process_page_bytes(l->process));
    if (ftruncate(s.fd, (off_t)rounded) < 0 || fstat(s.fd, &st) < 0) {
        close(s.fd);
        return NULL;
    }
    s.device = st.st_dev;
    s.inode = st.st_ino;
    struct segment *made = xmalloc(sizeof *made);
    *made = s;
    return made;
}

int64_t sys_shmget(struct linux_process *l, const uint64_t *a)
{
    int64_t error;
    struct ipc_object *o = ipc_of_key(l, IPC_KIND_SHM, a[0], a[2], &error);
    if (o)
        return a[1] > ((struct segment *)o)->bytes ? -EINVAL : o->id;
    if (error)
        return error;
    if (a[1] == 0 || a[1] > l->image.user_end)
        return -EINVAL;
    if (a[2] & SHM_HUGE)
        return -EPERM;
    struct segment *s = segment_create(l, a[1]);
    return s ? ipc_add(l, &s->object, IPC_KIND_SHM, a[0], a[2]) : -ENOMEM;
}

/* Does the area show a place in the segment? *offset is where it begins. */
static bool shows(const struct area *a, const struct segment *s, uint64_t *offset)
{
    uint64_t device, inode;
    if (!a->source || !a->source->borrow)
        return false;
    file_source_identify(a->source, a->source_offset, &device, &inode, offset);
    return device == s->device && inode == s->inode;
}

static uint32_t attached_in(const struct linux_process *l, const struct segment *s)
{
    uint64_t at = 0, offset;
    uint32_t count = 0;
    for (const struct area *a; (a = process_area_at(l->process, at)); at = a->end)
        count += shows(a, s, &offset);
    return count;
}

static bool seen_before(const struct kernel *k, uint32_t index)
{
    for (uint32_t n = 0; n < index; n++)
        if (k->tasks[n]->state == TASK_ALIVE && k->tasks[n]->space == k->tasks[index]->space)
            return true;
    return false;
}

static uint32_t attached(const struct kernel *k, const struct segment *s)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < k->task_count; n++)
        if (k->tasks[n]->state == TASK_ALIVE && !seen_before(k, n))
            count += attached_in(k->tasks[n], s);
    return count;
}

void shm_sweep(struct kernel *k)
{
    for (uint32_t n = k->ipc.count; n-- > 0;) {
        struct ipc_object *o = k->ipc.all[n];
        if (o->kind == IPC_KIND_SHM && o->mode & MODE_DEST && !attached(k, (struct segment *)o))
            ipc_remove(k, o);
    }
}

static struct segment *segment_of(struct linux_process *l, uint64_t id, uint32_t access,
                                  int64_t *error)
{
    shm_sweep(l->kernel); /* munmap, exec and the like tell nobody */
    return (struct segment *)ipc_of_id(l, IPC_KIND_SHM, id, access, error);
}

static int64_t attach(struct linux_process *l, struct segment *s, uint64_t ea, uint64_t flags)
{
    char name[32];
    uint64_t page = process_page_bytes(l->process), bytes = align_up(s->bytes, page);
    bool writable = !(flags & SHM_READ_ONLY);
    int64_t at = mem_room(l, ea, bytes, flags & SHM_REPLACE);
    if (at < 0)
        return at == -ENOMEM ? -ENOMEM : -EINVAL;
    snprintf(name, sizeof name, "/SYSV%08x (deleted)", (uint32_t)s->object.key);
    struct area_source *source = file_source_shared(s->fd, 0, bytes, writable, page, name);
    if (!source)
        return -ENOMEM;
    uint32_t prot = AREA_READ | (writable ? (uint32_t)AREA_WRITE : 0) |
                    (flags & SHM_EXECUTE ? (uint32_t)AREA_EXEC : 0);
    process_map(l->process, (uint64_t)at, bytes, prot, source, 0, file_source_name(source));
    s->attached_s = ipc_now_s(l);
    s->last = l->pid;
    return at;
}

int64_t sys_shmat(struct linux_process *l, const uint64_t *a)
{
    int64_t error;
    uint64_t page = process_page_bytes(l->process), ea = a[1];
    uint32_t access = IPC_MAY_READ | (a[2] & SHM_READ_ONLY ? 0 : IPC_MAY_WRITE);
    struct segment *s = segment_of(l, a[0], access, &error);
    if (!s)
        return error;
    if (a[2] & SHM_ROUND)
        ea = align_down(ea, page);
    if (ea % page || (a[2] & SHM_REPLACE && !ea))
        return -EINVAL;
    return attach(l, s, ea, a[2]);
}

/* All of the segment's mappings that belong to an attachment at `ea`, some of which may be gone. */
static bool detach(struct linux_process *l, struct segment *s, uint64_t ea)
{
    uint64_t offset, at = ea, end = ea + align_up(s->bytes, process_page_bytes(l->process));
    bool found = false;
    for (const struct area *a; (a = process_area_at(l->process, at)) && a->start < end;) {
        uint64_t start = a->start, stop = a->end;
        at = stop;
        if (!shows(a, s, &offset) || start - offset != ea)
            continue;
        process_unmap(l->process, start, stop - start);
        found = true;
    }
    return found;
}

int64_t sys_shmdt(struct linux_process *l, const uint64_t *a)
{
    if (a[0] % process_page_bytes(l->process))
        return -EINVAL;
    for (uint32_t n = 0; n < l->kernel->ipc.count; n++) {
        struct segment *s = (struct segment *)l->kernel->ipc.all[n];
        if (s->object.kind != IPC_KIND_SHM || !detach(l, s, a[0]))
            continue;
        s->detached_s = ipc_now_s(l);
        s->last = l->pid;
        shm_sweep(l->kernel);
        return 0;
    }
    return -EINVAL;
}

/* struct shmid64_ds */
static int64_t put_status(struct linux_process *l, const struct segment *s, uint64_t ea)
{
    struct wire w;
    wire_init(&w, l);
    ipc_put_perm(&w, &s->object);
    ipc_put_time(&w, s->attached_s);
    ipc_put_time(&w, s->detached_s);
    ipc_put_time(&w, s->object.changed_s);
    if (!l->image.is_64bit)
        wire_put_long(&w, 0);
    wire_put_long(&w, s->bytes);
    wire_put(&w, 4, s->creator);
    wire_put(&w, 4, s->last);
    wire_put_long(&w, attached(l->kernel, s));
    wire_put_long(&w, 0);
    wire_put_long(&w, 0);
    return wire_store(&w, l, ea) ? 0 : -EFAULT;
}

static int64_t highest_index(const struct linux_process *l)
{
    uint32_t count = ipc_count(l->kernel, IPC_KIND_SHM);
    return count ? count - 1 : 0;
}

/* struct shminfo64 */
static int64_t put_limits(struct linux_process *l, uint64_t ea)
{
    const uint64_t limits[9] = {l->image.user_end, 1, IPC_OBJECTS_MAX, IPC_OBJECTS_MAX,
                                l->image.user_end / process_page_bytes(l->process)};
    struct wire w;
    wire_init(&w, l);
    for (uint32_t n = 0; n < ARRAY_LEN(limits); n++)
        wire_put_long(&w, limits[n]);
    return wire_store(&w, l, ea) ? highest_index(l) : -EFAULT;
}

/* struct shm_info */
static int64_t put_usage(struct linux_process *l, uint64_t ea)
{
    const struct ipc_object *o;
    uint64_t pages = 0, page = process_page_bytes(l->process);
    struct wire w;
    wire_init(&w, l);
    for (uint32_t n = 0; (o = ipc_of_index(l->kernel, IPC_KIND_SHM, n)); n++)
        pages += align_up(((const struct segment *)o)->bytes, page) / page;
    const uint64_t values[5] = {pages, pages};
    wire_put(&w, 4, ipc_count(l->kernel, IPC_KIND_SHM));
    for (uint32_t n = 0; n < ARRAY_LEN(values); n++)
        wire_put_long(&w, values[n]);
    return wire_store(&w, l, ea) ? highest_index(l) : -EFAULT;
}

static int64_t status_by_index(struct linux_process *l, const uint64_t *a)
{
    shm_sweep(l->kernel);
    const struct ipc_object *o = ipc_of_index(l->kernel, IPC_KIND_SHM, a[0]);
    if (!o)
        return -EINVAL;
    int64_t r = put_status(l, (const struct segment *)o, a[2]);
    return r < 0 ? r : o->id;
}

/* It stays until the last process has let it go, but its key finds it no more. */
static int64_t remove_segment(struct linux_process *l, struct segment *s)
{
    if (!ipc_is_owner(l, &s->object))
        return -EPERM;
    s->object.key = 0;
    s->object.mode |= MODE_DEST;
    shm_sweep(l->kernel);
    return 0;
}

int64_t sys_shmctl(struct linux_process *l, const uint64_t *a)
{
    enum { LOCK = 11, UNLOCK, STAT_INDEX, INFO, STAT_ANY };
    int64_t error;
    if (a[1] == GUEST_IPC_INFO || a[1] == INFO)
        return a[1] == INFO ? put_usage(l, a[2]) : put_limits(l, a[2]);
    if (a[1] == STAT_INDEX || a[1] == STAT_ANY)
        return status_by_index(l, a);
    struct segment *s =
        segment_of(l, a[0], a[1] == GUEST_IPC_STAT ? (uint32_t)IPC_MAY_READ : 0, &error);
    if (!s)
        return error;
    switch (a[1]) {
    case GUEST_IPC_RMID:
        return remove_segment(l, s);
    case GUEST_IPC_SET:
        return ipc_set_perm(l, &s->object, a[2]);
    case GUEST_IPC_STAT:
        return put_status(l, s, a[2]);
    case LOCK: /* nothing is ever paged out */
    case UNLOCK:
        return ipc_is_owner(l, &s->object) ? 0 : -EPERM;
    default:
        return -EINVAL;
    }
}
