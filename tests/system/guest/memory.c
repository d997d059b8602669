/* brk, mmap and friends; shared mappings against the file. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define PAGE 65536L /* a multiple of every page size */
#define TOO_MUCH (sizeof(long) == 8 ? 1UL << 25 << 25 : 0xe0000000)
#define RW   (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

static void anonymous(void)
{
    char *p = mmap(NULL, 4 * PAGE, RW, ANON, -1, 0);
    GOOD(p != MAP_FAILED && p[0] == 0 && p[4 * PAGE - 1] == 0);
    memset(p, 'x', 4 * PAGE);
    SHOW(madvise(p + PAGE, PAGE, MADV_DONTNEED));
    printf("%d %d %d\n", p[PAGE - 1], p[PAGE], p[2 * PAGE]);
    SHOW(munmap(p + PAGE, PAGE));
    SHOW(mprotect(p, 4 * PAGE, PROT_READ));
    SHOW(madvise(p, 4 * PAGE, MADV_NORMAL));
    GOOD(mmap(p + PAGE, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0) == p + PAGE);
    GOOD(mmap(p, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0) != MAP_FAILED);
    GOOD(mmap(p, PAGE, RW, ANON | MAP_FIXED, -1, 0) == p);
    printf("%d\n", p[0]);
    SHOW(munmap(p, 4 * PAGE));
    SHOW(munmap(p, 4 * PAGE));
    SHOW(munmap(p + 1, PAGE));
    SHOW(munmap(p, 0));
    SHOW((long)mmap(NULL, 0, RW, ANON, -1, 0));
    SHOW((long)mmap(NULL, TOO_MUCH, RW, ANON, -1, 0));
    SHOW((long)mmap(NULL, PAGE, RW, MAP_PRIVATE, 99, 0));
    SHOW((long)mmap(NULL, PAGE, RW, MAP_ANONYMOUS, -1, 0));
}

static void moving(void)
{
    char *p = mmap(NULL, 2 * PAGE, RW, ANON, -1, 0);
    p[0] = 1;
    p[PAGE] = 2;
    char *wall = mmap(p + 2 * PAGE, PAGE, RW, ANON | MAP_FIXED, -1, 0);
    SHOW((long)mremap(p, 2 * PAGE, 8 * PAGE, 0));
    char *q = mremap(p, 2 * PAGE, 8 * PAGE, MREMAP_MAYMOVE);
    GOOD(q != MAP_FAILED && q != p && q[0] == 1 && q[PAGE] == 2 && q[7 * PAGE] == 0);
    GOOD(mremap(q, 8 * PAGE, PAGE, 0) == q);
    GOOD(mremap(q, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, wall) == wall);
    printf("%d\n", wall[0]);
    SHOW((long)mremap(p, PAGE, 2 * PAGE, MREMAP_MAYMOVE));
    munmap(wall, PAGE);
}

static void files(void)
{
    char buf[8] = {0};
    int fd = open("m", O_CREAT | O_RDWR, 0600), ro = open("m", O_RDONLY);
    SHOW(write(fd, "0123456789", 10));
    char *priv = mmap(NULL, PAGE, RW, MAP_PRIVATE, fd, 0);
    char *shared = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);
    char *readable = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, ro, 0);
    GOOD(priv != MAP_FAILED && shared != MAP_FAILED && readable != MAP_FAILED);
    priv[0] = 'P';
    shared[1] = 'S';
    SHOW(pread(fd, buf, 4, 0));
    printf("%.4s %.4s %.4s %.4s %d\n", buf, priv, shared, readable, priv[10]);
    SHOW(pwrite(fd, "W", 1, 2));
    printf("%.4s %.4s\n", shared, readable);
    SHOW(msync(shared, PAGE, MS_SYNC));
    SHOW(mprotect(readable, PAGE, RW));
    SHOW((long)mmap(NULL, PAGE, RW, MAP_SHARED, ro, 0));
    SHOW(ftruncate(fd, 3 * PAGE));
    char *grown = mremap(shared, PAGE, 3 * PAGE, MREMAP_MAYMOVE);
    GOOD(grown != MAP_FAILED && grown[1] == 'S');
    grown[2 * PAGE] = 'G';
    SHOW(pread(fd, buf, 1, 2 * PAGE));
    printf("%c\n", buf[0]);
    char *anon = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    anon[5] = 9;
    SHOW(madvise(anon, PAGE, MADV_DONTNEED));
    printf("%d\n", anon[5]);
}

static void heap(void)
{
    char *start = sbrk(0);
    GOOD(sbrk(3 * PAGE) == start);
    start[3 * PAGE - 1] = 7;
    GOOD(sbrk(-3 * PAGE) == start + 3 * PAGE);
    GOOD(sbrk(3 * PAGE) == start);
    printf("%d\n", start[2 * PAGE]);
}

/* Code that is written, run, and written again. */
static void code(void)
{
    unsigned *p = mmap(NULL, PAGE, RW | PROT_EXEC, ANON, -1, 0);
    int (*run)(void) = (int (*)(void))(void *)p;
    for (unsigned n = 1; n <= 3; n++) {
        p[0] = 0x38600000 | n; /* li r3,n */
        p[1] = 0x4e800020;     /* blr */
        __builtin___clear_cache((char *)p, (char *)(p + 2));
        printf("%d\n", run());
    }
    SHOW(mprotect(p, PAGE, PROT_READ | PROT_EXEC));
    printf("%d\n", run());
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    anonymous();
    moving();
    files();
    heap();
    code();
    struct rlimit r;
    SHOW(getrlimit(RLIMIT_STACK, &r));
    r.rlim_cur = 16 << 20;
    SHOW(setrlimit(RLIMIT_STACK, &r));
    SHOW(getrlimit(RLIMIT_STACK, &r));
    printf("%ld\n", (long)r.rlim_cur);
    return 0;
}
