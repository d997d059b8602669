/* The only way from system calls to guest memory: checked copies, and `struct wire`, which lays out
 * the guest's structures with its byte order, its size of long and natural alignment. */
#ifndef SIM_LINUX_GUEST_MEM_H
#define SIM_LINUX_GUEST_MEM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

struct linux_process;

/* All or nothing as far as the caller is told; false is EFAULT. */
bool guest_read(struct linux_process *l, uint64_t ea, void *to, uint64_t bytes);
bool guest_write(struct linux_process *l, uint64_t ea, const void *from, uint64_t bytes);
bool guest_read_u32(struct linux_process *l, uint64_t ea, uint32_t *value);
bool guest_write_u32(struct linux_process *l, uint64_t ea, uint32_t value);
bool guest_read_long(struct linux_process *l, uint64_t ea, uint64_t *value);
bool guest_write_long(struct linux_process *l, uint64_t ea, uint64_t value);
/* Copies a string with its zero: its length, -EFAULT, or -ENAMETOOLONG when it does not fit. */
int64_t guest_string(struct linux_process *l, uint64_t ea, char *to, uint64_t size);

#define WIRE_BYTES 4096u

struct wire {
    bool big_endian, is_64bit;
    uint32_t used; /* next byte to put or get */
    uint8_t bytes[WIRE_BYTES];
};

void wire_init(struct wire *w, const struct linux_process *l);
/* Numbers of 1, 2, 4 or 8 bytes at the next multiple of their size. */
void wire_put(struct wire *w, uint32_t bytes, uint64_t value);
uint64_t wire_get(struct wire *w, uint32_t bytes);
void wire_put_bytes(struct wire *w, const void *from, uint32_t bytes);
void wire_zero(struct wire *w, uint32_t bytes);
/* The guest's long. */
void wire_put_long(struct wire *w, uint64_t value);
uint64_t wire_get_long(struct wire *w);
int64_t wire_get_signed_long(struct wire *w);
/* A set of signals is an array of longs, the first for the lowest 32 or 64. */
#define WIRE_SIGSET_BYTES 8u
void wire_put_sigset(struct wire *w, uint64_t set);
uint64_t wire_get_sigset(struct wire *w);
/* Stores what has been put. */
bool wire_store(struct wire *w, struct linux_process *l, uint64_t ea);
/* Starts getting: loads `bytes` from the guest. */
bool wire_load(struct wire *w, struct linux_process *l, uint64_t ea, uint32_t bytes);

/* A guest buffer in pieces. The host's read and write work straight on its frames, a bounded number
 * at a time. */
struct guest_span {
    uint64_t ea, bytes;
};
#define SPAN_MAX 1024u /* Linux's UIO_MAXIOV */
struct guest_cursor {
    const struct guest_span *span;
    uint32_t spans;
    uint64_t at;    /* bytes of the first span that are done */
    bool store;     /* the host writes to the buffer */
    bool faulted;   /* a page could not be used: iov holds what comes before it */
};
/* The next pieces, at most `room`, as host memory; *bytes is their sum. Zero pieces: done, or
 * faulted. */
uint32_t guest_next_iov(struct linux_process *l, struct guest_cursor *c, struct iovec *iov,
                        uint32_t room, uint64_t *bytes);
/* Goes past so many bytes. */
void guest_skip(struct guest_cursor *c, uint64_t bytes);

#endif
