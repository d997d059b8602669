/* A program is a loop of a few passes over random items. Registers: r1 the data area; r3-r12 and
 * f1-f8 the operands of everything; r14-r19 addresses, counts and patched words; r20-r23 return
 * addresses; r30 the passes left. */
#include "tests/timing/random_program.h"

#include "sim/base/bits.h"
#include "tests/timing/bench.h"

#define AREA       0x3000u /* bytes of data in use: three pages, so that accesses cross them */
#define FUNCTIONS  4u
#define BO_ALWAYS  20u
#define BO_DNZ     16u
#define SPR_LR     8u
#define SPR_CTR    9u
#define ISYNC      0x4c00012cu

struct functions {
    uint32_t at[FUNCTIONS]; /* word index */
};

static uint32_t pick(struct random_program *p, uint32_t bound)
{
    return (uint32_t)rng_below(&p->rng, bound);
}

static void emit(struct random_program *p, uint32_t word) { p->words[p->count++] = word; }

static uint32_t any(struct random_program *p) { return 3 + pick(p, 10); }
static uint32_t any_float(struct random_program *p) { return 1 + pick(p, 8); }

static uint32_t d_form(uint32_t opcode, uint32_t t, uint32_t a, uint32_t imm)
{
    return opcode << 26 | t << 21 | a << 16 | (imm & 0xffff);
}

static uint32_t x_form(uint32_t t, uint32_t a, uint32_t b, uint32_t xo)
{
    return UINT32_C(31) << 26 | t << 21 | a << 16 | b << 11 | xo << 1;
}

static uint32_t xl_form(uint32_t t, uint32_t a, uint32_t xo)
{
    return UINT32_C(19) << 26 | t << 21 | a << 16 | xo << 1;
}

static uint32_t move_spr(uint32_t t, uint32_t spr, uint32_t xo) { return x_form(t, spr, 0, xo); }

static void emit_li(struct random_program *p, uint32_t t, uint32_t value)
{
    emit(p, d_form(15, t, 0, value >> 16));
    emit(p, d_form(24, t, t, value));
}

static void emit_arithmetic(struct random_program *p)
{
    static const uint16_t xo[] = {
        266, 40, 10, 138, 8,        /* add, subf, addc, adde, subfc */
        235, 233, 235, 233,         /* mullw, mulld */
        491, 489, 459, 457, 73,     /* divw, divd, divwu, divdu, mulhd */
    };
    emit(p, x_form(any(p), any(p), any(p), xo[pick(p, ARRAY_LEN(xo))]) | pick(p, 2));
}

static void emit_logical(struct random_program *p)
{
    static const uint16_t xo[] = {28, 444, 316, 24, 27, 792, 26, 58, 506, 986, 954};
    uint32_t n = pick(p, ARRAY_LEN(xo));
    bool unary = xo[n] == 26 || xo[n] == 58 || xo[n] == 506 || xo[n] == 986 || xo[n] == 954;
    emit(p, x_form(any(p), any(p), unary ? 0 : any(p), xo[n]));
}

static void emit_simple(struct random_program *p)
{
    switch (pick(p, 8)) {
    case 0: emit(p, d_form(14, any(p), any(p), pick(p, 65536))); break;             /* addi */
    case 1: emit(p, d_form(7, any(p), any(p), pick(p, 65536))); break;              /* mulli */
    case 2: emit(p, x_form(pick(p, 4) << 2 | 1, any(p), any(p), 0)); break;         /* cmpd */
    case 3: emit(p, d_form(11, pick(p, 4) << 2 | 1, any(p), pick(p, 16))); break;   /* cmpdi */
    case 4: emit(p, x_form(any(p), any(p), any(p), 15 | pick(p, 16) << 5)); break;  /* isel */
    case 5: emit(p, xl_form(pick(p, 16), pick(p, 16), 193) | pick(p, 16) << 11); break; /* crxor */
    case 6: emit(p, move_spr(any(p), 0, 19)); break;                                /* mfcr */
    default: emit(p, x_form(any(p), 0, 0, 144) | UINT32_C(0x38) << 12); break;      /* mtcrf */
    }
}

