#include "models/pipeline/bpred/branch_unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/pipeline/bpred/btb.h"
#include "models/pipeline/bpred/hint.h"
#include "sim/base/bits.h"
#include "sim/schema/plugin.h"

const struct key_row bpred_key_rows[] = {BPRED_KEYS(KEY_ROW, bpred_keys) KEY_END};
const struct stat_row bpred_stat_rows[] = {BPRED_STATS(STAT_ROW, bpred_stats) STAT_END};

#define BPRED(name) " " #name
const char bpred_help[] = "direction predictor: a plug-in's file, or one of:"
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
    struct loop *loop;                   /* NULL: none */
    bool overrides; /* a loop or a hint may decide in the direction predictor's place */
    const struct indirect_ops *indirect; /* NULL: the BTB alone */
    void *targets;
    struct btb *btb;
    struct ras ras;
    struct bpred_stats stats;
};

const struct bpred_ops *branch_unit_direction(uint32_t n)
{
    return n < ARRAY_LEN(predictors) ? predictors[n] : NULL;
}

static const struct bpred_ops *refuse_direction(const struct config *c, const char *section,
                                                struct err *e)
{
    char names[256] = "";
    size_t used = 0;
    for (size_t n = 0; n < ARRAY_LEN(predictors) && used < sizeof names; n++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", n ? ", " : "",
                                 predictors[n]->name);
    config_refuse_name(c, section, "direction", names, ", or a plug-in's file", e);
    return NULL;
}

static const struct bpred_ops *load_direction(const char *value, struct config *c,
                                              const char *section, struct err *e)
{
    const struct bpred_ops *d = plugin_load(c, section, "direction", value, "bpred", sizeof *d, e);
    if (!d || (d->name && d->create && d->destroy && d->predict && d->update && d->storage_bits &&
               !d->checkpoint == !d->restore))
        return d;
    config_error(c, section, "direction", e,
                 "the plug-in lacks one of: name, create, destroy, predict, update, storage_bits; "
                 "or it has only one of checkpoint and restore");
    return NULL;
}

static const struct bpred_ops *find_direction(const char *value, struct config *c,
                                              const char *section, struct err *e)
{
    if (plugin_is_named(value))
        return load_direction(value, c, section, e);
    for (size_t n = 0; n < ARRAY_LEN(predictors); n++)
        if (!strcmp(predictors[n]->name, value))
            return predictors[n];
    return refuse_direction(c, section, e);
}

/* Binds the private keys of a predictor and creates it. */
static void *create_predictor(const struct key_row *rows, uint64_t bytes,
                              void *(*create)(const void *, const struct config *, const char *,
                                              struct err *),
                              struct config *c, const char *section, struct err *e)
{
    void *keys = xcalloc(1, bytes + 1), *p = NULL;
    if (!rows || config_bind(c, section, rows, keys, e))
        p = create(keys, c, section, e);
    free(keys);
    return p;
}

static bool create_predictors(struct branch_unit *u, struct config *c, const char *section,
                              struct err *e)
{
    const struct bpred_ops *d = u->direction = find_direction(u->keys.direction, c, section, e);
    if (!d)
        return false;
    u->predictor = create_predictor(d->keys, d->keys_bytes, d->create, c, section, e);
    const struct indirect_ops *i =
        u->indirect = u->keys.indirect ? indirect_at(u->keys.indirect - 1) : NULL;
    if (i)
        u->targets = create_predictor(i->keys, i->keys_bytes, i->create, c, section, e);
    return u->predictor && (!i || u->targets);
}

static bool check_keys(struct branch_unit *u, const struct config *c, const char *section,
                       struct err *e)
{
    const struct bpred_keys *k = &u->keys;
    if (k->btb_entries % k->btb_ways || (k->btb_entries && !is_pow2(k->btb_entries / k->btb_ways)))
        return config_error(c, section, "btb_entries", e,
                            "must be btb_ways (%u) times a power of two", k->btb_ways);
    if (k->hint_y && k->use_hints)
        return config_error(c, section, "hint_y", e, "needs use_hints = no");
    if (k->hints_override && !k->use_hints)
        return config_error(c, section, "hints_override", e, "needs use_hints = yes");
    if (k->loop_entries % LOOP_WAYS || (k->loop_entries && !is_pow2(k->loop_entries)))
        return config_error(c, section, "loop_entries", e, "not 0 or 4 times a power of two");
    return true;
}

