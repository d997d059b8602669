#include "sim/schema/equation.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    STEPS_MAX = 1024,
    DEPTH_MAX = 64, /* of the evaluation stack and of parentheses */
    EQUATION_NAME_MAX = 200,
};

/* Postfix code. */
enum step_kind { PUSH_VALUE, PUSH_NUMBER, ADD, SUBTRACT, MULTIPLY, DIVIDE, NEGATE };

struct step {
    enum step_kind kind;
    uint32_t index;               /* PUSH_VALUE: which value */
    struct equation_value number; /* PUSH_NUMBER */
};

struct equation {
    struct step *steps;
    uint32_t count;
};

struct parser {
    const char *text, *at;
    int32_t (*find)(void *context, const char *full);
    void *context;
    struct equation *q;
    unsigned depth, stack; /* of parentheses; of values, at this point of the code */
    struct err *e;
};

static bool parse_sum(struct parser *p);

static bool fail(struct parser *p, const char *what)
{
    return err_set(p->e, "'%.200s', column %d: %s", p->text, (int)(p->at - p->text) + 1, what);
}

static bool emit(struct parser *p, struct step step)
{
    struct equation *q = p->q;
    bool push = step.kind == PUSH_VALUE || step.kind == PUSH_NUMBER;
    p->stack = push ? p->stack + 1 : step.kind == NEGATE ? p->stack : p->stack - 1;
    if (q->count == STEPS_MAX || p->stack > DEPTH_MAX)
        return fail(p, "the equation is too long");
    if (!(q->count & (q->count - 1))) /* room doubles at every power of two */
        q->steps = xrealloc(q->steps, (q->count ? 2 * (uint64_t)q->count : 1) * sizeof *q->steps);
    q->steps[q->count++] = step;
    return true;
}

static bool accept(struct parser *p, char c)
{
    while (isspace((unsigned char)*p->at))
        p->at++;
    if (*p->at != c)
        return false;
    p->at++;
    return true;
}

static bool parse_name(struct parser *p)
{
    char name[EQUATION_NAME_MAX + 1];
    size_t n = 0;
    while (isalnum((unsigned char)p->at[n]) || p->at[n] == '_' || p->at[n] == '.')
        n++;
    if (n > EQUATION_NAME_MAX)
        return fail(p, "the name is too long");
    *(char *)mempcpy(name, p->at, n) = '\0';
    int32_t index = p->find(p->context, name);
    if (index < 0)
        return fail(p, "no statistic of this name");
    p->at += n;
    return emit(p, (struct step){.kind = PUSH_VALUE, .index = (uint32_t)index});
}

static bool parse_number(struct parser *p)
{
    const s128 bound = (s128)UINT64_MAX;
    struct step step = {.kind = PUSH_NUMBER, .number = {.exact = true}};
    const char *start = p->at;
    for (; isdigit((unsigned char)*p->at); p->at++) {
        step.number.whole = step.number.whole * 10 + (*p->at - '0');
        if (step.number.whole > bound)
            return fail(p, "the number is too large");
    }
    if (*p->at == '.') {
        step.number.exact = false;
        if (!isdigit((unsigned char)*++p->at))
            return fail(p, "a digit must follow the decimal point");
        while (isdigit((unsigned char)*p->at))
            p->at++;
    }
    if (isalpha((unsigned char)*p->at) || *p->at == '_')
        return fail(p, "a number cannot be followed by a letter");
    step.number.real = strtod(start, NULL);
    return emit(p, step);
}

static bool parse_factor(struct parser *p)
{
    if (p->depth == DEPTH_MAX)
        return fail(p, "nested too deeply");
    p->depth++;
    bool ok;
    if (accept(p, '-'))
        ok = parse_factor(p) && emit(p, (struct step){.kind = NEGATE});
    else if (accept(p, '('))
        ok = parse_sum(p) && (accept(p, ')') || fail(p, "')' expected"));
    else if (isdigit((unsigned char)*p->at))
        ok = parse_number(p);
    else if (isalpha((unsigned char)*p->at) || *p->at == '_')
        ok = parse_name(p);
    else
        ok = fail(p, "a name, a number or '(' expected");
    p->depth--;
    return ok;
}

