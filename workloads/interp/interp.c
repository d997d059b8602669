/* A stack machine that interprets two small programs: a sieve of primes and a sum of Collatz
 * lengths. */
#include "workloads/workload.h"

enum opcode {
    PUSH, LOAD, STORE, PEEK, POKE,
    ADD, MUL, DIV, AND, LESS,
    JUMP, JUMP_IF_ZERO, PRINT, STOP,
};

enum { STACK = 16, VARIABLES = 4, MEMORY = 4096 };

struct machine {
    int64_t stack[STACK], variable[VARIABLES], memory[MEMORY];
    uint64_t executed;
    uint64_t sum; /* of what was printed */
};

/* Jump targets are indices into the array; the comment before a line is the index of its first
 * element. Variables: 0 candidate, 1 multiple, 2 how many primes. A cell of the memory is 1 when
 * its number is composite. */
static const int16_t sieve[] = {
    /*  0 */ PUSH, 2, STORE, 0, PUSH, 0, STORE, 2,
    /*  8 */ LOAD, 0, PUSH, MEMORY, LESS, JUMP_IF_ZERO, 63,
    /* 15 */ LOAD, 0, PEEK, JUMP_IF_ZERO, 22, JUMP, 54,
    /* 22 */ LOAD, 2, PUSH, 1, ADD, STORE, 2, LOAD, 0, STORE, 1,
    /* 33 */ LOAD, 1, PUSH, MEMORY, LESS, JUMP_IF_ZERO, 54,
    /* 40 */ PUSH, 1, LOAD, 1, POKE, LOAD, 1, LOAD, 0, ADD, STORE, 1, JUMP, 33,
    /* 54 */ LOAD, 0, PUSH, 1, ADD, STORE, 0, JUMP, 8,
    /* 63 */ LOAD, 2, PRINT, STOP,
};

/* Variables: 0 start, 1 current, 2 steps in all. */
static const int16_t collatz[] = {
    /*  0 */ PUSH, 1, STORE, 0, PUSH, 0, STORE, 2,
    /*  8 */ LOAD, 0, PUSH, 1000, LESS, JUMP_IF_ZERO, 68, LOAD, 0, STORE, 1,
    /* 19 */ PUSH, 1, LOAD, 1, LESS, JUMP_IF_ZERO, 59,
    /* 26 */ LOAD, 2, PUSH, 1, ADD, STORE, 2,
    /* 33 */ LOAD, 1, PUSH, 1, AND, JUMP_IF_ZERO, 50,
    /* 40 */ LOAD, 1, PUSH, 3, MUL, PUSH, 1, ADD, JUMP, 55,
    /* 50 */ LOAD, 1, PUSH, 2, DIV,
    /* 55 */ STORE, 1, JUMP, 19,
    /* 59 */ LOAD, 0, PUSH, 1, ADD, STORE, 0, JUMP, 8,
    /* 68 */ LOAD, 2, PRINT, STOP,
};

static void run(struct machine *m, const int16_t *code)
{
    int64_t *top = m->stack;
    const int16_t *pc = code;
    for (;; m->executed++) {
        switch ((enum opcode)*pc++) {
        case PUSH: *++top = *pc++; break;
        case LOAD: *++top = m->variable[*pc++]; break;
        case STORE: m->variable[*pc++] = *top--; break;
        case PEEK: *top = m->memory[*top]; break;
        case POKE: m->memory[top[0]] = top[-1]; top -= 2; break;
        case ADD: top--; top[0] += top[1]; break;
        case MUL: top--; top[0] *= top[1]; break;
        case DIV: top--; top[0] /= top[1]; break;
        case AND: top--; top[0] &= top[1]; break;
        case LESS: top--; top[0] = top[0] < top[1]; break;
        case JUMP: pc = code + *pc; break;
        case JUMP_IF_ZERO: pc = *top-- == 0 ? code + *pc : pc + 1; break;
        case PRINT: m->sum = checksum_add(m->sum, (uint64_t)*top--); break;
        case STOP: return;
        }
    }
}

int main(int argc, char **argv)
{
    static struct machine machine;
    uint32_t scale = scale_argument(argc, argv);
    int64_t primes = 0, steps = 0;

    for (uint32_t i = 0; i < scale; i++) {
        memset(machine.memory, 0, sizeof machine.memory);
        run(&machine, sieve);
        primes = machine.variable[2];
        run(&machine, collatz);
        steps = machine.variable[2];
    }
    printf("interp %" PRIu32 " times, %" PRIu64 " bytecodes\n", scale, machine.executed);
    printf("%" PRId64 " primes below %d\n", primes, MEMORY);
    printf("%" PRId64 " Collatz steps below 1000\n", steps);
    printf("checksum %016" PRIx64 "\n", machine.sum);
    return 0;
}
