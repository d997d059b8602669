#include "sim/linux/guest_mem.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"

bool guest_read(struct linux_process *l, uint64_t ea, void *to, uint64_t bytes)
{
    return mmu_read(l->mmu, ea, to, bytes) == bytes;
}

bool guest_write(struct linux_process *l, uint64_t ea, const void *from, uint64_t bytes)
{
    return mmu_write(l->mmu, ea, from, bytes) == bytes;
}

bool guest_read_u32(struct linux_process *l, uint64_t ea, uint32_t *value)
{
    struct wire w;
    if (!wire_load(&w, l, ea, 4))
        return false;
    *value = (uint32_t)wire_get(&w, 4);
    return true;
}

bool guest_write_u32(struct linux_process *l, uint64_t ea, uint32_t value)
{
    struct wire w;
    wire_init(&w, l);
    wire_put(&w, 4, value);
    return wire_store(&w, l, ea);
}

bool guest_read_long(struct linux_process *l, uint64_t ea, uint64_t *value)
{
    struct wire w;
    if (!wire_load(&w, l, ea, l->image.is_64bit ? 8 : 4))
        return false;
    *value = wire_get_long(&w);
    return true;
}

bool guest_write_long(struct linux_process *l, uint64_t ea, uint64_t value)
{
    struct wire w;
    wire_init(&w, l);
    wire_put_long(&w, value);
    return wire_store(&w, l, ea);
}

int64_t guest_string(struct linux_process *l, uint64_t ea, char *to, uint64_t size)
{
    uint64_t done = 0;
    while (done < size) {
        uint64_t in_frame = FRAME_BYTES - ((ea + done) & (FRAME_BYTES - 1));
        uint64_t part = min_u64(size - done, in_frame);
        if (!guest_read(l, ea + done, to + done, part))
            return -EFAULT;
        const char *end = memchr(to + done, 0, part);
        if (end)
            return end - to;
        done += part;
    }
    return -ENAMETOOLONG;
}

void wire_init(struct wire *w, const struct linux_process *l)
{
    w->big_endian = l->image.big_endian;
    w->is_64bit = l->image.is_64bit;
    w->used = 0;
}

/* Leaves zeros in the gap: no bytes of the host's stack reach the guest. */
static uint8_t *wire_place(struct wire *w, uint32_t bytes, bool clear)
{
    uint32_t at = (uint32_t)align_up(w->used, bytes);
    assert(at + bytes <= WIRE_BYTES);
    if (clear)
        memset(w->bytes + w->used, 0, at - w->used);
    w->used = at + bytes;
    return w->bytes + at;
}

void wire_put(struct wire *w, uint32_t bytes, uint64_t value)
{
    uint8_t *to = wire_place(w, bytes, true);
    for (uint32_t n = 0; n < bytes; n++)
        to[w->big_endian ? bytes - 1 - n : n] = (uint8_t)(value >> (8 * n));
}

uint64_t wire_get(struct wire *w, uint32_t bytes)
{
    const uint8_t *from = wire_place(w, bytes, false);
    uint64_t value = 0;
    for (uint32_t n = 0; n < bytes; n++)
        value |= (uint64_t)from[w->big_endian ? bytes - 1 - n : n] << (8 * n);
    return value;
}

void wire_put_bytes(struct wire *w, const void *from, uint32_t bytes)
{
    assert(w->used + bytes <= WIRE_BYTES);
    memcpy(w->bytes + w->used, from, bytes);
    w->used += bytes;
}

void wire_zero(struct wire *w, uint32_t bytes)
{
    assert(w->used + bytes <= WIRE_BYTES);
    memset(w->bytes + w->used, 0, bytes);
    w->used += bytes;
}

void wire_put_long(struct wire *w, uint64_t value) { wire_put(w, w->is_64bit ? 8 : 4, value); }
uint64_t wire_get_long(struct wire *w) { return wire_get(w, w->is_64bit ? 8 : 4); }

int64_t wire_get_signed_long(struct wire *w)
{
    uint64_t value = wire_get_long(w);
    return w->is_64bit ? (int64_t)value : (int32_t)value;
}

void wire_put_sigset(struct wire *w, uint64_t set)
{
    wire_put_long(w, set);
    if (!w->is_64bit)
        wire_put_long(w, set >> 32);
}

uint64_t wire_get_sigset(struct wire *w)
{
    uint64_t set = wire_get_long(w);
    return w->is_64bit ? set : set | wire_get_long(w) << 32;
}

bool wire_store(struct wire *w, struct linux_process *l, uint64_t ea)
{
    return guest_write(l, ea, w->bytes, w->used);
}

bool wire_load(struct wire *w, struct linux_process *l, uint64_t ea, uint32_t bytes)
{
    assert(bytes <= WIRE_BYTES);
    wire_init(w, l);
    return guest_read(l, ea, w->bytes, bytes);
}

/* Host memory of one guest address; NULL when the access is not allowed. */
static uint8_t *host_address(struct linux_process *l, uint64_t ea, bool store)
{
    struct frame *frame;
    uint64_t frame_pa;
    if (l->mmu->translate(l->mmu, ea, store ? MMU_STORE : MMU_LOAD, &frame, &frame_pa) != MMU_OK)
        return NULL;
    if (store && frame->has_code)
        phys_code_written(l->mmu->phys, frame_pa);
    return frame->host + (ea & (FRAME_BYTES - 1));
}

uint32_t guest_next_iov(struct linux_process *l, struct guest_cursor *c, struct iovec *iov,
                        uint32_t room, uint64_t *bytes)
{
    uint32_t count = 0;
    *bytes = 0;
    while (c->spans && count < room) {
        uint64_t ea = c->span->ea + c->at;
        uint64_t part =
            min_u64(c->span->bytes - c->at, FRAME_BYTES - (ea & (FRAME_BYTES - 1)));
        if (part) {
            uint8_t *host = host_address(l, ea, c->store);
            if (!host) {
                c->faulted = true;
                return count;
            }
            iov[count++] = (struct iovec){host, part};
            *bytes += part;
            c->at += part;
        }
        if (c->at == c->span->bytes) {
            c->span++;
            c->spans--;
            c->at = 0;
        }
    }
    return count;
}

void guest_skip(struct guest_cursor *c, uint64_t bytes)
{
    while (c->spans && bytes >= c->span->bytes - c->at) {
        bytes -= c->span->bytes - c->at;
        c->span++;
        c->spans--;
        c->at = 0;
    }
    c->at += c->spans ? bytes : 0;
}