static void emit_float(struct random_program *p)
{
    static const uint16_t xo[] = {21, 20, 18, 25, 29, 22}; /* add, sub, div, mul, madd, sqrt */
    uint32_t n = pick(p, ARRAY_LEN(xo)), b = any_float(p), c = any_float(p), a = any_float(p);
    if (xo[n] == 25)
        b = 0;
    if (xo[n] == 18 || xo[n] == 20 || xo[n] == 21 || xo[n] == 22)
        c = 0;
    if (xo[n] == 22)
        a = 0;
    emit(p, UINT32_C(63) << 26 | any_float(p) << 21 | a << 16 | b << 11 | c << 6 |
                (uint32_t)xo[n] << 1);
}

/* Now and then near the end of a page, else in a few lines, so that accesses meet. */
static uint32_t place(struct random_program *p)
{
    switch (pick(p, 4)) {
    case 0: return pick(p, AREA - 256);
    case 1: return 4096 - 16 + pick(p, 32);
    default: return pick(p, 192);
    }
}

static void emit_displacement(struct random_program *p)
{
    static const uint8_t opcodes[] = {34, 40, 42, 32, 38, 44, 36}; /* lbz lhz lha lwz stb sth stw */
    switch (pick(p, 5)) { /* ld or lwa; std; lfd or stfd */
    case 0: emit(p, d_form(58, any(p), 1, (place(p) & ~3u) | (pick(p, 3) ? 0 : 2))); break;
    case 1: emit(p, d_form(62, any(p), 1, place(p) & ~3u)); break;
    case 2: emit(p, d_form(pick(p, 2) ? 50 : 54, any_float(p), 1, place(p))); break;
    default: emit(p, d_form(opcodes[pick(p, sizeof opcodes)], any(p), 1, place(p))); break;
    }
}

/* With addresses that were computed: an index that depends on data, update forms, 16 bytes,
 * reservations. */
static void emit_indexed(struct random_program *p)
{
    /* dcbt, dcbtst, icbt, dcbf, dcbst, icbi */
    static const uint16_t cache[] = {278, 246, 22, 86, 54, 982};
    uint32_t t = any(p);
    emit(p, d_form(28, any(p), 14, 0x7ff)); /* andi. r14 */
    switch (pick(p, 8)) {
    case 0: emit(p, x_form(t, 1, 14, 21)); break;  /* ldx */
    case 1: emit(p, x_form(t, 1, 14, 149)); break; /* stdx */
    case 2: emit(p, x_form(t, 1, 14, 844)); break; /* lxvd2x */
    case 3: emit(p, x_form(t, 1, 14, 972)); break; /* stxvd2x */
    case 4: emit(p, x_form(0, 1, 14, 1014)); break; /* dcbz */
    case 5:
        emit(p, x_form(15, 1, 14, 266));                 /* add r15 */
        emit(p, d_form(pick(p, 2) ? 58 : 62, t, 15, 9)); /* ldu, stdu 8(r15) */
        break;
    case 6: emit(p, x_form(0, 1, 14, cache[pick(p, ARRAY_LEN(cache))])); break;
    default:
        emit(p, d_form(14, 15, 1, (place(p) & ~7u)));  /* addi r15 */
        emit(p, x_form(t, 0, 15, 84));                 /* ldarx */
        if (pick(p, 3))
            emit(p, x_form(any(p), 0, 15, 214) | 1);   /* stdcx. */
        break;
    }
}

static void emit_sync(struct random_program *p)
{
    static const uint32_t words[] = {0x7c0004ac, 0x7c2004ac, ISYNC, 0x7c0006ac}; /* ..., eieio */
    emit(p, words[pick(p, ARRAY_LEN(words))]);
}

/* Rewrites an instruction some words ahead, now and then with what stands there. */
static void emit_patch(struct random_program *p)
{
    uint32_t ahead = pick(p, 12), fence = pick(p, 3), target = p->count + 5 + fence + ahead;
    uint32_t old = d_form(14, any(p), any(p), pick(p, 100));
    emit_li(p, 16, pick(p, 3) ? d_form(14, any(p), any(p), pick(p, 100)) : old);
    emit_li(p, 17, (uint32_t)KERNEL_BASE + 4 * target);
    emit(p, d_form(36, 16, 17, 0)); /* stw */
    if (fence == 2)
        emit(p, x_form(0, 0, 17, 982)); /* icbi */
    if (fence)
        emit(p, ISYNC);
    while (p->count < target)
        emit(p, d_form(14, any(p), any(p), 1));
    emit(p, old);
}

