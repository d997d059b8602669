/* A small guest that asks the partition's hypervisor and firmware for all that they have, and says
 * on the console what was not as it should be. Its console is to have read "ping" once it looks. */
#include <stdint.h>

#define CONSOLE 0x71000000u
#define CONSOLE_IRQ 0x1100u

uint64_t hypercall(uint64_t *r);
void run_time_service(uint64_t entry, uint64_t arguments);
void _start(void);
void guest_main(const uint8_t *tree, uint64_t kernel, uint64_t firmware);

volatile uint64_t seen, why;

static int64_t call(uint64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t *out)
{
    uint64_t r[5] = {number, a, b, c, d};
    hypercall(r);
    for (int n = 0; out && n < 3; n++)
        out[n] = r[n + 1];
    return (int64_t)r[0];
}

static void put(const char *text)
{
    while (*text) {
        uint64_t r[2] = {0, 0};
        int n = 0;
        for (; n < 16 && *text; n++)
            r[n / 8] |= (uint64_t)(uint8_t)*text++ << 8 * (7 - n % 8);
        call(0x58, CONSOLE, (uint64_t)n, r[0], r[1], 0);
    }
}

static void put_hex(uint64_t v)
{
    char text[19] = "0x";
    for (int n = 0; n < 16; n++)
        text[2 + n] = "0123456789abcdef"[v >> 4 * (15 - n) & 15];
    text[18] = 0;
    put(text);
}

static void expect(const char *name, uint64_t value, uint64_t wanted)
{
    put(value == wanted ? "ok " : "FAILED ");
    put(name);
    if (value != wanted) {
        put(": ");
        put_hex(value);
        put(", not ");
        put_hex(wanted);
    }
    put("\n");
}

