/* What ioctl says of network interfaces: there is one, "lo", number 1, with the addresses of the
 * loopback. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"
#include "sim/linux/socket.h"

enum {
    GET_NAME = 0x8910, GET_CONF = 0x8912, GET_FLAGS = 0x8913, GET_ADDR = 0x8915,
    GET_DSTADDR = 0x8917, GET_BRDADDR = 0x8919, GET_NETMASK = 0x891b, GET_METRIC = 0x891d,
    GET_MTU = 0x8921, GET_HWADDR = 0x8927, GET_INDEX = 0x8933, GET_QUEUE = 0x8942,
};
enum { NAME_BYTES = 16, LOOPBACK = 1, FAMILY_INET = 2, FAMILY_LOOPBACK = 772 };
enum { FLAG_UP = 1, FLAG_LOOPBACK = 8, FLAG_RUNNING = 0x40 };

/* struct ifreq: a name and a union, of a struct ifmap at most. */
static uint32_t request_bytes(const struct linux_process *l) { return l->image.is_64bit ? 40 : 32; }

/* struct sockaddr of the old kind, 16 bytes: the address in the network's byte order. */
static void put_address(struct wire *w, uint16_t family, uint32_t address)
{
    const uint8_t bytes[] = {0, 0, (uint8_t)(address >> 24), (uint8_t)(address >> 16),
                             (uint8_t)(address >> 8), (uint8_t)address};
    wire_put(w, 2, family);
    wire_put_bytes(w, bytes, sizeof bytes);
    wire_zero(w, 8);
}

static int64_t store_at(struct linux_process *l, uint64_t ea, struct wire *w)
{
    return wire_store(w, l, ea) ? 0 : -EFAULT;
}

static void start_entry(struct wire *w, const struct linux_process *l)
{
    wire_init(w, l);
    wire_put_bytes(w, (const char[NAME_BYTES]){"lo"}, NAME_BYTES);
}

/* struct ifconf: room or length, and where the interfaces that have an address go. */
static int64_t list_all(struct linux_process *l, uint64_t ea)
{
    uint32_t room, used = request_bytes(l);
    uint64_t to;
    struct wire w;
    if (!guest_read_u32(l, ea, &room) ||
        !guest_read_long(l, ea + (l->image.is_64bit ? 8 : 4), &to))
        return -EFAULT;
    if (to && room < used)
        used = 0;
    start_entry(&w, l);
    put_address(&w, FAMILY_INET, UINT32_C(0x7f000001));
    wire_zero(&w, request_bytes(l) - w.used);
    if (to && used && !wire_store(&w, l, to))
        return -EFAULT;
    return guest_write_u32(l, ea, used) ? 0 : -EFAULT;
}

static int64_t name_of(struct linux_process *l, uint64_t ea)
{
    uint32_t index;
    if (!guest_read_u32(l, ea + NAME_BYTES, &index))
        return -EFAULT;
    if (index != LOOPBACK)
        return -ENODEV;
    return guest_write(l, ea, "lo", 3) ? 0 : -EFAULT;
}

/* What is asked of "lo", behind the name; false: nobody is told. */
static bool answer(struct wire *w, uint64_t request)
{
    switch (request) {
    case GET_FLAGS: wire_put(w, 2, FLAG_UP | FLAG_LOOPBACK | FLAG_RUNNING); return true;
    case GET_ADDR:
    case GET_DSTADDR: put_address(w, FAMILY_INET, UINT32_C(0x7f000001)); return true;
    case GET_BRDADDR: put_address(w, FAMILY_INET, 0); return true;
    case GET_NETMASK: put_address(w, FAMILY_INET, UINT32_C(0xff000000)); return true;
    case GET_HWADDR: put_address(w, FAMILY_LOOPBACK, 0); return true;
    case GET_METRIC: wire_put(w, 4, 0); return true;
    case GET_MTU: wire_put(w, 4, 65536); return true;
    case GET_INDEX: wire_put(w, 4, LOOPBACK); return true;
    case GET_QUEUE: wire_put(w, 4, 1000); return true;
    default: return false;
    }
}

int64_t interface_ioctl(struct linux_process *l, int fd, uint64_t request, uint64_t ea)
{
    char name[NAME_BYTES];
    struct stat st;
    struct wire w;
    if (fstat(fd, &st) < 0 || !S_ISSOCK(st.st_mode))
        return -ENOTTY;
    if (request == GET_CONF)
        return list_all(l, ea);
    if (request == GET_NAME)
        return name_of(l, ea);
    if (!guest_read(l, ea, name, sizeof name))
        return -EFAULT;
    start_entry(&w, l);
    if (!answer(&w, request))
        return -EPERM; /* to change anything takes a capability */
    return strncmp(name, "lo", sizeof name) ? -ENODEV : store_at(l, ea, &w);
}