struct branch_unit *branch_unit_create(struct config *c, const char *section, struct err *e)
{
    struct branch_unit *u = xcalloc(1, sizeof *u);
    if (!config_bind(c, section, bpred_key_rows, &u->keys, e) || !check_keys(u, c, section, e) ||
        !create_predictors(u, c, section, e)) {
        branch_unit_destroy(u);
        return NULL;
    }
    u->loop = u->keys.loop_entries ? loop_create(u->keys.loop_entries) : NULL;
    u->overrides = u->loop || u->keys.hints_override;
    u->btb = btb_create(u->keys.btb_entries, u->keys.btb_ways);
    u->ras.entries = u->keys.ras_entries;
    u->ras.repair = (enum ras_repair)u->keys.ras_repair;
    return u;
}

void branch_unit_destroy(struct branch_unit *u)
{
    if (!u)
        return;
    if (u->predictor)
        u->direction->destroy(u->predictor);
    if (u->targets)
        u->indirect->destroy(u->targets);
    loop_destroy(u->loop);
    btb_destroy(u->btb);
    free(u);
}

struct branch_storage branch_unit_storage(const struct branch_unit *u)
{
    const struct bpred_keys *k = &u->keys;
    uint32_t sets = k->btb_entries / k->btb_ways;
    uint64_t entry = 2 * 62 - (sets ? ilog2(sets) : 0) + 1 + ilog2(2 * k->btb_ways - 1);
    return (struct branch_storage){
        .direction = u->direction->storage_bits(u->predictor),
        .loop = u->loop ? loop_storage_bits(u->loop) : 0,
        .indirect = u->indirect ? u->indirect->storage_bits(u->targets) : 0,
        .btb = entry * k->btb_entries,
        .ras = k->ras_entries ? 62 * (uint64_t)k->ras_entries + ilog2(2 * k->ras_entries - 1) : 0};
}

struct bpred_stats *branch_unit_stats(struct branch_unit *u) { return &u->stats; }

/* BH = 0 of bclr says "subroutine return"; `bcl 20,31,$+4` only reads the pc and is no call. */
static inline uint32_t shape_of(const struct insn *i)
{
    const struct insn_row *row = &insn_rows[i->number];
    bool direct = row->form == FORM_I || row->form == FORM_B;
    uint32_t shape = direct ? BRANCH_DIRECT : 0;
    if (row->flags & F_COND && (i->word >> 21 & 0x14) != 0x14)
        shape |= BRANCH_CONDITIONAL;
    if (row->flags & F_LK && i->word & 1 && !(direct && (uint64_t)i->imm == i->pc + 4))
        shape |= BRANCH_CALL;
    if (direct)
        return shape;
    bool returns = i->number == INSN_bclr && !(i->word & 1) && !(i->word >> 11 & 3);
    return shape | (returns ? BRANCH_RETURN : BRANCH_INDIRECT);
}

static inline struct bpred_branch branch_of(const struct insn *i, uint32_t shape)
{
    uint64_t target = shape & BRANCH_DIRECT ? (uint64_t)i->imm : 0;
    return (struct bpred_branch){.pc = i->pc, .target = target};
}

/* The direction predictor shifted its history with its own prediction: where a loop or a hint says
 * otherwise, the history does too. */
static __attribute__((noinline)) void override_direction(struct branch_unit *u,
                                                         const struct insn *i,
                                                         const struct bpred_branch *b,
                                                         struct prediction *p)
{
    bool taken = p->table_taken;
    if (u->loop) {
        p->loop = loop_find(u->loop, i->pc);
        taken = loop_overrides(u->loop, p->loop) ? p->loop.taken : taken;
    }
    if (u->keys.hints_override && b->hint_valid)
        taken = b->hint_taken;
    if (taken != p->table_taken && u->direction->restore)
        u->direction->restore(u->predictor, &p->state, true, taken);
    if (u->loop)
        loop_count(u->loop, i->pc, taken);
    p->taken = taken;
}

