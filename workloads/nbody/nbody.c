/* Particles that attract each other, integrated with the leapfrog method in doubles. */
#include "workloads/workload.h"

#include <math.h>

enum { BODIES = 8, STEPS = 3000 };

struct body {
    double position[3], velocity[3], mass;
};

static const double time_step = 1.0 / 256.0;
/* Keeps near misses finite, so that energy stays a usable check. */
static const double softening = 1.0 / 64.0;

static void start(struct body *bodies, uint64_t *seed)
{
    for (int i = 0; i < BODIES; i++) {
        for (int axis = 0; axis < 3; axis++) {
            bodies[i].position[axis] = (double)random_below(seed, 4096) / 1024.0 - 2.0;
            bodies[i].velocity[axis] = (double)random_below(seed, 4096) / 8192.0 - 0.25;
        }
        bodies[i].mass = 0.5 + (double)random_below(seed, 1024) / 1024.0;
    }
}

static void attract(struct body *a, struct body *b)
{
    double d[3], square = softening;
    for (int axis = 0; axis < 3; axis++) {
        d[axis] = a->position[axis] - b->position[axis];
        square += d[axis] * d[axis];
    }
    double pull = time_step / (square * sqrt(square));
    for (int axis = 0; axis < 3; axis++) {
        a->velocity[axis] -= d[axis] * b->mass * pull;
        b->velocity[axis] += d[axis] * a->mass * pull;
    }
}

static void step(struct body *bodies)
{
    for (int i = 0; i < BODIES; i++)
        for (int j = i + 1; j < BODIES; j++)
            attract(&bodies[i], &bodies[j]);
    for (int i = 0; i < BODIES; i++)
        for (int axis = 0; axis < 3; axis++)
            bodies[i].position[axis] += time_step * bodies[i].velocity[axis];
}

static double energy(const struct body *bodies)
{
    double sum = 0.0;
    for (int i = 0; i < BODIES; i++) {
        for (int axis = 0; axis < 3; axis++)
            sum += 0.5 * bodies[i].mass * bodies[i].velocity[axis] * bodies[i].velocity[axis];
        for (int j = i + 1; j < BODIES; j++) {
            double square = softening;
            for (int axis = 0; axis < 3; axis++) {
                double d = bodies[i].position[axis] - bodies[j].position[axis];
                square += d * d;
            }
            sum -= bodies[i].mass * bodies[j].mass / sqrt(square);
        }
    }
    return sum;
}

int main(int argc, char **argv)
{
    uint32_t scale = scale_argument(argc, argv);
    uint64_t seed = 8, sum = 0;
    struct body bodies[BODIES];

    start(bodies, &seed);
    printf("nbody %d bodies, %" PRIu32 " x %d steps\n", BODIES, scale, STEPS);
    printf("energy %.9f\n", energy(bodies));
    for (uint64_t i = 0; i < (uint64_t)scale * STEPS; i++)
        step(bodies);
    printf("energy %.9f\n", energy(bodies));
    for (int i = 0; i < BODIES; i++)
        for (int axis = 0; axis < 3; axis++)
            sum = checksum_add_double(sum, bodies[i].position[axis]);
    printf("checksum %016" PRIx64 "\n", sum);
    return 0;
}
