/* Memory policies, and calls that few machines have more to say to. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <unistd.h>

#include "check.h"

static long get_policy(int *mode, unsigned long *mask, unsigned long bits, void *at, unsigned flags)
{
    return syscall(SYS_get_mempolicy, mode, mask, bits, at, flags);
}

static long set_policy(int mode, const unsigned long *mask, unsigned long bits)
{
    return syscall(SYS_set_mempolicy, mode, mask, bits);
}

static void policies(void)
{
    int mode = -1;
    unsigned long none = 0, first = 1, second = 2, got[16];
    memset(got, 255, sizeof got);
    SHOW(get_policy(&mode, got, sizeof got * 8, NULL, 0));
    printf("mode %d, nodes %lx %lx\n", mode, got[0], got[15]);
    SHOW(get_policy(NULL, got, sizeof got * 8, NULL, MPOL_F_MEMS_ALLOWED));
    printf("allowed %lx\n", got[0]);
    SHOW(set_policy(MPOL_BIND, &first, 64));
    SHOW(get_policy(&mode, got, sizeof got * 8, NULL, 0));
    printf("mode %d, nodes %lx\n", mode, got[0]);
    SHOW(get_policy(&mode, NULL, 0, &none, MPOL_F_NODE | MPOL_F_ADDR));
    printf("node %d\n", mode);
    SHOW(get_policy(&mode, NULL, 0, NULL, MPOL_F_NODE));
    SHOW(get_policy(&mode, NULL, 0, &none, 0));
    SHOW(get_policy(&mode, NULL, 0, NULL, 64));
    SHOW(set_policy(MPOL_BIND, &second, 64));
    SHOW(set_policy(MPOL_BIND, &none, 64));
    SHOW(set_policy(MPOL_PREFERRED, &none, 64));
    SHOW(set_policy(99, &first, 64));
    SHOW(set_policy(MPOL_DEFAULT, &first, 64));
    SHOW(set_policy(MPOL_INTERLEAVE, &first, 64));
    SHOW(get_policy(&mode, NULL, 0, NULL, MPOL_F_NODE));
    printf("next node %d\n", mode);
    SHOW(set_policy(MPOL_DEFAULT, NULL, 0));
    SHOW(get_policy(&mode, NULL, 0, NULL, 0));
    printf("mode %d\n", mode);
}

static void pages(void)
{
    const size_t bytes = 1 << 20;
    unsigned long first = 1;
    int status[2] = {9, 9}, node[2] = {0, 0};
    char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    p[0] = 1;
    SHOW(syscall(SYS_mbind, p, bytes, MPOL_BIND, &first, 64, MPOL_MF_STRICT));
    SHOW(syscall(SYS_mbind, p + 1, bytes, MPOL_BIND, &first, 64, 0));
    SHOW(syscall(SYS_mbind, p, bytes, 99, &first, 64, 0));
    munmap(p + bytes / 2, bytes / 2);
    SHOW(syscall(SYS_mbind, p, bytes, MPOL_BIND, &first, 64, 0));
    void *both[2] = {p, (void *)65536};
    SHOW(syscall(SYS_move_pages, 0, 2UL, both, NULL, status, 0));
    printf("status %d %d\n", status[0], status[1]);
    SHOW(syscall(SYS_move_pages, 0, 1UL, both, node, status, MPOL_MF_MOVE));
    SHOW(syscall(SYS_migrate_pages, 0, 64UL, &first, &first));
    SHOW(syscall(SYS_migrate_pages, 99999, 64UL, &first, &first));
}

static void removed(void)
{
    const size_t bytes = 1 << 18;
    char *shared = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char *own = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(shared, 'x', bytes);
    SHOW(madvise(shared, bytes / 2, MADV_REMOVE));
    printf("%d %d %d\n", shared[0], shared[bytes / 2 - 1], shared[bytes / 2]);
    SHOW(madvise(own, bytes, MADV_REMOVE));
    mprotect(shared, bytes, PROT_READ);
    SHOW(madvise(shared, bytes, MADV_REMOVE));
    munmap(own, bytes);
    SHOW(madvise(own, bytes, MADV_REMOVE));
}

static long open2(const char *path, struct open_how *how, size_t bytes)
{
    return syscall(SYS_openat2, AT_FDCWD, path, how, bytes);
}

static void opens(void)
{
    struct open_how how = {.flags = O_RDWR | O_CREAT, .mode = 0600};
    struct {
        struct open_how how;
        unsigned long more;
    } longer = {.how = how};
    int fd = (int)open2("made", &how, sizeof how);
    GOOD(fd >= 0 && write(fd, "x", 1) == 1);
    close(fd);
    fd = (int)open2("made", &longer.how, sizeof longer);
    GOOD(fd >= 0);
    close(fd);
    longer.more = 1;
    SHOW(open2("made", &longer.how, sizeof longer));
    SHOW(open2("made", &how, 8));
    how.flags = O_RDONLY;
    SHOW(open2("made", &how, sizeof how));
    how.mode = 0;
    how.flags = 1U << 30;
    SHOW(open2("made", &how, sizeof how));
    SHOW(chown("made", getuid(), (gid_t)-1));
    SHOW(chown("made", 12345, (gid_t)-1));
    SHOW(chown("made", (uid_t)-1, 12345));
    SHOW(unlink("made"));
}

static void the_rest(void)
{
    struct timex t = {0};
    GOOD(adjtimex(&t) == TIME_ERROR && t.tick == 10000 && t.time.tv_sec > 0);
    GOOD(setfsuid((uid_t)-1) == (int)getuid() && setfsgid((gid_t)-1) == (int)getgid());
    SHOW(unshare(CLONE_FILES | CLONE_FS));
    SHOW(unshare(0x1));
    SHOW(pkey_alloc(0, 0));
    SHOW(pkey_free(3));
    void *p = mmap(NULL, 65536, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    SHOW(pkey_mprotect(p, 65536, PROT_READ, -1));
    printf("readable: %d\n", *(char *)p);
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    policies();
    pages();
    removed();
    opens();
    the_rest();
    return 0;
}
