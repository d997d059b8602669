#include <string.h>

#include "sim/base/bits.h"
#include "sim/base/log.h"
#include "sim/platform/pseries/internal.h"

/* What hypercalls answer, of PAPR table 170. */
enum { H_SUCCESS = 0, H_FUNCTION = -2, H_PARAMETER = -4, H_UNSUPPORTED_FLAG = -256, H_P2 = -55 };

#define TERM_BYTES 16 /* that two registers hold */

/* `a` are r4 on, arguments and results. */
typedef int64_t hcall_function(struct pseries *p, uint64_t *a);

static int64_t succeed(struct pseries *p, uint64_t *a)
{
    (void)p;
    (void)a;
    return H_SUCCESS;
}

static int64_t refuse(struct pseries *p, uint64_t *a)
{
    (void)p;
    (void)a;
    return H_FUNCTION;
}

/* Unit; count to r4, bytes to r5 and r6, the first one in the highest place. */
static int64_t get_term_char(struct pseries *p, uint64_t *a)
{
    uint8_t text[TERM_BYTES] = {0};
    if (a[0] != CONSOLE_UNIT)
        return H_PARAMETER;
    a[0] = console_read(p->console, (char *)text, sizeof text);
    p->stats.console_in += a[0];
    p->is_drained = !a[0];
    if (a[0])
        p->idle_ns = 0;
    a[1] = a[2] = 0;
    for (uint32_t n = 0; n < TERM_BYTES; n++)
        a[1 + n / 8] |= (uint64_t)text[n] << 8 * (7 - n % 8);
    return H_SUCCESS;
}

static int64_t put_term_char(struct pseries *p, uint64_t *a)
{
    char text[TERM_BYTES];
    if (a[0] != CONSOLE_UNIT || a[1] > TERM_BYTES)
        return H_PARAMETER;
    for (uint32_t n = 0; n < TERM_BYTES; n++)
        text[n] = (char)(a[2 + n / 8] >> 8 * (7 - n % 8));
    console_write(text, a[1]);
    p->stats.console_out += a[1];
    p->idle_ns = 0;
    return H_SUCCESS;
}

static int64_t eoi(struct pseries *p, uint64_t *a)
{
    presenter_end(&p->presenter, (uint32_t)a[0]);
    partition_interrupts(p);
    return H_SUCCESS;
}

static int64_t cppr(struct pseries *p, uint64_t *a)
{
    p->presenter.cppr = (uint8_t)a[0];
    partition_interrupts(p);
    return H_SUCCESS;
}

/* Server, priority. */
static int64_t ipi(struct pseries *p, uint64_t *a)
{
    if (a[0] != 0)
        return H_PARAMETER;
    p->presenter.mfrr = (uint8_t)a[1];
    partition_interrupts(p);
    return H_SUCCESS;
}

static int64_t ipoll(struct pseries *p, uint64_t *a)
{
    if (a[0] != 0)
        return H_PARAMETER;
    a[0] = presenter_look(&p->presenter);
    a[1] = p->presenter.mfrr;
    return H_SUCCESS;
}

static int64_t xirr(struct pseries *p, uint64_t *a)
{
    a[0] = presenter_accept(&p->presenter);
    partition_interrupts(p);
    return H_SUCCESS;
}

static int64_t cede(struct pseries *p, uint64_t *a)
{
    (void)a;
    partition_wait(p);
    return H_SUCCESS;
}

/* Neither leaks nor remedies: the model's wrong paths leave nothing that a program could measure
 * with certainty, and flushes on entry would be charged to the guest. */
static int64_t characteristics(struct pseries *p, uint64_t *a)
{
    (void)p;
    a[0] = a[1] = 0;
    return H_SUCCESS;
}

static int64_t random_number(struct pseries *p, uint64_t *a)
{
    a[0] = p->cpu->random(p->cpu->board);
    return H_SUCCESS;
}

/* Flags and resource: 3 is the place of interrupts (AIL), 4 their byte order. */
static int64_t set_mode(struct pseries *p, uint64_t *a)
{
    struct supervisor *u = &p->cpu->sup;
    switch (a[1]) {
    case 3:
        if (a[0] > 3 || a[0] == 1)
            return H_UNSUPPORTED_FLAG;
        u->lpcr = (u->lpcr & ~LPCR_AIL) | a[0] << 23;
        return H_SUCCESS;
    case 4:
        if (a[0] > 1)
            return H_UNSUPPORTED_FLAG;
        u->lpcr = a[0] ? u->lpcr | LPCR_ILE : u->lpcr & ~LPCR_ILE;
        return H_SUCCESS;
    default:
        return H_P2;
    }
}

/* Flags, base, page size, log2 of the size - 12. Flags 0x18: a new table; 4: radix; 1: the guest
 * may flush translations. The page walk finds it by the hypervisor's partition table. */
static int64_t register_process_table(struct pseries *p, uint64_t *a)
{
    uint64_t base = a[1], size = a[3], flags = a[0];
    if ((flags & 0x1c) != 0x1c)
        return H_PARAMETER; /* only radix */
    if (base & 0xfff || base >= p->ram.bytes || size > 24)
        return H_P2;
    ram_put64(&p->ram, p->layout.firmware + FIRMWARE_PARTITION + 8, base | size);
    cpu_forget_translations(p->cpu);
    return H_SUCCESS;
}

static int64_t rtas(struct pseries *p, uint64_t *a) { return rtas_call(p, a[0] & UINT32_MAX); }

static const struct {
    uint32_t number;
    hcall_function *function;
} hcalls[] = {
#define HCALL(number, name, function, text) {number, function},
#include "sim/platform/pseries/hcall.def"
#undef HCALL
};

static hcall_function *find(uint64_t number)
{
    for (uint32_t n = 0; n < ARRAY_LEN(hcalls); n++)
        if (hcalls[n].number == number)
            return hcalls[n].function;
    return NULL;
}

static int64_t unknown(struct pseries *p, uint64_t number)
{
    if (!p->stats.unknown_hypercalls++)
        log_warn("hypercall 0x%llx is not there: H_FUNCTION (the first such one; "
                 "platform.unknown_hypercalls counts)",
                 (unsigned long long)number);
    return H_FUNCTION;
}

bool hypercall(void *ctx, struct cpu *s, int *exit_status)
{
    struct pseries *p = ctx;
    hcall_function *function = find(s->gpr[3]);
    int64_t r = function ? function(p, &s->gpr[4]) : unknown(p, s->gpr[3]);
    s->gpr[3] = (uint64_t)r;
    *exit_status = p->exit_status;
    return !p->is_off;
}
