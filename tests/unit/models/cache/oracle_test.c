/* Random hierarchies against a simple model of their contents: lists of lines in order of use, and
 * the rules of inclusion and writing as one would tell them. One access at a time, so that order is
 * beyond doubt; after each one every level holds the same lines, and memory has been read and
 * written as often. Timed accesses and functional warming alike. */
#include "tests/unit/models/cache/rig.h"

#include <string.h>

#include "sim/base/rng.h"

enum { LINE = 64, MOST_WAYS = 8, MOST_SETS = 16, FOOTPRINT = 1 << 13 };

struct copy {
    uint64_t line;
    bool dirty;
};

struct level {
    uint32_t sets, ways, used[MOST_SETS];
    struct copy copy[MOST_SETS][MOST_WAYS]; /* used last comes first */
};

struct model {
    const struct cache_keys *keys;
    uint32_t levels;
    uint64_t reads, writes; /* of memory */
    struct level level[RIG_LEVELS];
};

static void model_writeback(struct model *m, uint32_t i, uint64_t line, bool dirty);

/* Takes the line out; false when it is not there. */
static bool take(struct level *l, uint64_t line, struct copy *copy)
{
    uint32_t set = (uint32_t)(line / LINE % l->sets);
    for (uint32_t way = 0; way < l->used[set]; way++)
        if (l->copy[set][way].line == line) {
            *copy = l->copy[set][way];
            l->used[set]--;
            memmove(&l->copy[set][way], &l->copy[set][way + 1],
                    (l->used[set] - way) * sizeof *copy);
            return true;
        }
    return false;
}

static void put_first(struct level *l, struct copy copy)
{
    uint32_t set = (uint32_t)(copy.line / LINE % l->sets);
    memmove(&l->copy[set][1], &l->copy[set][0], l->used[set] * sizeof copy);
    l->copy[set][0] = copy;
    l->used[set]++;
}

static void model_fill(struct model *m, uint32_t i, uint64_t line, bool dirty)
{
    struct level *l = &m->level[i];
    uint32_t set = (uint32_t)(line / LINE % l->sets);
    bool full = l->used[set] == l->ways;
    struct copy victim = {0}, above;
    if (full) {
        victim = l->copy[set][--l->used[set]];
        for (uint32_t up = 0; m->keys[i].inclusion == CACHE_INCLUSIVE && up < i; up++)
            if (take(&m->level[up], victim.line, &above))
                victim.dirty |= above.dirty;
    }
    put_first(l, (struct copy){line, dirty});
    if (full)
        model_writeback(m, i + 1, victim.line, victim.dirty);
}

/* A fetch of a line by level i - 1, or by the core when i is 0; true when it comes modified. */
static bool model_read(struct model *m, uint32_t i, uint64_t line)
{
    struct copy copy;
    bool is_moved = i && i < m->levels && m->keys[i].inclusion == CACHE_EXCLUSIVE;
    if (i == m->levels) {
        m->reads++;
        return false;
    }
    if (take(&m->level[i], line, &copy)) {
        if (!is_moved)
            put_first(&m->level[i], copy);
        return is_moved && copy.dirty;
    }
    bool dirty = model_read(m, i + 1, line);
    if (!is_moved)
        model_fill(m, i, line, dirty);
    return is_moved && dirty;
}

static bool claims(const struct model *m, uint32_t i)
{
    for (uint32_t down = i + 1; down < m->levels; down++)
        if (m->keys[down].inclusion == CACHE_INCLUSIVE)
            return false;
    return true;
}

/* A store by the core (i = 0), or what the level above passes down of one. */
static void model_write(struct model *m, uint32_t i, uint64_t line, bool whole)
{
    struct copy copy;
    if (i == m->levels) {
        m->writes++;
        return;
    }
    const struct cache_keys *k = &m->keys[i];
    bool through = k->write == CACHE_WRITE_THROUGH;
    bool found = take(&m->level[i], line, &copy);
    if (found)
        put_first(&m->level[i], (struct copy){line, copy.dirty || !through});
    if (through || (!found && !k->write_allocate))
        model_write(m, i + 1, line, whole);
    if (found || !k->write_allocate)
        return;
    if (!(whole && !i && !through && claims(m, i)))
        model_read(m, i + 1, line);
    model_fill(m, i, line, !through);
}

/* A victim of the level above. Clean ones go to exclusive levels alone. */
static void model_writeback(struct model *m, uint32_t i, uint64_t line, bool dirty)
{
    struct copy copy;
    if (i == m->levels) {
        m->writes += dirty;
        return;
    }
    const struct cache_keys *k = &m->keys[i];
    bool through = k->write == CACHE_WRITE_THROUGH;
    if (!dirty && k->inclusion != CACHE_EXCLUSIVE)
        return;
    if (take(&m->level[i], line, &copy))
        put_first(&m->level[i], (struct copy){line, copy.dirty || (dirty && !through)});
    else if (k->write_allocate && !(through && k->inclusion == CACHE_INCLUSIVE))
        model_fill(m, i, line, dirty && !through);
    else
        through = true; /* passes by */
    if (through)
        model_writeback(m, i + 1, line, dirty);
}

static void compare(const struct rig *g, const struct model *m)
{
    for (uint32_t i = 0; i < g->levels; i++) {
        uint64_t lines = 0;
        for (uint32_t set = 0; set < m->level[i].sets; set++) {
            lines += m->level[i].used[set];
            for (uint32_t way = 0; way < m->level[i].used[set]; way++)
                assert_true(cache_holds(g->cache[i], m->level[i].copy[set][way].line));
        }
        assert_int_equal(rig_stats(g, i)->resident_lines, lines);
    }
}