static void emit_straight(struct random_program *p)
{
    switch (pick(p, 16)) {
    case 0: case 1: case 2: emit_arithmetic(p); break;
    case 3: case 4: emit_logical(p); break;
    case 5: case 6: case 7: emit_simple(p); break;
    case 8: emit_float(p); break;
    case 9: case 10: case 11: emit_displacement(p); break;
    case 12: case 13: emit_indexed(p); break;
    case 14: if (!pick(p, 4)) emit_sync(p); break;
    default: if (!pick(p, 6)) emit_patch(p); break;
    }
}

static void emit_run(struct random_program *p, uint32_t items)
{
    while (items--)
        emit_straight(p);
}

/* A branch over some items, on a condition with or without hints. */
static void emit_skip(struct random_program *p)
{
    uint32_t at = p->count, bo = (pick(p, 2) ? 12 : 4) | pick(p, 4);
    emit(p, 0);
    emit_run(p, pick(p, 5));
    if (!pick(p, 8))
        bo = BO_ALWAYS;
    p->words[at] = d_form(16, bo, pick(p, 16), 4 * (p->count - at));
}

static void emit_counted_loop(struct random_program *p)
{
    emit(p, d_form(14, 18, 0, 1 + pick(p, 6)));
    emit(p, move_spr(18, SPR_CTR, 467));
    uint32_t at = p->count;
    emit_run(p, 1 + pick(p, 4));
    emit(p, d_form(16, BO_DNZ | (pick(p, 2) ? 0 : 8 + pick(p, 2)), 0, 4 * (at - p->count)));
}

static void emit_call(struct random_program *p, const struct functions *f)
{
    uint32_t target = f->at[pick(p, FUNCTIONS)];
    switch (pick(p, 4)) {
    case 0: /* computed */
        emit_li(p, 19, (uint32_t)KERNEL_BASE + 4 * target);
        emit(p, move_spr(19, SPR_CTR, 467));
        emit(p, xl_form(BO_ALWAYS, 0, 528) | 1); /* bctrl */
        break;
    case 1: /* conditional */
        emit(p, d_form(16, pick(p, 2) ? 12 : 4, pick(p, 16), 4 * (target - p->count)) | 1);
        break;
    case 2: /* reads the pc only */
        emit(p, d_form(16, BO_ALWAYS, 31, 4) | 1);
        emit(p, move_spr(any(p), SPR_LR, 339));
        break;
    default:
        emit(p, UINT32_C(18) << 26 | (4 * (target - p->count) & 0x3fffffc) | 1);
        break;
    }
}

/* Function n may call those before it; its return address waits in r20+n. */
static void emit_function(struct random_program *p, struct functions *f, uint32_t n)
{
    f->at[n] = p->count;
    emit(p, move_spr(20 + n, SPR_LR, 339));
    emit_run(p, pick(p, 4));
    if (n && pick(p, 2))
        emit(p, UINT32_C(18) << 26 | (4 * (f->at[pick(p, n)] - p->count) & 0x3fffffc) | 1);
    emit_run(p, pick(p, 4));
    emit(p, move_spr(20 + n, SPR_LR, 467));
    emit(p, xl_form(BO_ALWAYS, 0, 16)); /* blr */
}

void random_program_make(struct random_program *p, uint64_t seed)
{
    struct functions f;
    *p = (struct random_program){.rng = rng_seeded(seed)};
    emit(p, 0);
    for (uint32_t n = 0; n < FUNCTIONS; n++)
        emit_function(p, &f, n);
    p->words[0] = UINT32_C(18) << 26 | 4 * p->count; /* b over the functions */
    emit(p, d_form(14, 30, 0, 1 + pick(p, 8)));
    for (uint32_t n = 3; n < 13; n++)
        emit(p, d_form(14, n, 0, pick(p, 65536)));
    uint32_t top = p->count, items = 4 + pick(p, 40);
    for (uint32_t n = 0; n < items; n++)
        switch (pick(p, 8)) {
        case 0: emit_skip(p); break;
        case 1: emit_counted_loop(p); break;
        case 2: emit_call(p, &f); break;
        default: emit_run(p, 1 + pick(p, 4)); break;
        }
    emit(p, d_form(14, 30, 30, 0xffff));
    emit(p, d_form(11, 7 << 2 | 1, 30, 0));
    emit(p, d_form(16, 4, 7 * 4 + 2, 4 * (top - p->count)));
    emit(p, 0x44000002); /* sc */
}
