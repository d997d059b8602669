#include "models/pipeline/bpred/branch_unit.h"

#include <stdlib.h>

#include "models/pipeline/bpred/btb.h"
#include "sim/base/bits.h"

const struct key_row bpred_key_rows[] = {BPRED_KEYS(KEY_ROW, bpred_keys) KEY_END};
const struct stat_row bpred_stat_rows[] = {BPRED_STATS(STAT_ROW, bpred_stats) STAT_END};

#define BPRED(name) "|" #name
const char bpred_choices[] =
#include "models/pipeline/bpred/bpred.def"
    ;
#undef BPRED

static const struct bpred_ops *const predictors[] = {
#define BPRED(name) &bpred_##name,
#include "models/pipeline/bpred/bpred.def"
#undef BPRED
};

struct branch_unit {
    struct bpred_keys keys;
    const struct bpred_ops *direction;
    void *predictor;
    struct btb *btb;
    struct ras ras;
    struct bpred_stats stats;
};

const struct bpred_ops *branch_unit_direction(uint32_t n)
{
    return n < ARRAY_LEN(predictors) ? predictors[n] : NULL;
}

static bool create_direction(struct branch_unit *u, struct config *c, const char *section,
                             struct err *e)
{
    u->direction = predictors[u->keys.direction];
    void *keys = xcalloc(1, u->direction->keys_bytes + 1);
    bool ok = !u->direction->keys || config_bind(c, section, u->direction->keys, keys, e);
    if (ok)
        u->predictor = u->direction->create(keys, c, section, e);
    free(keys);
    return u->predictor != NULL;
}

static bool check_keys(struct branch_unit *u, const struct config *c, const char *section,
                       struct err *e)
{
    const struct bpred_keys *k = &u->keys;
    if (k->btb_entries % k->btb_ways || (k->btb_entries && !is_pow2(k->btb_entries / k->btb_ways)))
        return config_error(c, section, "btb_entries", e,
                            "must be btb_ways (%u) times a power of two", k->btb_ways);
    return true;
}

struct branch_unit *branch_unit_create(struct config *c, const char *section, struct err *e)
{
    struct branch_unit *u = xcalloc(1, sizeof *u);
    if (!config_bind(c, section, bpred_key_rows, &u->keys, e) || !check_keys(u, c, section, e) ||
        !create_direction(u, c, section, e)) {
        free(u);
        return NULL;
    }
    u->btb = btb_create(u->keys.btb_entries, u->keys.btb_ways);
    u->ras.entries = u->keys.ras_entries;
    u->ras.repair = (enum ras_repair)u->keys.ras_repair;
    return u;
}

void branch_unit_destroy(struct branch_unit *u)
{
    if (!u)
        return;
    u->direction->destroy(u->predictor);
    btb_destroy(u->btb);
    free(u);
}

struct bpred_stats *branch_unit_stats(struct branch_unit *u) { return &u->stats; }

/* What the instruction word alone says. BO: ISA Book I, 2.4, figure 40. */
struct shape {
    bool conditional, direct, call, ret;
};

static inline struct shape shape_of(const struct insn *i)
{
    const struct insn_row *row = &insn_rows[i->number];
    bool to_lr = i->number == INSN_bclr;
    struct shape s = {
        .conditional = row->flags & F_COND && (i->word >> 21 & 0x14) != 0x14,
        .direct = row->form == FORM_I || row->form == FORM_B,
        .call = row->flags & F_LK && i->word & 1,
    };
    /* BH = 0 of bclr says "subroutine return"; `bcl 20,31,$+4` only reads the pc and is no call. */
    s.ret = to_lr && !s.call && !(i->word >> 11 & 3);
    if (s.call && s.direct && (uint64_t)i->imm == i->pc + 4)
        s.call = false;
    return s;
}

/* The `at` bits: BO = 0b001at or 0b011at (CR alone), 0b1a00t or 0b1a01t (CTR alone); a = 1 says
 * that t is a hint. */
static struct bpred_branch branch_of(const struct branch_unit *u, const struct insn *i, bool direct)
{
    struct bpred_branch b = {.pc = i->pc, .target = direct ? (uint64_t)i->imm : 0};
    uint32_t bo = i->word >> 21 & 31;
    bool by_cr = (bo & 0x14) == 0x04, by_ctr = (bo & 0x14) == 0x10;
    b.hint_valid = u->keys.use_hints && ((by_cr && bo & 2) || (by_ctr && bo & 8));
    b.hint_taken = b.hint_valid && bo & 1;
    return b;
}

void branch_unit_predict(struct branch_unit *u, const struct insn *i, struct prediction *p)
{
    struct shape s = shape_of(i);
    uint64_t btb_target = 0, fall_through = i->pc + 4;
    bool btb_hit = btb_lookup(u->btb, i->pc, &btb_target);
    *p = (struct prediction){.taken = true, .has_direction = s.conditional};
    p->ras = ras_save(&u->ras);
    if (s.conditional) {
        struct bpred_branch b = branch_of(u, i, s.direct);
        p->taken = u->direction->predict(u->predictor, &b, &p->state);
    } else if (u->direction->checkpoint) {
        u->direction->checkpoint(u->predictor, &p->state);
    }
    uint64_t target = s.direct ? (uint64_t)i->imm : btb_hit ? btb_target : fall_through;
    if (s.ret && p->taken) {
        uint64_t top = ras_pop(&u->ras);
        target = top ? top : target;
    }
    if (s.call && p->taken)
        ras_push(&u->ras, fall_through);
    p->decode_next = p->taken ? target : fall_through;
    /* A return's target comes from the stack as soon as the BTB says that there is a branch. */
    p->fetch_next = p->taken && btb_hit ? (s.ret ? target : btb_target) : fall_through;
}

void branch_unit_repair(struct branch_unit *u, const struct insn *i, const struct prediction *p,
                        bool taken, uint64_t next_pc)
{
    struct shape s = shape_of(i);
    (void)next_pc;
    if (ras_restore(&u->ras, p->ras)) {
        if (s.ret && taken)
            ras_pop(&u->ras);
        if (s.call && taken)
            ras_push(&u->ras, i->pc + 4);
    }
    if (u->direction->restore)
        u->direction->restore(u->predictor, &p->state, p->has_direction, taken);
}

static void count(struct branch_unit *u, const struct shape *s, const struct prediction *p,
                  bool taken, uint64_t next_pc)
{
    bool wrong = p->decode_next != next_pc, wrong_direction = p->taken != taken;
    u->stats.branches++;
    u->stats.taken += taken;
    u->stats.conditional += s->conditional;
    u->stats.returns += s->ret;
    u->stats.mispredicts += wrong;
    u->stats.direction_mispredicts += wrong && wrong_direction;
    u->stats.target_mispredicts += wrong && !wrong_direction;
    u->stats.return_mispredicts += wrong && s->ret;
    u->stats.decode_redirects += !wrong && p->fetch_next != next_pc;
}

void branch_unit_retire(struct branch_unit *u, const struct insn *i, const struct prediction *p,
                        bool taken, uint64_t next_pc)
{
    struct shape s = shape_of(i);
    count(u, &s, p, taken, next_pc);
    if (p->has_direction) {
        struct bpred_branch b = branch_of(u, i, s.direct);
        u->direction->update(u->predictor, &b, &p->state, taken);
    }
    if (taken)
        btb_update(u->btb, i->pc, next_pc);
}
