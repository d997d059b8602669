/* Cache management instructions among loads and stores to the same lines, and code that is written
 * and run. Whatever a cache does with them, the program must not notice. */
#define _GNU_SOURCE
#include "check.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/mman.h>

enum { BYTES = 1 << 16, STEPS = 20000, CALLS = 50 };

static unsigned char area[BYTES] __attribute__((aligned(4096)));

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

/* Half of the time in a few lines, so that the operations meet. */
static unsigned char *place(uint32_t *seed)
{
    uint32_t n = next(seed);
    return &area[n & 1 ? n >> 1 & 1023 : n >> 1 & (BYTES - 1)];
}

/* 128 bytes, whatever the block is: processors differ in it. */
static void zero(unsigned char *p)
{
    p = (unsigned char *)((uintptr_t)p & ~(uintptr_t)127);
    for (unsigned long n = 0; n < 128; n += getauxval(AT_DCACHEBSIZE))
        __asm__ volatile("dcbz 0,%0" ::"r"(p + n) : "memory");
}

static uint32_t step(uint32_t *seed, uint32_t sum)
{
    unsigned char *p = place(seed);
    switch (next(seed) % 16) {
    case 0: __asm__ volatile("dcbt 0,%0" ::"r"(p)); break;
    case 1: __asm__ volatile("dcbtst 0,%0" ::"r"(p)); break;
    case 2: __asm__ volatile("dcbf 0,%0" ::"r"(p) : "memory"); break;
    case 3: __asm__ volatile("dcbst 0,%0" ::"r"(p) : "memory"); break;
    case 4: __asm__ volatile("icbi 0,%0" ::"r"(p) : "memory"); break;
    case 5: zero(p); break;
    case 6: __asm__ volatile("sync" ::: "memory"); break;
    case 7: case 8: case 9: case 10: *p = (unsigned char)sum; break;
    default: return sum * 31 + *p + 1;
    }
    return sum;
}

/* li r3,n; blr */
static void write_code(uint32_t *code, uint32_t n)
{
    code[0] = 0x38600000 | n;
    code[1] = 0x4e800020;
    __asm__ volatile("dcbst 0,%0; sync; icbi 0,%0; isync" ::"r"(code) : "memory");
}

static uint32_t run_code(const uint32_t *code)
{
    register uintptr_t r3 __asm__("r3");
    __asm__ volatile("mtctr %1; bctrl" : "=r"(r3) : "r"(code) : "ctr", "lr", "memory");
    return (uint32_t)r3;
}

int main(void)
{
    uint32_t seed = 1, sum = 0;
    uint32_t *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int n = 0; n < STEPS; n++)
        sum = step(&seed, sum);
    printf("data %u\n", sum);
    for (uint32_t n = 0; n < CALLS; n++) {
        write_code(code + n % 7 * 8, n);
        sum = sum * 31 + run_code(code + n % 7 * 8);
    }
    printf("code %u\n", sum);
    __asm__ volatile("dcbt 0,%0" ::"r"((uintptr_t)64)); /* a hint never faults */
#ifdef __powerpc64__
    __asm__ volatile("dcbt 0,%0,8" ::"r"(area)); /* of a stream */
#endif
    return 0;
}
