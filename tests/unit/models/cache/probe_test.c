/* A probe before a node that answers as it is told to. */
#include "models/cache/probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { NODE = 7, MANY = 20 };

struct node {
    enum port_reply reply;
    unsigned waits, warmed;
};

static enum port_reply node_access(void *node, struct mem_request *r, uint64_t now)
{
    struct node *n = node;
    if (n->reply == PORT_HIT) {
        r->ready = now + 3;
        r->level = 1;
    }
    return n->reply;
}

static void node_wait(void *node, struct port_waiter *w)
{
    (void)w;
    ((struct node *)node)->waits++;
}

static void node_warm(void *node, struct mem_request *r)
{
    (void)r;
    ((struct node *)node)->warmed++;
}

/* What the watch was told last, and how often. */
struct told {
    unsigned accepted, answered;
    uint64_t now, ready, ticket;
    bool is_answered;
    enum cache_outcome outcome;
};

static uint64_t accepted(void *owner, uint32_t node, const struct mem_request *r,
                         enum cache_outcome outcome, bool is_answered, uint64_t now)
{
    struct told *t = owner;
    assert_int_equal(node, NODE);
    t->now = now;
    t->ready = r->ready;
    t->is_answered = is_answered;
    t->outcome = outcome;
    return 100 + t->accepted++;
}

static void answered(void *owner, uint64_t ticket, const struct mem_request *r)
{
    struct told *t = owner;
    t->answered++;
    t->ticket = ticket;
    t->ready = r->ready;
}

static void done(struct mem_request *r) { ++*(unsigned *)r->owner; }

struct rig {
    struct node node;
    struct told told;
    struct probe *probe;
    struct mem_port port;
};

static int build(void **state)
{
    struct rig *g = calloc(1, sizeof *g);
    struct mem_port below = {.access = node_access, .wait = node_wait, .warm = node_warm,
                             .node = &g->node, .takes_victims = true};
    g->probe = probe_create(NODE, NULL, below);
    g->port = probe_port(g->probe);
    probe_set_watch(g->probe, (struct probe_watch){accepted, answered, &g->told});
    *state = g;
    return 0;
}

static int demolish(void **state)
{
    struct rig *g = *state;
    probe_destroy(g->probe);
    free(g);
    return 0;
}

static void a_hit_is_told_with_its_answer(void **state)
{
    struct rig *g = *state;
    struct mem_request r = {.pa = 0x40, .bytes = 8};
    g->node.reply = PORT_HIT;
    assert_int_equal(g->port.access(g->port.node, &r, 50), PORT_HIT);
    assert_int_equal(g->told.accepted, 1);
    assert_true(g->told.is_answered);
    assert_int_equal(g->told.now, 50);
    assert_int_equal(g->told.ready, 53);
    assert_int_equal(g->told.outcome, CACHE_OUTCOMES); /* the node has no lines */
}

static void a_refusal_is_not_told(void **state)
{
    struct rig *g = *state;
    struct mem_request r = {.pa = 0x40, .bytes = 8, .done = done};
    struct port_waiter w = {.wake = NULL};
    g->node.reply = PORT_BUSY;
    assert_int_equal(g->port.access(g->port.node, &r, 50), PORT_BUSY);
    assert_int_equal(g->told.accepted, 0);
    assert_ptr_equal(r.done, done);
    g->port.wait(g->port.node, &w);
    assert_int_equal(g->node.waits, 1);
}

/* In another order than they were asked, and each requester is called back as if nobody had looked
 * on. */
static void the_answer_to_a_miss_passes_by_and_goes_on_to_the_requester(void **state)
{
    struct rig *g = *state;
    struct mem_request r[MANY];
    unsigned answers[MANY] = {0};
    g->node.reply = PORT_MISS;
    for (unsigned round = 1; round <= 2; round++) {
        for (unsigned n = 0; n < MANY; n++) {
            r[n] = (struct mem_request){.pa = 64 * n, .bytes = 8, .done = done,
                                        .owner = &answers[n]};
            assert_int_equal(g->port.access(g->port.node, &r[n], n), PORT_MISS);
            assert_false(g->told.is_answered);
        }
        for (unsigned n = MANY; n-- > 0;) {
            r[n].ready = 1000 + n;
            r[n].done(&r[n]);
            assert_int_equal(answers[n], round);
            assert_ptr_equal(r[n].done, done);
            assert_ptr_equal(r[n].owner, &answers[n]);
            assert_int_equal(g->told.ticket, 100 + (round - 1) * MANY + n);
            assert_int_equal(g->told.ready, 1000 + n);
        }
    }
    assert_int_equal(g->told.answered, 2 * MANY);
}

static void warming_and_what_the_port_says_pass_unchanged(void **state)
{
    struct rig *g = *state;
    struct mem_request r = {.pa = 0x40, .bytes = 8};
    g->port.warm(g->port.node, &r);
    assert_int_equal(g->node.warmed, 1);
    assert_int_equal(g->told.accepted, 0);
    assert_true(g->port.takes_victims);
    assert_false(g->port.is_inclusive);
}

static void requests_under_way_at_the_end_are_nobodys_leak(void **state)
{
    struct rig *g = *state;
    struct mem_request r = {.pa = 0x40, .bytes = 8, .done = done};
    g->node.reply = PORT_MISS;
    assert_int_equal(g->port.access(g->port.node, &r, 50), PORT_MISS);
} /* told by the sanitizers of `make asan` */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_hit_is_told_with_its_answer, build, demolish),
        cmocka_unit_test_setup_teardown(a_refusal_is_not_told, build, demolish),
        cmocka_unit_test_setup_teardown(
            the_answer_to_a_miss_passes_by_and_goes_on_to_the_requester, build, demolish),
        cmocka_unit_test_setup_teardown(warming_and_what_the_port_says_pass_unchanged, build,
                                        demolish),
        cmocka_unit_test_setup_teardown(requests_under_way_at_the_end_are_nobodys_leak, build,
                                        demolish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
