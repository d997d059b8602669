/* A guest that goes along wrong paths from the address CODE. */
#ifndef TESTS_UNIT_SIM_EXEC_WRONG_PATH_RIG_H
#define TESTS_UNIT_SIM_EXEC_WRONG_PATH_RIG_H

#include "sim/exec/wrong_path.h"
#include "tests/unit/sim/isa/guest.h"

#define NOP     UINT32_C(0x60000000)
#define SC      UINT32_C(0x44000002)
#define ISYNC   UINT32_C(0x4c00012c)
#define SYNC    UINT32_C(0x7c0004ac)
#define ILLEGAL UINT32_C(0)
#define TRAP    UINT32_C(0x7fe00008)
#define BLR     UINT32_C(0x4e800020)

enum { OP_ADD_XO = 266, OP_STB = 38, OP_LBZ = 34, XO_LWARX = 20, XO_STWCX = 150, XO_DCBZ = 1014,
       XO_ICBI = 982, XO_DARN = 755, XO_STSWI = 725, XO_LSWI = 597, OP_STQ = 62, XO_STVX = 231,
       XO_LVX = 103, XO_LWAT = 582, OP_LFD = 50 };

/* A guest whose code was put at CODE and that has run nothing yet. */
struct fixture {
    struct guest *g;
    struct wrong_path *w;
    struct op op;
};

static inline struct fixture fixture_create(enum guest_mode mode, const uint32_t *words,
                                            uint32_t count)
{
    struct fixture f = {.g = guest_create(mode)};
    uint64_t zero = 0;
    guest_words(f.g, CODE, words, count);
    for (uint64_t ea = DATA; ea < DATA_END; ea += FRAME_BYTES)
        mmu_poke(f.g->mmu, ea, &zero, sizeof zero); /* touched */
    guest_start(f.g, CODE);
    f.w = wrong_path_create(&f.g->exec);
    return f;
}

static inline void fixture_destroy(struct fixture *f)
{
    wrong_path_destroy(f->w);
    guest_destroy(f->g);
}

static inline void diverge_and_run(struct fixture *f, uint64_t ea, uint32_t count)
{
    assert_int_not_equal(wrong_path_diverge(f->w, ea), 0);
    for (uint32_t n = 0; n < count; n++)
        assert_int_equal(wrong_path_next(f->w, &f->op), EXEC_OK);
}

#define WITH(f, mode, ...)                                                                         \
    const uint32_t words_of_##f[] = {__VA_ARGS__};                                                 \
    struct fixture f = fixture_create(mode, words_of_##f, ARRAY_LEN(words_of_##f))

static inline uint64_t read64(struct fixture *f, uint64_t ea)
{
    uint64_t v;
    assert_int_equal(mmu_read(f->g->mmu, ea, &v, 8), 8);
    return v;
}

/* The value of a register on the wrong path: a touch tells its address. The probe is the next
 * instruction. */
#define PROBE(reg) x_form(0, 0, reg, 278)

static inline void assert_probe(struct fixture *f, uint64_t value)
{
    assert_int_equal(wrong_path_next(f->w, &f->op), EXEC_OK);
    assert_int_equal(f->op.ea, value);
}

#endif