/* Not exclusive below a level that passes writes by, when there is one above that writes through
 * and allocates: the write and the fetch of one store then meet in an MSHR of the exclusive level,
 * and what the model does one after the other is one thing. */
static uint32_t random_inclusion(struct rng *rng, const struct cache_keys *keys, uint32_t i)
{
    const struct cache_keys *k = &keys[i], *above = i ? k - 1 : NULL;
    bool may_be_exclusive =
        k->write == CACHE_WRITE_BACK && k->write_allocate &&
        (!above || (above->write == CACHE_WRITE_BACK && (above->write_allocate || i == 1)));
    return (uint32_t)rng_below(rng, may_be_exclusive ? 3 : 2);
}

static struct rig *random_rig(struct rng *rng, struct model *m)
{
    struct rig *g = rig_new(1 + (uint32_t)rng_below(rng, RIG_LEVELS));
    *m = (struct model){.keys = g->keys, .levels = g->levels};
    for (uint32_t i = 0; i < g->levels; i++) {
        struct cache_keys *k = &g->keys[i];
        struct level *l = &m->level[i];
        l->ways = 1 + (uint32_t)rng_below(rng, MOST_WAYS);
        l->sets = 1u << rng_below(rng, 5);
        k->ways = l->ways;
        k->size = (uint64_t)l->ways * l->sets * LINE;
        k->write = rng_below(rng, 3) ? CACHE_WRITE_BACK : CACHE_WRITE_THROUGH;
        k->write_allocate = rng_below(rng, 3) != 0;
        k->inclusion = random_inclusion(rng, g->keys, i);
        k->mshrs = 1 + (uint32_t)rng_below(rng, 3);
        k->write_buffer = 1 + (uint32_t)rng_below(rng, 3);
        k->fill_latency = (uint32_t)rng_below(rng, 2);
        k->latency = 1 + (uint32_t)rng_below(rng, 20);
    }
    rig_build(g);
    return g;
}

/* The same access for both, that of the rig not made yet. */
static struct mem_request random_access(struct model *m, struct rng *rng)
{
    uint64_t line = rng_below(rng, FOOTPRINT / LINE) * LINE;
    uint64_t kind = rng_below(rng, 8);
    struct mem_request r = {
        .pa = kind == 7 ? line : line + rng_below(rng, LINE / 8) * 8,
        .bytes = kind == 7 ? LINE : 8, /* 7: a store of the whole line */
        .command = kind < 5 ? MEM_LOAD : MEM_STORE,
    };
    if (kind < 5)
        model_read(m, 0, line);
    else
        model_write(m, 0, line, kind == 7);
    return r;
}

static void access_both(struct rig *g, struct model *m, struct rng *rng)
{
    struct mem_request r = random_access(m, rng);
    assert_int_not_equal(g->port.access(g->port.node, &r, engine_now(g->engine)), PORT_BUSY);
    engine_run_until(g->engine, engine_now(g->engine) + 10000 * CYCLE);
}

static void contents_are_those_of_a_simple_model_in_random_hierarchies(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 400; seed++) {
        struct rng rng = rng_seeded(seed);
        struct model m;
        struct rig *g = random_rig(&rng, &m);
        for (int n = 0; n < 500; n++) {
            access_both(g, &m, &rng);
            compare(g, &m);
            assert_int_equal(memory_statistics(g->memory)->reads, m.reads);
            assert_int_equal(memory_statistics(g->memory)->writes, m.writes);
        }
        assert_laws(g);
        rig_free(g);
    }
}

/* Timed accesses in between find what warming has left. */
static void warming_gives_the_contents_of_the_simple_model(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 400; seed++) {
        struct rng rng = rng_seeded(seed);
        struct model m;
        struct rig *g = random_rig(&rng, &m);
        for (int n = 0; n < 500; n++) {
            struct mem_request r = random_access(&m, &rng);
            bool is_timed = seed & 1 && n % 8 == 0;
            if (is_timed)
                g->port.access(g->port.node, &r, engine_now(g->engine));
            else
                g->port.warm(g->port.node, &r);
            if (is_timed)
                engine_run_until(g->engine, engine_now(g->engine) + 10000 * CYCLE);
            compare(g, &m);
        }
        assert_laws(g);
        rig_free(g);
    }
}

static void warming_while_lines_are_on_their_way_keeps_the_laws(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 400; seed++) {
        struct rng rng = rng_seeded(seed);
        struct model m;
        struct rig *g = random_rig(&rng, &m);
        for (int n = 0; n < 500; n++) {
            struct mem_request r = random_access(&m, &rng);
            if (rng_below(&rng, 2))
                g->port.access(g->port.node, &r, engine_now(g->engine)); /* refused or not */
            else
                g->port.warm(g->port.node, &r);
            engine_run_until(g->engine, engine_now(g->engine) + rng_below(&rng, 60) * CYCLE);
            assert_laws(g);
        }
        engine_run(g->engine);
        assert_laws(g);
        for (uint32_t i = 0; i < g->levels; i++)
            assert_int_equal(rig_stats(g, i)->mshrs_in_use, 0);
        rig_free(g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contents_are_those_of_a_simple_model_in_random_hierarchies),
        cmocka_unit_test(warming_gives_the_contents_of_the_simple_model),
        cmocka_unit_test(warming_while_lines_are_on_their_way_keeps_the_laws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
