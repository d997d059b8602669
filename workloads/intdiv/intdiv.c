/* Division and multiplication of 32- and 64-bit integers, signed and unsigned. */
#include "workloads/workload.h"

enum { PAIRS = 9000, POWERS = 800, TRIALS = 1500 };

static uint64_t greatest_common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* base^exponent mod modulus; the modulus is below 2^32, so that no product overflows. */
static uint64_t power_modulo(uint64_t base, uint32_t exponent, uint64_t modulus)
{
    uint64_t result = 1 % modulus;
    for (base %= modulus; exponent != 0; exponent >>= 1) {
        if ((exponent & 1) != 0)
            result = result * base % modulus;
        base = base * base % modulus;
    }
    return result;
}

static int is_prime(uint32_t n)
{
    for (uint32_t d = 2; d <= n / d; d++)
        if (n % d == 0)
            return 0;
    return n >= 2;
}

/* Quotients round to zero and remainders take the dividend's sign. */
static uint64_t signed_mix(uint64_t sum, uint64_t *seed)
{
    int64_t a = (int64_t)random_next(seed), b = (int64_t)(random_next(seed) >> 40) - (1 << 23);
    int32_t c = (int32_t)random_next(seed), d = (int32_t)random_below(seed, 2000) - 1000;
    if (b == 0 || d == 0)
        return sum;
    sum = checksum_add(sum, (uint64_t)(a / b));
    sum = checksum_add(sum, (uint64_t)(a % b));
    sum = checksum_add(sum, (uint64_t)(c / (d == -1 ? 1 : d)));
    sum = checksum_add(sum, (uint64_t)(c % (d == -1 ? 1 : d)));
    return checksum_add(sum, (uint64_t)((int64_t)c * d));
}

/* Division by a constant, which compilers turn into a multiplication by its reciprocal. */
static uint32_t digit_sum(uint64_t n)
{
    uint32_t sum = 0;
    for (; n != 0; n /= 10)
        sum += (uint32_t)(n % 10);
    return sum;
}

int main(int argc, char **argv)
{
    uint32_t scale = scale_argument(argc, argv), primes = 0;
    uint64_t seed = 12, sum = 0;

    for (uint32_t round = 0; round < scale; round++) {
        for (int i = 0; i < PAIRS; i++) {
            uint64_t a = random_next(&seed), b = random_next(&seed) >> 20;
            sum = checksum_add(sum, greatest_common_divisor(a, b));
            sum = signed_mix(sum, &seed);
            sum = checksum_add(sum, digit_sum(random_next(&seed)));
        }
        for (uint32_t i = 0; i < POWERS; i++)
            sum = checksum_add(sum, power_modulo(3 + i, 1000000006, 1000000007));
        primes = 0;
        for (uint32_t i = 0; i < TRIALS; i++)
            primes += (uint32_t)is_prime(1000000 + i);
    }
    printf("intdiv %" PRIu32 " times\n", scale);
    printf("%" PRIu32 " primes from 1000000 to %d\n", primes, 1000000 + TRIALS - 1);
    printf("checksum %016" PRIx64 "\n", sum);
    return 0;
}
