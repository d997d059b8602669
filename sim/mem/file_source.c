#include "sim/mem/file_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

struct file_source {
    struct area_source source; /* first: a struct area_source * is a struct file_source * */
    int fd;
    uint64_t limit, page_bytes;
    char *name;
    /* Shared sources only. */
    uint8_t *host;
    uint64_t offset, bytes;
    bool writable;
    /* stands for what the guest's last page has beyond the host's last page of the file */
    uint8_t *tail;
};

static uint64_t file_bytes(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
}

static bool fill(struct area_source *source, uint64_t offset, uint8_t *frame)
{
    struct file_source *f = (struct file_source *)source;
    uint64_t want = FRAME_BYTES, done = 0;
    if (f->limit == FILE_SOURCE_NO_LIMIT) {
        if (offset >= align_up(file_bytes(f->fd), f->page_bytes))
            return false;
    } else {
        want = offset >= f->limit ? 0 : min_u64(FRAME_BYTES, f->limit - offset);
    }
    while (done < want) {
        ssize_t n = pread(f->fd, frame + done, want - done, (off_t)(offset + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0; /* what the file does not have is zero */
        done += (uint64_t)n;
    }
    return true;
}

static uint8_t *borrow(struct area_source *source, uint64_t offset)
{
    struct file_source *f = (struct file_source *)source;
    uint64_t size = file_bytes(f->fd), at = f->offset + offset;
    if (at < size)
        return f->host + offset;
    if (at >= align_up(size, f->page_bytes))
        return NULL;
    if (!f->tail)
        f->tail = xcalloc(1, f->page_bytes);
    return f->tail + (at & (f->page_bytes - 1));
}

static void release(struct area_source *source)
{
    struct file_source *f = (struct file_source *)source;
    if (f->host)
        munmap(f->host, f->bytes);
    close(f->fd);
    free(f->tail);
    free(f->name);
    free(f);
}

static struct file_source *create(int fd, uint64_t page_bytes, const char *name)
{
    int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (own < 0)
        return NULL;
    struct file_source *f = xcalloc(1, sizeof *f);
    *f = (struct file_source){.source = {.fill = fill, .release = release},
                              .fd = own,
                              .page_bytes = page_bytes,
                              .name = xstrdup(name)};
    return f;
}

struct area_source *file_source_private(int fd, uint64_t limit, uint64_t page_bytes,
                                        const char *name)
{
    struct file_source *f = create(fd, page_bytes, name);
    if (!f)
        return NULL;
    f->limit = limit;
    return &f->source;
}

struct area_source *file_source_shared(int fd, uint64_t offset, uint64_t bytes, bool writable,
                                       uint64_t page_bytes, const char *name)
{
    struct file_source *f = create(fd, page_bytes, name);
    if (!f)
        return NULL;
    void *host = mmap(NULL, bytes, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED,
                      f->fd, (off_t)offset);
    if (host == MAP_FAILED) {
        int why = errno;
        release(&f->source);
        errno = why;
        return NULL;
    }
    f->host = host;
    f->offset = offset;
    f->bytes = bytes;
    f->writable = writable;
    f->source.borrow = borrow;
    return &f->source;
}

const char *file_source_name(const struct area_source *s)
{
    return ((const struct file_source *)s)->name;
}

int file_source_sync(struct area_source *s, uint64_t offset, uint64_t bytes)
{
    struct file_source *f = (struct file_source *)s;
    if (s->borrow != borrow || !f->host)
        return 0;
    return msync(f->host + offset, min_u64(bytes, f->bytes - offset), MS_SYNC);
}

bool file_source_writable(const struct area_source *s)
{
    return ((const struct file_source *)s)->writable;
}

void file_source_identify(const struct area_source *s, uint64_t offset, uint64_t *device,
                          uint64_t *inode, uint64_t *file_offset)
{
    const struct file_source *f = (const struct file_source *)s;
    struct stat st = {0};
    fstat(f->fd, &st);
    *device = st.st_dev;
    *inode = st.st_ino;
    *file_offset = f->offset + offset;
}

int file_source_grow(struct area_source *s, uint64_t bytes)
{
    struct file_source *f = (struct file_source *)s;
    if (bytes <= f->bytes)
        return 0;
    void *host = mremap(f->host, f->bytes, bytes, MREMAP_MAYMOVE);
    if (host == MAP_FAILED)
        return -1;
    f->host = host;
    f->bytes = bytes;
    return 0;
}
