/* ioctl. Requests of terminals have powerpc's numbers and layouts; unknown ones are answered
 * ENOTTY. */
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/linux/internal.h"
#include "sim/linux/socket.h"

enum guest_ioctl {
    GUEST_TCGETS = 0x402c7413, GUEST_FIONREAD = 0x4004667f, GUEST_TIOCGWINSZ = 0x40087468,
    GUEST_TIOCOUTQ = 0x40047473, GUEST_TIOCGPGRP = 0x40047477, GUEST_FIOCLEX = 0x20006601,
    GUEST_SIOCATMARK = 0x8905,
    GUEST_FIONCLEX = 0x20006602, GUEST_TCSBRK = 0x2000741d, GUEST_TCXONC = 0x2000741e,
    GUEST_TCFLSH = 0x2000741f, GUEST_TIOCGSID = 0x5429, GUEST_TIOCSCTTY = 0x540e,
    GUEST_TIOCNOTTY = 0x5422, GUEST_TIOCGPTN = 0x40045430,
};
/* These do not fit in an int. */
#define GUEST_TCSETS     0x802c7414u
#define GUEST_TCSETSW    0x802c7415u
#define GUEST_TCSETSF    0x802c7416u
#define GUEST_TIOCSWINSZ 0x80087467u
#define GUEST_TIOCSPGRP  0x80047476u
#define GUEST_FIONBIO    0x8004667eu
#define GUEST_FIOASYNC   0x8004667du
#define GUEST_TIOCSPTLCK 0x80045431u

#define TERMIOS_BYTES 44
#define GUEST_NCCS    19
#define GUEST_B38400  15u
#define SPEED_38400   38400u

/* Place of each control character in powerpc's c_cc. */
static const struct {
    uint8_t guest, host;
} control_characters[] = {
    {0, VINTR}, {1, VQUIT}, {2, VERASE}, {3, VKILL}, {4, VEOF}, {5, VMIN}, {6, VEOL}, {7, VTIME},
    {8, VEOL2}, {9, VSWTC}, {10, VWERASE}, {11, VREPRINT}, {12, VSUSP}, {13, VSTART}, {14, VSTOP},
    {15, VLNEXT}, {16, VDISCARD},
};

static const struct {
    char field;
    uint32_t guest;
    tcflag_t host;
} modes[] = {
#define TERM(field, guest, host) {#field[0], guest, host},
#include "sim/linux/termios.def"
#undef TERM
};

static tcflag_t *host_field(struct termios *t, char field)
{
    return field == 'i' ? &t->c_iflag
         : field == 'o' ? &t->c_oflag
         : field == 'c' ? &t->c_cflag
                        : &t->c_lflag;
}

static uint32_t modes_to_guest(struct termios *t, char field)
{
    uint32_t guest = field == 'c' ? GUEST_B38400 : 0;
    for (uint32_t n = 0; n < ARRAY_LEN(modes); n++)
        if (modes[n].field == field && (*host_field(t, field) & modes[n].host) == modes[n].host)
            guest |= modes[n].guest;
    return guest;
}

static void modes_to_host(struct termios *t, char field, uint32_t guest)
{
    for (uint32_t n = 0; n < ARRAY_LEN(modes); n++)
        if (modes[n].field == field)
            *host_field(t, field) &= ~modes[n].host;
    for (uint32_t n = 0; n < ARRAY_LEN(modes); n++)
        if (modes[n].field == field && (guest & modes[n].guest) == modes[n].guest)
            *host_field(t, field) |= modes[n].host;
}

static int64_t get_termios(struct linux_process *l, int fd, uint64_t ea)
{
    struct termios t;
    uint8_t cc[GUEST_NCCS] = {0};
    struct wire w;
    if (tcgetattr(fd, &t) < 0)
        return -errno;
    wire_init(&w, l);
    for (const char *field = "iocl"; *field; field++)
        wire_put(&w, 4, modes_to_guest(&t, *field));
    for (uint32_t n = 0; n < ARRAY_LEN(control_characters); n++)
        cc[control_characters[n].guest] = t.c_cc[control_characters[n].host];
    wire_put_bytes(&w, cc, sizeof cc);
    wire_put(&w, 1, t.c_line);
    wire_put(&w, 4, SPEED_38400);
    wire_put(&w, 4, SPEED_38400);
    return wire_store(&w, l, ea) ? 0 : -EFAULT;
}

static int64_t set_termios(struct linux_process *l, int fd, uint64_t ea, int when)
{
    struct termios t;
    struct wire w;
    if (tcgetattr(fd, &t) < 0)
        return -errno;
    if (!wire_load(&w, l, ea, TERMIOS_BYTES))
        return -EFAULT;
    for (const char *field = "iocl"; *field; field++)
        modes_to_host(&t, *field, (uint32_t)wire_get(&w, 4));
    for (uint32_t n = 0; n < ARRAY_LEN(control_characters); n++)
        t.c_cc[control_characters[n].host] = w.bytes[16 + control_characters[n].guest];
    return host_result(tcsetattr(fd, when, &t));
}

static int64_t get_window(struct linux_process *l, int fd, uint64_t ea)
{
    struct winsize size;
    struct wire w;
    if (ioctl(fd, TIOCGWINSZ, &size) < 0)
        return -errno;
    wire_init(&w, l);
    wire_put(&w, 2, size.ws_row);
    wire_put(&w, 2, size.ws_col);
    wire_put(&w, 2, size.ws_xpixel);
    wire_put(&w, 2, size.ws_ypixel);
    return wire_store(&w, l, ea) ? 0 : -EFAULT;
}

