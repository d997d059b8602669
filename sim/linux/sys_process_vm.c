/* Memory of another process: all belong to one user, so that nobody is refused. */
#include <errno.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"

#define PIECE_BYTES 4096u /* and no piece crosses a page */

/* The user's list of spans; a negative errno. */
static int64_t get_spans(struct linux_process *l, uint64_t ea, uint64_t count,
                         struct guest_span *spans)
{
    uint32_t word = l->image.is_64bit ? 8 : 4;
    if (count > SPAN_MAX)
        return -EINVAL;
    for (uint64_t n = 0; n < count; n++) {
        if (!guest_read_long(l, ea + n * 2 * word, &spans[n].ea) ||
            !guest_read_long(l, ea + (n * 2 + 1) * word, &spans[n].bytes))
            return -EFAULT;
        if (spans[n].bytes >> (word * 8 - 1)) /* negative as ssize_t */
            return -EINVAL;
    }
    return 0;
}

/* Goes to the next span that has bytes left; false behind the last one. */
static bool next_span(struct guest_span *spans, uint64_t count, uint64_t *at)
{
    while (*at < count && !spans[*at].bytes)
        ++*at;
    return *at < count;
}

static void advance(struct guest_span *span, uint64_t bytes)
{
    span->ea += bytes;
    span->bytes -= bytes;
}

static int64_t copy(struct linux_process *l, const uint64_t *a, bool store)
{
    struct guest_span own[SPAN_MAX], far[SPAN_MAX];
    uint8_t piece[PIECE_BYTES];
    uint64_t o = 0, f = 0, total = 0;
    int64_t r = get_spans(l, a[1], a[2], own);
    if (r == 0)
        r = get_spans(l, a[3], a[4], far);
    if (a[5] || r < 0)
        return a[5] ? -EINVAL : r;
    struct linux_process *of = task_find(l->kernel, a[0]);
    if (!of || of->state != TASK_ALIVE)
        return -ESRCH;
    while (next_span(own, a[2], &o) && next_span(far, a[4], &f)) {
        uint64_t bytes = min_u64(min_u64(own[o].bytes, far[f].bytes),
                                 min_u64(PIECE_BYTES - own[o].ea % PIECE_BYTES,
                                         PIECE_BYTES - far[f].ea % PIECE_BYTES));
        bool done = store ? guest_read(l, own[o].ea, piece, bytes) &&
                                guest_write(of, far[f].ea, piece, bytes)
                          : guest_read(of, far[f].ea, piece, bytes) &&
                                guest_write(l, own[o].ea, piece, bytes);
        if (!done)
            return total ? (int64_t)total : -EFAULT;
        advance(&own[o], bytes);
        advance(&far[f], bytes);
        total += bytes;
    }
    return (int64_t)total;
}

int64_t sys_process_vm_readv(struct linux_process *l, const uint64_t *a)
{
    return copy(l, a, false);
}

int64_t sys_process_vm_writev(struct linux_process *l, const uint64_t *a)
{
    return copy(l, a, true);
}