static bool parse_product(struct parser *p)
{
    if (!parse_factor(p))
        return false;
    for (;;) {
        enum step_kind kind = accept(p, '*') ? MULTIPLY : accept(p, '/') ? DIVIDE : NEGATE;
        if (kind == NEGATE)
            return true;
        if (!parse_factor(p) || !emit(p, (struct step){.kind = kind}))
            return false;
    }
}

static bool parse_sum(struct parser *p)
{
    if (!parse_product(p))
        return false;
    for (;;) {
        enum step_kind kind = accept(p, '+') ? ADD : accept(p, '-') ? SUBTRACT : NEGATE;
        if (kind == NEGATE)
            return true;
        if (!parse_product(p) || !emit(p, (struct step){.kind = kind}))
            return false;
    }
}

struct equation *equation_compile(const char *text, int32_t (*find)(void *, const char *),
                                  void *context, struct err *e)
{
    struct equation *q = xcalloc(1, sizeof *q);
    struct parser p = {.text = text, .at = text, .find = find, .context = context, .q = q, .e = e};
    bool ok = parse_sum(&p);
    if (ok && !accept(&p, '\0'))
        ok = fail(&p, "an operator or the end expected");
    if (ok)
        return q;
    equation_destroy(q);
    return NULL;
}

void equation_destroy(struct equation *q)
{
    if (q)
        free(q->steps);
    free(q);
}

bool equation_exact(const struct equation *q)
{
    for (uint32_t i = 0; i < q->count; i++)
        if (q->steps[i].kind == DIVIDE ||
            (q->steps[i].kind == PUSH_NUMBER && !q->steps[i].number.exact))
            return false;
    return true;
}

static struct equation_value from_whole(s128 whole)
{
    return (struct equation_value){true, whole, (double)whole};
}

static struct equation_value from_real(double real)
{
    return (struct equation_value){.real = real};
}

/* Exact while both sides are and the result fits; a product beyond 128 bits goes on as a double. */
static struct equation_value combine(enum step_kind kind, struct equation_value a,
                                     struct equation_value b)
{
    bool exact = a.exact && b.exact;
    s128 whole;
    switch (kind) {
    case ADD:
        return exact && !__builtin_add_overflow(a.whole, b.whole, &whole)
                   ? from_whole(whole)
                   : from_real(a.real + b.real);
    case SUBTRACT:
        return exact && !__builtin_sub_overflow(a.whole, b.whole, &whole)
                   ? from_whole(whole)
                   : from_real(a.real - b.real);
    case MULTIPLY:
        return exact && !__builtin_mul_overflow(a.whole, b.whole, &whole)
                   ? from_whole(whole)
                   : from_real(a.real * b.real);
    default:
        return from_real(b.real == 0 ? (double)NAN : a.real / b.real);
    }
}

struct equation_value equation_evaluate(const struct equation *q, const uint64_t *values)
{
    struct equation_value stack[DEPTH_MAX];
    uint32_t top = 0; /* the compiler checked the depth */
    for (uint32_t i = 0; i < q->count; i++) {
        const struct step *s = &q->steps[i];
        if (s->kind == PUSH_VALUE) {
            stack[top++] = from_whole((s128)values[s->index]);
        } else if (s->kind == PUSH_NUMBER) {
            stack[top++] = s->number;
        } else if (s->kind == NEGATE) {
            stack[top - 1] = combine(SUBTRACT, from_whole(0), stack[top - 1]);
        } else {
            top--;
            stack[top - 1] = combine(s->kind, stack[top - 1], stack[top]);
        }
    }
    return stack[0];
}