static int64_t set_window(struct linux_process *l, int fd, uint64_t ea)
{
    struct winsize size;
    struct wire w;
    if (!wire_load(&w, l, ea, 8))
        return -EFAULT;
    size.ws_row = (unsigned short)wire_get(&w, 2);
    size.ws_col = (unsigned short)wire_get(&w, 2);
    size.ws_xpixel = (unsigned short)wire_get(&w, 2);
    size.ws_ypixel = (unsigned short)wire_get(&w, 2);
    return host_result(ioctl(fd, TIOCSWINSZ, &size));
}

static int64_t get_int(struct linux_process *l, int fd, unsigned long request, uint64_t ea)
{
    int value;
    if (ioctl(fd, request, &value) < 0)
        return -errno;
    return guest_write_u32(l, ea, (uint32_t)value) ? 0 : -EFAULT;
}

/* The terminal belongs to the simulator's process group, which the first process knows as its own;
 * which of the guest's groups is in the foreground is remembered and has no effect. */
static int64_t get_group(struct linux_process *l, int fd, uint64_t ea, bool of_session)
{
    if (!isatty(fd))
        return -ENOTTY;
    uint32_t id = of_session ? GUEST_PID : l->kernel->foreground_group;
    return guest_write_u32(l, ea, id) ? 0 : -EFAULT;
}

static int64_t set_group(struct linux_process *l, int fd, uint64_t ea)
{
    uint32_t group;
    if (!isatty(fd))
        return -ENOTTY;
    if (!guest_read_u32(l, ea, &group))
        return -EFAULT;
    const struct linux_process *member = task_next(l->kernel, group, NULL);
    if ((int32_t)group <= 0)
        return -EINVAL;
    if (!member)
        return -ESRCH;
    if (member->session != l->session)
        return -EPERM;
    l->kernel->foreground_group = group;
    return 0;
}

static int64_t lock_terminal(struct linux_process *l, int fd, uint64_t ea)
{
    uint32_t value;
    if (!guest_read_u32(l, ea, &value))
        return -EFAULT;
    return host_result(ioctl(fd, TIOCSPTLCK, &(int){(int)value}));
}

/* Whose terminal it is, and pairs of them. A session takes one over without the host's doing: the
 * simulator keeps its own. */
static int64_t control_terminal(struct linux_process *l, int fd, const uint64_t *a)
{
    switch (a[1]) {
    case GUEST_TIOCGPGRP:
    case GUEST_TIOCGSID:
        return get_group(l, fd, a[2], a[1] == GUEST_TIOCGSID);
    case GUEST_TIOCSPGRP:
        return set_group(l, fd, a[2]);
    case GUEST_TIOCSCTTY:
        if (!isatty(fd))
            return -ENOTTY;
        if (l->session != l->pid)
            return -EPERM;
        l->kernel->foreground_group = l->group;
        return 0;
    case GUEST_TIOCNOTTY:
        return isatty(fd) ? 0 : -ENOTTY;
    case GUEST_TIOCGPTN:
        return get_int(l, fd, TIOCGPTN, a[2]);
    case GUEST_TIOCSPTLCK:
        return lock_terminal(l, fd, a[2]);
    default:
        return -ENOTTY;
    }
}

/* What a terminal does with what goes through it. */
static int64_t set_up_terminal(struct linux_process *l, int fd, const uint64_t *a)
{
    switch (a[1]) {
    case GUEST_TCGETS:
        return get_termios(l, fd, a[2]);
    case GUEST_TCSETS:
        return set_termios(l, fd, a[2], TCSANOW);
    case GUEST_TCSETSW:
        return set_termios(l, fd, a[2], TCSADRAIN);
    case GUEST_TCSETSF:
        return set_termios(l, fd, a[2], TCSAFLUSH);
    case GUEST_TCSBRK:
        return host_result(tcdrain(fd));
    case GUEST_TCXONC:
        return host_result(tcflow(fd, (int)a[2]));
    case GUEST_TCFLSH:
        return host_result(tcflush(fd, (int)a[2]));
    case GUEST_TIOCGWINSZ:
        return get_window(l, fd, a[2]);
    case GUEST_TIOCSWINSZ:
        return set_window(l, fd, a[2]);
    case GUEST_TIOCOUTQ:
        return get_int(l, fd, TIOCOUTQ, a[2]);
    default:
        return control_terminal(l, fd, a);
    }
}

static int64_t set_flag(struct linux_process *l, int fd, uint64_t ea, int flag)
{
    uint32_t on;
    int flags = fcntl(fd, F_GETFL);
    if (!guest_read_u32(l, ea, &on))
        return -EFAULT;
    return host_result(fcntl(fd, F_SETFL, on ? flags | flag : flags & ~flag));
}

int64_t sys_ioctl(struct linux_process *l, const uint64_t *a)
{
    struct fd_entry *entry = fd_find(&l->fds, a[0]);
    if (!entry)
        return -EBADF;
    int fd = entry->host;
    if (a[1] >= INTERFACE_FIRST && a[1] <= INTERFACE_LAST)
        return interface_ioctl(l, fd, a[1], a[2]);
    switch (a[1]) {
    case GUEST_FIONREAD:
        return get_int(l, fd, FIONREAD, a[2]);
    case GUEST_SIOCATMARK:
        return get_int(l, fd, SIOCATMARK, a[2]);
    case GUEST_FIONBIO:
        return set_flag(l, fd, a[2], O_NONBLOCK);
    case GUEST_FIOASYNC: /* as F_SETFL; no SIGIO is ever sent */
        return set_flag(l, fd, a[2], O_ASYNC);
    case GUEST_FIOCLEX:
    case GUEST_FIONCLEX:
        entry->close_on_exec = a[1] == GUEST_FIOCLEX;
        return 0;
    default:
        return set_up_terminal(l, fd, a);
    }
}
