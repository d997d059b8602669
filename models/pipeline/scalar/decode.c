/* decode1: static prediction, cracking, prefixes; decode2: issue. */
#include "models/pipeline/scalar/scalar.h"

static bool cracked_first(const struct decode1_stage *d)
{
    return d->valid && !d->second && d->insn.insn && d->insn.insn->flags & SI_TWICE;
}

static uint64_t static_target(const struct fetched *f)
{
    return (f->insn->absolute ? 0 : f->pc) + (uint64_t)f->insn->target;
}

/* What arrives from the instruction cache is predicted taken: by the branch target cache, or
 * statically when that has no opinion. */
static bool predict(const struct fetched *f)
{
    if (f->predicted || f->predicted_not)
        return f->predicted;
    return f->insn && f->insn->flags & SI_STATIC;
}

/* Signals of decode1 that fetch and the instruction cache need in this cycle. */
static void drive_fetch(struct scalar *p, bool redirects)
{
    struct wires *w = &p->wires;
    w->fetch_flush = w->flush || redirects || w->redirect;
}

static void take(struct scalar *p, bool taken)
{
    struct decode1_stage *d = &p->decode1;
    const struct fetched *f = &p->icache.out;
    bool valid = p->icache.out_valid;
    if (valid || d->valid)
        p->changed = true;
    d->valid = valid;
    d->second = false;
    d->insn = *f;
    d->predicted_taken = taken;
    if (!valid)
        return;
    if (d->prefixed) {
        d->insn = d->prefix;
        d->prefixed = false;
    } else if (f->insn && f->insn->flags & SI_PREFIX) {
        d->prefix = *f;
        d->prefixed = true;
        d->valid = false;
    }
}

void scalar_decode1(struct scalar *p)
{
    struct decode1_stage *d = &p->decode1;
    const struct fetched *f = &p->icache.out;
    struct wires *w = &p->wires;
    bool first = cracked_first(d), stall = w->decode1_stall;
    w->decode1_busy = stall || first;
    bool taken = p->icache.out_valid && predict(f);
    bool redirects = taken && !w->flush && !w->decode1_busy && !f->predicted;
    drive_fetch(p, redirects);
    if (w->flush) {
        d->valid = d->prefixed = false;
    } else if (!stall && first) {
        d->second = true;
        p->changed = true;
    } else if (!stall) {
        take(p, taken);
    }
    if (redirects) {
        d->redirect_pc = static_target(f);
        p->branches.decode_redirects++;
    }
    if (redirects || d->redirect)
        p->changed = true;
    d->redirect = redirects;
}

/* A register whose last writer is in flight is ready when that is on a bypass or completes now. */
static bool register_ready(struct scalar *p, uint32_t reg)
{
    const struct wires *w = &p->wires;
    uint8_t n = p->writer[reg];
    if (n == w->bypass1 || n == w->bypass2 || n == w->complete_tag)
        return true;
    p->blame = p->tags[n].part;
    return false;
}

static bool registers_ready(struct scalar *p, const struct scalar_insn *i, bool second)
{
    /* The second half of a cracked instruction has its address already. */
    for (uint32_t n = 0; !second && n < i->in_count; n++)
        if (p->pending_regs >> i->in[n] & 1 && !register_ready(p, i->in[n]))
            return false;
    if (i->pair_in == SCALAR_NO_REG)
        return true;
    uint32_t data = i->pair_in | (second ? 0u : 1u);
    return !(p->pending_regs >> data & 1) || register_ready(p, data);
}

static bool cr_ready(struct scalar *p, const struct scalar_insn *i)
{
    const struct wires *w = &p->wires;
    const struct tag *t = &p->tags[p->cr_tag];
    if (!(i->flags & (SI_CR_IN | SI_CR_OUT | SI_RC)) || !t->writes_cr ||
        p->cr_tag == w->complete_tag || p->cr_tag == w->cr_bypass1 || p->cr_tag == w->cr_bypass2)
        return true;
    p->blame = t->part;
    return false;
}

static bool ov_ready(struct scalar *p, const struct scalar_insn *i)
{
    const struct tag *t = &p->tags[p->ov_tag];
    if (!(i->flags & SI_OV_IN) || !t->writes_ov || p->ov_tag == p->wires.complete_tag)
        return true;
    p->blame = t->part;
    return false;
}

