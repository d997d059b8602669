/* Copies 8 MiB twice, which is far more than ooo4.ini's last cache holds, as fast as vector loads
 * and stores can. */
#include <altivec.h>
#include <stdint.h>

enum { BYTES = 8 << 20, VECTORS = BYTES / 16, ROUNDS = 2 };

static vector unsigned long long from[VECTORS], to[VECTORS];

static void copy(void)
{
    for (uint32_t i = 0; i < VECTORS; i += 4) {
        vector unsigned long long a = from[i], b = from[i + 1], c = from[i + 2], d = from[i + 3];
        to[i] = a;
        to[i + 1] = b;
        to[i + 2] = c;
        to[i + 3] = d;
    }
    __asm__ volatile("" : "+m"(from) : "m"(to)); /* else the compiler knows that all is zero */
}

int main(void)
{
    for (uint32_t round = 0; round < ROUNDS; round++)
        copy();
    return 0;
}