static inline void predict_direction(struct branch_unit *u, const struct insn *i,
                                     struct prediction *p)
{
    struct bpred_branch b = branch_of(i, p->shape);
    if (u->keys.use_hints)
        hint_read(i, &b);
    else if (u->keys.hint_y)
        hint_read_y(i, &b);
    p->taken = p->table_taken = u->direction->predict(u->predictor, &b, &p->state);
    if (u->overrides)
        override_direction(u, i, &b, p);
}

/* The branch enters the history of the indirect predictor, as predicted or as it is. */
static void push_history(struct branch_unit *u, const struct insn *i, uint32_t shape,
                         bool taken, uint64_t next_pc)
{
    if (shape & BRANCH_CONDITIONAL)
        u->indirect->push_direction(u->targets, i->pc, taken);
    if (shape & BRANCH_INDIRECT && taken)
        u->indirect->push_target(u->targets, i->pc, next_pc);
}

/* Of a taken branch through a register; `known` is the BTB's word, 0 when it has none. */
static uint64_t predict_target(struct branch_unit *u, const struct insn *i, struct prediction *p,
                               uint64_t known)
{
    uint64_t better = 0;
    if (p->shape & BRANCH_RETURN)
        better = ras_pop(&u->ras);
    else if (u->indirect)
        better = u->indirect->find(u->targets, i->pc, &p->indirect);
    p->indirect.target = better ? better : known;
    return p->indirect.target ? p->indirect.target : i->pc + 4;
}

/* Writes only what the chosen parts will read. */
void branch_unit_predict(struct branch_unit *u, const struct insn *i, struct prediction *p)
{
    uint32_t shape = shape_of(i);
    uint64_t btb_target = 0, fall_through = i->pc + 4, target = (uint64_t)i->imm;
    bool direct = shape & BRANCH_DIRECT, btb_hit = btb_lookup(u->btb, i->pc, &btb_target);
    p->shape = (uint8_t)shape;
    p->btb_hit = btb_hit;
    p->ras = ras_save(&u->ras);
    if (u->indirect)
        p->indirect.history = u->indirect->save(u->targets);
    p->taken = true;
    if (u->loop)
        p->loop_counted = u->loop->counted;
    if (shape & BRANCH_CONDITIONAL)
        predict_direction(u, i, p);
    else if (u->direction->checkpoint)
        u->direction->checkpoint(u->predictor, &p->state);
    if (!direct && p->taken)
        target = predict_target(u, i, p, btb_hit ? btb_target : 0);
    if (shape & BRANCH_CALL && p->taken)
        ras_push(&u->ras, fall_through);
    p->decode_next = p->taken ? target : fall_through;
    /* A register's target comes as soon as the BTB says that there is a branch. */
    p->fetch_next = p->taken && btb_hit ? (direct ? btb_target : target) : fall_through;
    if (u->indirect)
        push_history(u, i, shape, p->taken, p->decode_next);
}

static void repair_direction(struct branch_unit *u, const struct insn *i,
                             const struct prediction *p, bool taken)
{
    if (u->direction->restore)
        u->direction->restore(u->predictor, &p->state, p->shape & BRANCH_CONDITIONAL, taken);
    if (u->loop) {
        loop_restore(u->loop, p->loop_counted);
        if (p->shape & BRANCH_CONDITIONAL)
            loop_count(u->loop, i->pc, taken);
    }
}

void branch_unit_repair(struct branch_unit *u, const struct insn *i, const struct prediction *p,
                        bool taken, uint64_t next_pc)
{
    if (ras_restore(&u->ras, p->ras)) {
        if (p->shape & BRANCH_RETURN && taken)
            ras_pop(&u->ras);
        if (p->shape & BRANCH_CALL && taken)
            ras_push(&u->ras, i->pc + 4);
    }
    repair_direction(u, i, p, taken);
    if (u->indirect) {
        u->indirect->restore(u->targets, p->indirect.history);
        push_history(u, i, p->shape, taken, next_pc);
    }
}