static uint32_t big32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int same(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

static const uint8_t *tree;

/* The value of the first property of that name in the device tree; 0: there is none. */
static const uint8_t *property(const char *name)
{
    const uint8_t *p = tree + big32(tree + 8);
    const char *names = (const char *)tree + big32(tree + 12);
    for (;;) {
        uint32_t token = big32(p);
        p += 4;
        if (token == 1) { /* a node begins: its name */
            const uint8_t *end = p;
            while (*end)
                end++;
            p += ((uint64_t)(end - p) + 4) & ~3ull;
        } else if (token == 3) {
            if (same(names + big32(p + 4), name))
                return p + 8;
            p += 8 + ((big32(p) + 3) & ~3u);
        } else if (token == 9) {
            return 0;
        }
    }
}

static uint32_t block[24];

static uint32_t swap(uint32_t v) { return __builtin_bswap32(v); }

/* Result n of a service: 0 is its status. */
static uint32_t result(uint32_t arguments, uint32_t n) { return swap(block[3 + arguments + n]); }

static int32_t service(const char *name, const uint32_t *a, uint32_t arguments, uint32_t results)
{
    block[0] = swap(big32(property(name)));
    block[1] = swap(arguments);
    block[2] = swap(results);
    for (uint32_t n = 0; n < arguments; n++)
        block[3 + n] = swap(a[n]);
    run_time_service(big32(property("linux,rtas-entry")), (uint64_t)block);
    return (int32_t)result(arguments, 0);
}

static uint64_t msr(void)
{
    uint64_t v;
    __asm__ volatile("mfmsr %0" : "=r"(v));
    return v;
}

static uint64_t timebase(void)
{
    uint64_t v;
    __asm__ volatile("mftb %0" : "=r"(v));
    return v;
}

static void set_decrementer(uint64_t v) { __asm__ volatile("mtdec %0" : : "r"(v)); }

static void try_tree(uint64_t kernel, uint64_t firmware)
{
    expect("tree", big32(tree), 0xd00dfeed);
    expect("entry", kernel, (uint64_t)_start);
    expect("no Open Firmware", firmware, 0);
    expect("bootargs", same((const char *)property("bootargs"), "one two three"), 1);
    expect("timebase-frequency", big32(property("timebase-frequency")), 512000000);
    expect("interrupts", big32(property("interrupts")), CONSOLE_IRQ);
}

static void try_processor(void)
{
    uint64_t pvr;
    __asm__ volatile("mfpvr %0" : "=r"(pvr));
    expect("cpu-version", big32(property("cpu-version")), pvr);
    expect("no hypervisor state", msr() >> 60 & 1, 0);
    seen = why = 0;
    __asm__ volatile(".long 0" : : : "memory");
    expect("illegal", seen, 0x700);
    expect("illegal: SRR1", why & 0xf0000, 0x80000);
    expect("no gain of it", why >> 60 & 1, 0);
    seen = 0;
    __asm__ volatile("mfspr 4, 318" : : : "r4", "memory"); /* LPCR is the hypervisor's */
    expect("hypervisor's register", seen, 0x700);
    expect("hypervisor's register: SRR1", why & 0xf0000, 0x40000);
}

static void try_calls(void)
{
    uint64_t a[3], b[3];
    expect("unknown call", (uint64_t)call(0xfff0, 0, 0, 0, 0, 0), (uint64_t)-2);
    expect("no such terminal", (uint64_t)call(0x58, 1, 1, 0, 0, 0), (uint64_t)-4);
    expect("too much to write", (uint64_t)call(0x58, CONSOLE, 17, 0, 0, 0), (uint64_t)-4);
    expect("no such mode", (uint64_t)call(0x31c, 0, 9, 0, 0, 0), (uint64_t)-55);
    expect("no such place of interrupts", (uint64_t)call(0x31c, 1, 3, 0, 0, 0), (uint64_t)-256);
    expect("little-endian interrupts", (uint64_t)call(0x31c, 1, 4, 0, 0, 0), 0);
    expect("no hash tables", (uint64_t)call(0x37c, 0x18, 0, 0, 0, 0), (uint64_t)-4);
    expect("H_RANDOM", (uint64_t)call(0x300, 0, 0, 0, 0, a), 0);
    call(0x300, 0, 0, 0, 0, b);
    expect("H_RANDOM anew", a[0] != b[0], 1);
    expect("VPA", (uint64_t)call(0xdc, 0, 0, 0, 0, 0), 0);
}

static void try_waiting(void)
{
    uint64_t before = timebase();
    seen = 0;
    set_decrementer(512000);
    expect("H_CEDE", (uint64_t)call(0xe0, 0, 0, 0, 0, 0), 0);
    uint64_t passed = timebase() - before;
    expect("decrementer", seen, 0x900);
    expect("a millisecond", passed >= 512000 && passed < 514000, 1);
}

static void try_clock(void)
{
    static const uint32_t set[7] = {2031, 2, 3, 4, 5, 6, 0};
    expect("get-time-of-day", (uint64_t)service("get-time-of-day", 0, 0, 8), 0);
    expect("year", result(0, 1), 2023);
    expect("month", result(0, 2), 11);
    expect("day", result(0, 3), 14);
    expect("hour", result(0, 4), 22);
    expect("minute", result(0, 5), 13);
    expect("second", result(0, 6), 20);
    expect("set-time-of-day", (uint64_t)service("set-time-of-day", set, 7, 1), 0);
    service("get-time-of-day", 0, 0, 8);
    expect("year set", result(0, 1), 2031);
    expect("hour set", result(0, 4), 4);
}

static void try_interrupts(void)
{
    static const uint32_t console[3] = {CONSOLE_IRQ, 0, 5}, other[3] = {7, 0, 5};
    uint64_t r[3];
    expect("ibm,set-xive", (uint64_t)service("ibm,set-xive", console, 3, 1), 0);
    expect("no such source", (uint32_t)service("ibm,set-xive", other, 3, 1), (uint32_t)-3);
    expect("ibm,get-xive", (uint64_t)service("ibm,get-xive", console, 1, 3), 0);
    expect("its priority", result(1, 2), 5);
    expect("ibm,int-off", (uint64_t)service("ibm,int-off", console, 1, 1), 0);
    call(0x68, 0xff, 0, 0, 0, 0);
    expect("H_CPPR, all off", (uint64_t)call(0x70, 0, 0, 0, 0, r), 0);
    expect("nothing waits", r[0], 0xff000000);
    expect("ibm,int-on", (uint64_t)service("ibm,int-on", console, 1, 1), 0);
    seen = 0;
    call(0xe0, 0, 0, 0, 0, 0);
    expect("external interrupt", seen, 0x500);
    call(0x74, 0, 0, 0, 0, r);
    expect("H_XIRR", r[0], 0xff000000 | CONSOLE_IRQ);
    expect("H_GET_TERM_CHAR", (uint64_t)call(0x54, CONSOLE, 0, 0, 0, r), 0);
    expect("bytes", r[0], 5);
    expect("ping", r[1], 0x70696e670a000000);
    call(0x54, CONSOLE, 0, 0, 0, r);
    expect("no more", r[0], 0);
    call(0x64, 0xff000000 | CONSOLE_IRQ, 0, 0, 0, 0);
    call(0x70, 0, 0, 0, 0, r);
    expect("H_EOI", r[0], 0xff000000);
    seen = 0;
    call(0x6c, 0, 4, 0, 0, 0);
    call(0xe0, 0, 0, 0, 0, 0);
    expect("interrupt of its own", seen, 0x500);
    call(0x74, 0, 0, 0, 0, r);
    expect("H_XIRR of it", r[0], 0xff000002);
    call(0x6c, 0, 0xff, 0, 0, 0);
    call(0x64, 0xff000002, 0, 0, 0, 0);
}

static uint64_t process_table[512] __attribute__((aligned(4096)));
static uint64_t level2[512] __attribute__((aligned(4096)));
static uint64_t root[8192] __attribute__((aligned(65536)));

/* One page of 1 GiB, real addresses; every table is big-endian. */
static void try_translation(void)
{
    static volatile uint64_t word = 0x1234;
    uint64_t off = msr();
    process_table[0] = __builtin_bswap64(2ull << 61 | 5 << 5 | (uint64_t)root | 13);
    root[0] = __builtin_bswap64(1ull << 63 | (uint64_t)level2 | 9);
    level2[0] = __builtin_bswap64(3ull << 62 | 0x18f);
    expect("process table", (uint64_t)call(0x37c, 0x1d, (uint64_t)process_table, 0, 0, 0), 0);
    seen = 0;
    __asm__ volatile("mtmsrd %0; isync" : : "r"(off | 0x30) : "memory");
    uint64_t through = word;
    __asm__ volatile("ld 4, 0(%0)" : : "b"(1ull << 30) : "r4", "memory");
    __asm__ volatile("mtmsrd %0; isync" : : "r"(off) : "memory");
    expect("translated", through, 0x1234);
    expect("unmapped", seen, 0x300);
}

void guest_main(const uint8_t *t, uint64_t kernel, uint64_t firmware)
{
    static const uint32_t off[2] = {0xffffffff, 0xffffffff};
    tree = t;
    try_tree(kernel, firmware);
    try_processor();
    try_calls();
    try_waiting();
    try_clock();
    try_interrupts();
    try_translation();
    put("end\n");
    service("power-off", off, 2, 1);
    put("FAILED power-off: it went on\n");
}