static bool serial_ready(struct scalar *p)
{
    const struct decode2_stage *d = &p->decode2;
    if (!(d->serial || d->was_serial) || !p->tags[p->last_tag].valid ||
        p->last_tag == p->wires.complete_tag)
        return true;
    p->blame = PART_SERIAL;
    return false;
}

/* Register that this operation writes: of a cracked load the data, then the base. */
static uint8_t output(const struct scalar_insn *i, bool second)
{
    if (!(i->flags & SI_TWICE))
        return i->out != SCALAR_NO_REG ? i->out : i->update_out;
    if (i->flags & SI_PAIR)
        return i->out == SCALAR_NO_REG ? i->out : (uint8_t)(i->out | (second ? 0u : 1u));
    return second ? i->update_out : i->out;
}

static void release_tag(struct scalar *p, uint8_t n)
{
    struct tag *t = &p->tags[n];
    if (t->writes && p->writer[t->reg] == n)
        p->pending_regs &= ~(UINT64_C(1) << t->reg);
    *t = (struct tag){.valid = false};
}

static void claim_tag(struct scalar *p, const struct scalar_insn *i, bool second)
{
    uint8_t n = p->next_tag, reg = output(i, second);
    bool writes = reg != SCALAR_NO_REG;
    p->tags[n] = (struct tag){
        .valid = true, .writes = writes, .reg = reg,
        .writes_cr = i->flags & (SI_CR_OUT | SI_RC), .writes_ov = i->flags & SI_OV_OUT,
        .part = i->unit == SCALAR_LSU && i->flags & SI_LOAD ? PART_DCACHE_L1
                                                            : cpi_dependency[i->class]};
    if (writes) {
        p->pending_regs |= UINT64_C(1) << reg;
        p->writer[reg] = n;
    }
    if (p->tags[n].writes_cr)
        p->cr_tag = n;
    if (p->tags[n].writes_ov)
        p->ov_tag = n;
    p->last_tag = n;
    p->next_tag = (uint8_t)((n + 1) % TAGS);
}

static const struct scalar_insn unknown_insn = {
    .unit = SCALAR_ALU, .class = CLASS_INT, .latency = 1, .cycles = 1, .flags = SI_REDIRECT,
    .out = SCALAR_NO_REG, .update_out = SCALAR_NO_REG};

static bool can_issue(struct scalar *p)
{
    const struct decode2_stage *d = &p->decode2;
    const struct scalar_insn *i = d->insn.insn;
    return registers_ready(p, i, d->second) && cr_ready(p, i) && ov_ready(p, i) &&
           serial_ready(p);
}

/* Loads decode2 with what decode1 holds; nothing when that is empty. */
static bool accept(struct scalar *p)
{
    const struct decode1_stage *d1 = &p->decode1;
    struct decode2_stage *d = &p->decode2;
    if (!d1->valid)
        return false;
    d->insn = d1->insn;
    if (!d->insn.insn)
        d->insn.insn = &unknown_insn;
    d->insn.decode_cycle = p->cycle;
    d->second = d1->second;
    d->predicted_taken = d1->predicted_taken;
    d->was_serial = d->serial;
    d->serial = d->insn.insn->flags & SI_SERIAL;
    return true;
}

void scalar_decode2(struct scalar *p)
{
    struct decode2_stage *d = &p->decode2;
    struct wires *w = &p->wires;
    bool was_valid = d->valid, have = false;
    if (w->flush) {
        *d = (struct decode2_stage){.valid = false};
        for (uint8_t n = 0; n < TAGS; n++)
            p->tags[n] = (struct tag){.valid = false};
        p->pending_regs = 0;
        p->changed = true;
        return;
    }
    if (!w->deferred) {
        have = d->busy || accept(p);
        bool issued = have && can_issue(p);
        d->valid = issued;
        d->busy = have && !issued;
        if (issued || was_valid)
            p->changed = true;
    }
    if (w->complete_tag != NO_TAG)
        release_tag(p, w->complete_tag);
    if (!w->deferred && d->valid) {
        d->tag = p->next_tag;
        claim_tag(p, d->insn.insn, d->second);
    }
}
