/* Memory policies of a machine with one node, 0, where all memory lies: what a thread asks for is
 * checked and remembered, and changes nothing. */
#include <errno.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"

enum { MODE_DEFAULT, MODE_PREFERRED, MODE_BIND, MODE_INTERLEAVE, MODE_LOCAL, MODE_PREFERRED_MANY };
enum { OF_NODE = 1, OF_ADDRESS = 2, ALLOWED = 4 };           /* get_mempolicy */
enum { MBIND_STRICT = 1, MBIND_MOVE = 2, MBIND_MOVE_ALL = 4 };
#define MODE_FLAGS UINT64_C(0xe000) /* static and relative nodes, balancing */
#define MASK_BITS  (65536u * 8)     /* a page of them, as Linux has it */

static uint32_t word_bytes(const struct linux_process *l) { return l->image.is_64bit ? 8 : 4; }

/* A set of nodes, of which bit 0 counts: the first word, with bit 1 set for any other node. */
static int64_t get_nodes(struct linux_process *l, uint64_t ea, uint64_t bits, uint64_t *nodes)
{
    uint64_t value, word = word_bytes(l);
    *nodes = 0;
    if (!ea || bits <= 1)
        return 0;
    if (bits > MASK_BITS)
        return -EINVAL;
    for (uint64_t at = 0; at < bits - 1; at += word * 8) {
        if (!guest_read_long(l, ea + at / 8, &value))
            return -EFAULT;
        if (bits - 1 - at < word * 8)
            value &= (UINT64_C(1) << (bits - 1 - at)) - 1;
        *nodes |= at ? (uint64_t)(value != 0) << 1 : (value & 1) | (uint64_t)(value > 1) << 1;
    }
    return 0;
}

static int64_t put_nodes(struct linux_process *l, uint64_t ea, uint64_t bits, uint64_t nodes)
{
    uint64_t word = word_bytes(l);
    for (uint64_t at = 0; ea && at < min_u64(bits - 1, MASK_BITS); at += word * 8)
        if (!guest_write_long(l, ea + at / 8, at ? 0 : nodes))
            return -EFAULT;
    return 0;
}

/* Is this a policy, for these nodes? */
static int64_t check_policy(struct linux_process *l, const uint64_t *mode_mask_bits,
                            uint64_t *nodes)
{
    uint64_t mode = mode_mask_bits[0] & ~MODE_FLAGS;
    int64_t r = get_nodes(l, mode_mask_bits[1], mode_mask_bits[2], nodes);
    if (r < 0)
        return r;
    if (mode > MODE_PREFERRED_MANY || *nodes & 2)
        return -EINVAL;
    if (mode == MODE_DEFAULT || mode == MODE_LOCAL)
        return *nodes ? -EINVAL : 0;
    return *nodes || mode == MODE_PREFERRED ? 0 : -EINVAL;
}

int64_t sys_set_mempolicy(struct linux_process *l, const uint64_t *a)
{
    uint64_t nodes;
    int64_t r = check_policy(l, a, &nodes);
    if (r < 0)
        return r;
    thread_running(l)->memory_policy = (uint32_t)a[0];
    thread_running(l)->memory_nodes = (uint32_t)nodes;
    return 0;
}

/* With OF_NODE: on which node the page is, or with interleaving the next one will be. */
int64_t sys_get_mempolicy(struct linux_process *l, const uint64_t *a)
{
    const struct thread *t = thread_running(l);
    uint64_t mode = t->memory_policy, nodes = t->memory_nodes, flags = a[4];
    if (flags & ~(uint64_t)(OF_NODE | OF_ADDRESS | ALLOWED) || (a[1] && a[2] < 1))
        return -EINVAL;
    if (flags & ALLOWED ? flags & (OF_NODE | OF_ADDRESS) : !(flags & OF_ADDRESS) && a[3])
        return -EINVAL;
    if (flags & ALLOWED)
        mode = 0, nodes = 1;
    if (flags & OF_ADDRESS && !process_area_at(l->process, a[3]))
        return -EFAULT;
    if (flags & OF_NODE && !(flags & OF_ADDRESS) && (mode & ~MODE_FLAGS) != MODE_INTERLEAVE)
        return -EINVAL;
    if (flags & (OF_ADDRESS | OF_NODE))
        mode = 0, nodes = 0; /* a page's policy, which is the default, or its node */
    if (a[0] && !guest_write_u32(l, a[0], (uint32_t)mode))
        return -EFAULT;
    return put_nodes(l, a[1], a[2], nodes);
}

int64_t sys_mbind(struct linux_process *l, const uint64_t *a)
{
    uint64_t nodes, page = process_page_bytes(l->process);
    if (a[5] & ~(uint64_t)(MBIND_STRICT | MBIND_MOVE | MBIND_MOVE_ALL) || a[0] % page)
        return -EINVAL;
    if (a[5] & MBIND_MOVE_ALL)
        return -EPERM;
    int64_t r = check_policy(l, a + 2, &nodes);
    if (r < 0)
        return r;
    const struct area *area;
    uint64_t end = a[0] + align_up(a[1], page);
    if (end < a[0])
        return -EINVAL;
    for (uint64_t at = a[0]; at < end; at = area->end) {
        area = process_area_at(l->process, at);
        if (!area || area->start > at)
            return -EFAULT;
    }
    return 0;
}

/* Everything is where it could be moved to. */
int64_t sys_migrate_pages(struct linux_process *l, const uint64_t *a)
{
    uint64_t from, to;
    int64_t r = get_nodes(l, a[2], a[1], &from);
    if (r == 0)
        r = get_nodes(l, a[3], a[1], &to);
    if (r < 0)
        return r;
    return !task_named(l, a[0]) ? -ESRCH : to & 1 ? 0 : -EINVAL;
}

/* For each of so many pages: its node, or why there is none. */
int64_t sys_move_pages(struct linux_process *l, const uint64_t *a)
{
    struct linux_process *of = task_named(l, a[0]);
    if (a[5] & ~(uint64_t)(MBIND_MOVE | MBIND_MOVE_ALL))
        return -EINVAL;
    if (a[5] & MBIND_MOVE_ALL)
        return -EPERM;
    if (!of)
        return -ESRCH;
    for (uint64_t n = 0; n < a[1]; n++) {
        uint64_t page;
        uint32_t node = 0;
        if (!guest_read_long(l, a[2] + n * word_bytes(l), &page) ||
            (a[3] && !guest_read_u32(l, a[3] + n * 4, &node)))
            return -EFAULT;
        if (node)
            return -ENODEV;
        const struct area *area = process_area_at(of->process, page);
        bool there = area && area->start <= page;
        if (!guest_write_u32(l, a[4] + n * 4, there ? 0 : (uint32_t)-EFAULT))
            return -EFAULT;
    }
    return 0;
}
