/* System V message queues. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/linux/internal.h"
#include "sim/linux/ipc.h"

/* Linux's limits, in bytes. */
#define MESSAGE_MAX 8192u
#define QUEUE_MAX   16384u

enum { FLAG_NO_ERROR = 010000, FLAG_EXCEPT = 020000, FLAG_COPY = 040000 };

struct message {
    struct message *next;
    int64_t type;
    uint64_t bytes;
    uint8_t text[];
};

struct queue {
    struct ipc_object object;
    struct message *first;
    uint64_t count, bytes, limit;
    int64_t sent_s, received_s;
    uint32_t sender, receiver;
};

static void release(struct ipc_object *o)
{
    struct queue *q = (struct queue *)o;
    while (q->first) {
        struct message *next = q->first->next;
        free(q->first);
        q->first = next;
    }
}

static struct queue *queue_of(struct linux_process *l, uint64_t id, uint32_t access, int64_t *error)
{
    return (struct queue *)ipc_of_id(l, IPC_KIND_MSG, id, access, error);
}

int64_t sys_msgget(struct linux_process *l, const uint64_t *a)
{
    int64_t error;
    struct ipc_object *o = ipc_of_key(l, IPC_KIND_MSG, a[0], a[1], &error);
    if (o)
        return o->id;
    if (error)
        return error;
    struct queue *q = xcalloc(1, sizeof *q);
    q->object.release = release;
    q->limit = QUEUE_MAX;
    return ipc_add(l, &q->object, IPC_KIND_MSG, a[0], a[1]);
}

/* The guest's struct msgbuf: a long and the text. */
static uint64_t text_of(const struct linux_process *l, uint64_t buffer)
{
    return buffer + (l->image.is_64bit ? 8 : 4);
}

static int64_t read_message(struct linux_process *l, uint64_t buffer, uint64_t bytes,
                            struct message **m)
{
    uint64_t type;
    if (!guest_read_long(l, buffer, &type))
        return -EFAULT;
    if (!l->image.is_64bit)
        type = (uint64_t)(int32_t)type;
    if ((int64_t)type < 1)
        return -EINVAL;
    *m = xmalloc(sizeof **m + bytes);
    **m = (struct message){.type = (int64_t)type, .bytes = bytes};
    if (guest_read(l, text_of(l, buffer), (*m)->text, bytes))
        return 0;
    free(*m);
    return -EFAULT;
}

static void append(struct queue *q, struct message *m)
{
    struct message **at = &q->first;
    while (*at)
        at = &(*at)->next;
    *at = m;
    q->count++;
    q->bytes += m->bytes;
}

int64_t sys_msgsnd(struct linux_process *l, const uint64_t *a)
{
    struct message *m;
    int64_t error;
    if (a[2] > MESSAGE_MAX)
        return -EINVAL;
    struct queue *q = queue_of(l, a[0], IPC_MAY_WRITE, &error);
    if (!q)
        return error;
    /* Empty messages take room, too. */
    if (q->bytes + a[2] > q->limit || q->count + 1 > q->limit)
        return a[3] & GUEST_IPC_NOWAIT
                   ? -EAGAIN
                   : ipc_wait(l, &q->object, WAIT_FOR_EVER, CALL_RESTART_NOHAND);
    if ((error = read_message(l, a[1], a[2], &m)) < 0)
        return error;
    append(q, m);
    q->sender = l->pid;
    q->sent_s = ipc_now_s(l);
    ipc_wake(l->kernel, &q->object);
    return 0;
}

/* The link to the message that is meant: of type 0 the first one, of a positive type the first of
 * it (or of another), of a negative one the first of the lowest type up to that. */
static struct message **choose(struct queue *q, int64_t type, bool except)
{
    struct message **best = NULL;
    for (struct message **at = &q->first; *at; at = &(*at)->next) {
        if (type == 0 || (type > 0 && ((*at)->type == type) != except))
            return at;
        uint64_t limit = -(uint64_t)type;
        if (type < 0 && (uint64_t)(*at)->type <= limit && (!best || (*at)->type < (*best)->type))
            best = at;
    }
    return best;
}

static int64_t take(struct linux_process *l, struct queue *q, struct message **at,
                    const uint64_t *a)
{
    struct message *m = *at;
    uint64_t bytes = min_u64(m->bytes, a[2]);
    if (m->bytes > a[2] && !(a[4] & FLAG_NO_ERROR))
        return -E2BIG;
    *at = m->next;
    q->count--;
    q->bytes -= m->bytes;
    q->receiver = l->pid;
    q->received_s = ipc_now_s(l);
    ipc_wake(l->kernel, &q->object);
    bool stored = guest_write_long(l, a[1], (uint64_t)m->type) &&
                  guest_write(l, text_of(l, a[1]), m->text, bytes);
    free(m);
    return stored ? (int64_t)bytes : -EFAULT;
}

