/* What tests of the whole branch unit share: instruction words by hand, and a branch from fetch to
 * retirement. */
#ifndef TESTS_UNIT_MODELS_PIPELINE_BPRED_RIG_H
#define TESTS_UNIT_MODELS_PIPELINE_BPRED_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/pipeline/bpred/branch_unit.h"
#include "sim/base/bits.h"
#include "sim/base/rng.h"
#include "sim/isa/decode.h"

#define PC UINT64_C(0x10000)

static struct decoder *decoder;

static inline int make_decoder(void **state)
{
    (void)state;
    decoder = decoder_create(V300, false);
    return 0;
}

static inline int drop_decoder(void **state)
{
    (void)state;
    decoder_destroy(decoder);
    return 0;
}

static inline struct insn at(uint64_t pc, uint32_t word)
{
    struct insn i = {0};
    insn_predecode(&i, decoder_find(decoder, word), word, pc);
    return i;
}

static inline uint32_t bc(uint32_t bo, int32_t displacement, bool link)
{
    return UINT32_C(16) << 26 | bo << 21 | ((uint32_t)displacement & 0xfffc) | link;
}

static inline uint32_t to_register(uint32_t bo, uint32_t bh, uint32_t xo, bool link)
{
    return UINT32_C(19) << 26 | bo << 21 | bh << 11 | xo << 1 | link;
}

enum { BCLR = 16, BCCTR = 528, BCTAR = 560, ALWAYS = 20 };

static inline uint32_t b(int32_t displacement, bool link)
{
    return UINT32_C(18) << 26 | ((uint32_t)displacement & 0x3fffffc) | link;
}

static inline struct branch_unit *create_with(const char *direction, const char *key,
                                              const char *value)
{
    struct err e = {0};
    struct config *c = config_create(NULL);
    assert_true(config_set(c, "core.bpred", "direction", direction, "test", &e));
    if (key)
        assert_true(config_set(c, "core.bpred", key, value, "test", &e));
    struct branch_unit *u = branch_unit_create(c, "core.bpred", &e);
    assert_non_null(u);
    config_destroy(c);
    return u;
}

static inline struct branch_unit *create(const char *direction)
{
    return create_with(direction, NULL, NULL);
}

static inline struct prediction predict(struct branch_unit *u, uint64_t pc, uint32_t word)
{
    struct insn i = at(pc, word);
    struct prediction p;
    branch_unit_predict(u, &i, &p);
    return p;
}

static inline void retire(struct branch_unit *u, uint64_t pc, uint32_t word, bool taken,
                          uint64_t next)
{
    struct insn i = at(pc, word);
    struct prediction p;
    branch_unit_predict(u, &i, &p);
    if (p.decode_next != next)
        branch_unit_repair(u, &i, &p, taken, next);
    branch_unit_retire(u, &i, &p, taken, next);
}

#endif
