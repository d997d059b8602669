/* LZ77 with hash chains: compresses a generated text, decompresses it and compares.
 * Stream: a flag byte announces eight items, each a literal byte or a match of three bytes
 * (12-bit distance - 1, 12-bit length - SHORTEST). */
#include "workloads/workload.h"

enum {
    TEXT_BYTES = 40000,
    WINDOW = 4096,
    SHORTEST = 4,
    LONGEST = 258,
    HASH_SIZE = 4096,
    CHAIN_LIMIT = 16,
};

static uint8_t text[TEXT_BYTES], packed[TEXT_BYTES * 2], unpacked[TEXT_BYTES];
static int32_t newest[HASH_SIZE], older[TEXT_BYTES];

/* Words of a small vocabulary, frequent ones more often: it compresses like prose. */
static void write_text(uint64_t *seed)
{
    size_t at = 0;
    while (at < TEXT_BYTES) {
        uint32_t word = random_below(seed, 1 + random_below(seed, 700));
        for (uint32_t letters = 2 + word % 7; letters > 0 && at < TEXT_BYTES; letters--) {
            text[at++] = (uint8_t)('a' + word % 26);
            word = word * 31 + 7;
        }
        if (at < TEXT_BYTES)
            text[at++] = ' ';
    }
}

static uint32_t hash_at(size_t at)
{
    uint32_t four = 0;
    for (size_t i = 0; i < 4; i++)
        four |= (uint32_t)text[at + i] << (8 * i);
    return four * 2654435761u >> 20;
}

static void remember(size_t at)
{
    if (at + SHORTEST > TEXT_BYTES)
        return;
    uint32_t slot = hash_at(at);
    older[at] = newest[slot];
    newest[slot] = (int32_t)at;
}

static size_t match_length(size_t candidate, size_t at)
{
    size_t length = 0, limit = TEXT_BYTES - at < LONGEST ? TEXT_BYTES - at : LONGEST;
    while (length < limit && text[candidate + length] == text[at + length])
        length++;
    return length;
}

static size_t longest_match(size_t at, size_t *distance)
{
    size_t best = 0;
    if (at + SHORTEST > TEXT_BYTES)
        return 0;
    int32_t candidate = newest[hash_at(at)];
    for (int tries = 0; candidate >= 0 && tries < CHAIN_LIMIT; tries++) {
        if (at - (size_t)candidate > WINDOW)
            break;
        size_t length = match_length((size_t)candidate, at);
        if (length > best) {
            best = length;
            *distance = at - (size_t)candidate;
        }
        candidate = older[candidate];
    }
    return best >= SHORTEST ? best : 0;
}

static size_t compress(void)
{
    size_t at = 0, out = 0, flags_at = 0;
    for (size_t i = 0; i < HASH_SIZE; i++)
        newest[i] = -1;
    for (int item = 0; at < TEXT_BYTES; item = (item + 1) % 8) {
        if (item == 0) {
            flags_at = out++;
            packed[flags_at] = 0;
        }
        size_t distance = 0, length = longest_match(at, &distance);
        if (length == 0) {
            packed[out++] = text[at];
            remember(at++);
            continue;
        }
        uint32_t code = (uint32_t)(distance - 1) << 12 | (uint32_t)(length - SHORTEST);
        packed[flags_at] |= (uint8_t)(1u << item);
        for (int shift = 0; shift < 24; shift += 8)
            packed[out++] = (uint8_t)(code >> shift);
        for (; length > 0; length--)
            remember(at++);
    }
    return out;
}

static size_t decompress(size_t packed_bytes)
{
    size_t in = 0, out = 0;
    uint32_t flags = 0;
    for (int item = 0; in < packed_bytes; item = (item + 1) % 8, flags >>= 1) {
        if (item == 0)
            flags = packed[in++];
        if ((flags & 1) == 0) {
            unpacked[out++] = packed[in++];
            continue;
        }
        uint32_t code = packed[in] | (uint32_t)packed[in + 1] << 8 | (uint32_t)packed[in + 2] << 16;
        size_t distance = (code >> 12) + 1;
        in += 3;
        /* Byte by byte: a match may overlap what it produces. */
        for (size_t length = (code & 0xfff) + SHORTEST; length > 0; length--, out++)
            unpacked[out] = unpacked[out - distance];
    }
    return out;
}

int main(int argc, char **argv)
{
    uint32_t scale = scale_argument(argc, argv);
    uint64_t seed = 5, sum = 0;
    size_t packed_bytes = 0;
    int wrong = 0;

    for (uint32_t round = 0; round < scale; round++) {
        write_text(&seed);
        packed_bytes = compress();
        memset(unpacked, 0, sizeof unpacked);
        size_t bytes = decompress(packed_bytes);
        wrong |= bytes != TEXT_BYTES || memcmp(text, unpacked, TEXT_BYTES) != 0;
        for (size_t i = 0; i < packed_bytes; i++)
            sum = checksum_add(sum, packed[i]);
    }
    printf("lz %d bytes, %" PRIu32 " times: %s\n", TEXT_BYTES, scale,
           wrong ? "WRONG" : "round trip");
    printf("compressed to %zu bytes\nchecksum %016" PRIx64 "\n", packed_bytes, sum);
    return wrong;
}
