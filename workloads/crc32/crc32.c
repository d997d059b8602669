/* CRC-32 (polynomial of IEEE 802.3, reflected), one byte at a time and four at a time. */
#include "workloads/workload.h"

enum { BUFFER_BYTES = 256 * 1024 };

static uint32_t table[4][256];

static void fill_tables(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
        table[0][i] = crc;
    }
    for (uint32_t i = 0; i < 256; i++)
        for (int k = 1; k < 4; k++)
            table[k][i] = table[k - 1][i] >> 8 ^ table[0][table[k - 1][i] & 0xff];
}

static uint32_t crc_bytes(uint32_t crc, const uint8_t *p, size_t bytes)
{
    crc = ~crc;
    for (size_t i = 0; i < bytes; i++)
        crc = crc >> 8 ^ table[0][(crc ^ p[i]) & 0xff];
    return ~crc;
}

static uint32_t crc_words(uint32_t crc, const uint8_t *p, size_t bytes)
{
    size_t i = 0;
    crc = ~crc;
    for (; i + 4 <= bytes; i += 4) {
        crc ^= (uint32_t)p[i] | (uint32_t)p[i + 1] << 8 | (uint32_t)p[i + 2] << 16 |
               (uint32_t)p[i + 3] << 24;
        crc = table[3][crc & 0xff] ^ table[2][crc >> 8 & 0xff] ^ table[1][crc >> 16 & 0xff] ^
              table[0][crc >> 24];
    }
    return crc_bytes(~crc, p + i, bytes - i);
}

int main(int argc, char **argv)
{
    static uint8_t buffer[BUFFER_BYTES];
    uint32_t scale = scale_argument(argc, argv), crc = 0, again = 0;
    uint64_t seed = 9;

    fill_tables();
    for (size_t i = 0; i < sizeof buffer; i++)
        buffer[i] = (uint8_t)(random_next(&seed) >> 56);
    for (uint32_t i = 0; i < scale; i++) {
        crc = crc_bytes(crc, buffer, sizeof buffer);
        again = crc_words(again, buffer, sizeof buffer);
    }
    printf("crc32 of \"123456789\" %08" PRIx32 "\n",
           crc_bytes(0, (const uint8_t *)"123456789", 9));
    printf("crc32 of %d bytes, %" PRIu32 " times: %s\n", BUFFER_BYTES, scale,
           crc == again ? "both ways agree" : "WRONG");
    printf("checksum %08" PRIx32 "\n", crc);
    return crc == again ? 0 : 1;
}