void branch_unit_correct(struct branch_unit *u, const struct insn *i, struct prediction *p,
                         bool taken, uint64_t next_pc)
{
    if (p->decode_next == next_pc && p->taken == taken)
        return;
    branch_unit_repair(u, i, p, taken, next_pc);
    p->taken = taken;
    p->decode_next = next_pc;
    p->fetch_next = taken && p->btb_hit ? next_pc : i->pc + 4;
}

bool branch_unit_finds_target(const struct branch_unit *u, const struct insn *i)
{
    if (shape_of(i) & BRANCH_RETURN)
        return u->ras.entries != 0;
    return u->indirect || (u->keys.btb_entries && u->keys.btb_registers);
}

static void count_wrong(struct branch_unit *u, const struct prediction *p, bool taken)
{
    bool direction = p->taken != taken;
    u->stats.mispredicts++;
    u->stats.direction_mispredicts += direction;
    u->stats.target_mispredicts += !direction;
    u->stats.return_mispredicts += (p->shape & BRANCH_RETURN) != 0;
    u->stats.indirect_mispredicts += p->shape & BRANCH_INDIRECT && !direction;
}

static inline void count(struct branch_unit *u, const struct prediction *p, bool taken,
                         uint64_t next_pc)
{
    u->stats.branches++;
    u->stats.taken += taken;
    u->stats.conditional += (p->shape & BRANCH_CONDITIONAL) != 0;
    u->stats.returns += (p->shape & BRANCH_RETURN) != 0;
    u->stats.indirect += p->shape & BRANCH_INDIRECT && taken;
    if (p->decode_next != next_pc)
        count_wrong(u, p, taken);
    else
        u->stats.decode_redirects += p->fetch_next != next_pc;
}

/* Of a conditional branch, where there is a loop predictor. */
static void count_loop(struct branch_unit *u, const struct prediction *p, bool taken)
{
    bool override = p->loop.confident && p->loop.taken == p->taken && p->taken != p->table_taken;
    u->stats.loop_overrides += override;
    u->stats.loop_mispredicts += override && p->taken != taken;
}

/* A branch that was predicted not taken was never asked for its target. */
static void train_target(struct branch_unit *u, const struct insn *i, const struct prediction *p,
                         uint64_t next_pc)
{
    struct indirect_state state = p->indirect;
    if (!p->taken)
        state.target = u->indirect->find(u->targets, i->pc, &state);
    u->indirect->update(u->targets, i->pc, &state, next_pc);
}

static inline void train(struct branch_unit *u, const struct insn *i, const struct prediction *p,
                         bool taken, uint64_t next_pc)
{
    if (p->shape & BRANCH_CONDITIONAL) {
        struct bpred_branch b = branch_of(i, p->shape);
        u->direction->update(u->predictor, &b, &p->state, taken);
        if (u->loop)
            loop_train(u->loop, i->pc, p->loop, p->table_taken, p->taken != taken, taken);
    }
    if (u->indirect && p->shape & BRANCH_INDIRECT && taken)
        train_target(u, i, p, next_pc);
    if (taken && (p->shape & BRANCH_DIRECT || u->keys.btb_registers))
        btb_update(u->btb, i->pc, next_pc);
}

void branch_unit_retire(struct branch_unit *u, const struct insn *i, const struct prediction *p,
                        bool taken, uint64_t next_pc)
{
    count(u, p, taken, next_pc);
    if (u->loop && p->shape & BRANCH_CONDITIONAL)
        count_loop(u, p, taken);
    train(u, i, p, taken, next_pc);
}

void branch_unit_warm(struct branch_unit *u, const struct insn *i, bool taken, uint64_t next_pc)
{
    struct prediction p;
    branch_unit_predict(u, i, &p);
    if (p.decode_next != next_pc)
        branch_unit_repair(u, i, &p, taken, next_pc);
    train(u, i, &p, taken, next_pc);
}