int64_t sys_msgrcv(struct linux_process *l, const uint64_t *a)
{
    int64_t error;
    if ((int64_t)a[2] < 0)
        return -EINVAL;
    if (a[4] & FLAG_COPY)
        return -ENOSYS; /* as a kernel without checkpoints answers */
    struct queue *q = queue_of(l, a[0], IPC_MAY_READ, &error);
    if (!q)
        return error;
    struct message **at = choose(q, (int64_t)a[3], a[4] & FLAG_EXCEPT);
    if (at)
        return take(l, q, at, a);
    return a[4] & GUEST_IPC_NOWAIT ? -ENOMSG
                                   : ipc_wait(l, &q->object, WAIT_FOR_EVER, CALL_RESTART_NOHAND);
}

/* struct msqid64_ds */
static int64_t put_status(struct linux_process *l, const struct queue *q, uint64_t ea)
{
    struct wire w;
    wire_init(&w, l);
    ipc_put_perm(&w, &q->object);
    ipc_put_time(&w, q->sent_s);
    ipc_put_time(&w, q->received_s);
    ipc_put_time(&w, q->object.changed_s);
    wire_put_long(&w, q->bytes);
    wire_put_long(&w, q->count);
    wire_put_long(&w, q->limit);
    wire_put(&w, 4, q->sender);
    wire_put(&w, 4, q->receiver);
    wire_put_long(&w, 0);
    wire_put_long(&w, 0);
    return wire_store(&w, l, ea) ? 0 : -EFAULT;
}

/* struct msginfo; of MSG_INFO three members say what is in use. */
static int64_t put_info(struct linux_process *l, uint64_t ea, bool usage)
{
    const struct ipc_object *o;
    uint32_t queues = ipc_count(l->kernel, IPC_KIND_MSG);
    uint64_t messages = 0, bytes = 0;
    for (uint32_t n = 0; (o = ipc_of_index(l->kernel, IPC_KIND_MSG, n)); n++) {
        messages += ((const struct queue *)o)->count;
        bytes += ((const struct queue *)o)->bytes;
    }
    const uint64_t words[] = {usage ? queues : IPC_OBJECTS_MAX * (QUEUE_MAX / 1024),
                              usage ? messages : QUEUE_MAX, MESSAGE_MAX, QUEUE_MAX,
                              IPC_OBJECTS_MAX, 16, usage ? bytes : QUEUE_MAX};
    struct wire w;
    wire_init(&w, l);
    for (uint32_t n = 0; n < ARRAY_LEN(words); n++)
        wire_put(&w, 4, words[n]);
    wire_put(&w, 4, 0); /* the number of segments, and padding */
    return wire_store(&w, l, ea) ? (int64_t)(queues ? queues - 1 : 0) : -EFAULT;
}

static int64_t set_status(struct linux_process *l, struct queue *q, uint64_t ea)
{
    uint64_t limit, place = IPC_PERM_BYTES + (l->image.is_64bit ? 5 * 8 : 8 * 4);
    if (!guest_read_long(l, ea + place, &limit))
        return -EFAULT;
    if (limit > QUEUE_MAX && l->config.keys->uid != 0)
        return -EPERM;
    int64_t r = ipc_set_perm(l, &q->object, ea);
    if (r == 0)
        q->limit = limit;
    ipc_wake(l->kernel, &q->object);
    return r;
}

static int64_t status_by_index(struct linux_process *l, const uint64_t *a)
{
    const struct ipc_object *o = ipc_of_index(l->kernel, IPC_KIND_MSG, a[0]);
    if (!o)
        return -EINVAL;
    int64_t r = put_status(l, (const struct queue *)o, a[2]);
    return r < 0 ? r : o->id;
}

int64_t sys_msgctl(struct linux_process *l, const uint64_t *a)
{
    enum { STAT_INDEX = 11, INFO, STAT_ANY };
    int64_t error;
    if (a[1] == GUEST_IPC_INFO || a[1] == INFO)
        return put_info(l, a[2], a[1] == INFO);
    if (a[1] == STAT_INDEX || a[1] == STAT_ANY)
        return status_by_index(l, a);
    uint32_t access = a[1] == GUEST_IPC_STAT ? IPC_MAY_READ : 0;
    struct queue *q = queue_of(l, a[0], access, &error);
    if (!q)
        return error;
    switch (a[1]) {
    case GUEST_IPC_STAT:
        return put_status(l, q, a[2]);
    case GUEST_IPC_SET:
        return set_status(l, q, a[2]);
    case GUEST_IPC_RMID:
        if (!ipc_is_owner(l, &q->object))
            return -EPERM;
        ipc_remove(l->kernel, &q->object);
        return 0;
    default:
        return -EINVAL;
    }
}
