/* Any word, in every ISA version: what the decoder finds matches its row, and disassembler,
 * predecoder and dependences stay within their bounds. */
#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/isa/code.h"
#include "sim/isa/disasm.h"
#include "tests/fuzz/fuzz.h"

#define LAW(condition)                                                                             \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abort();                                                                               \
    } while (0)
#define ROOM 80

static const uint16_t versions[] = {V203, V206, V207, V300};
static struct decoder *decoders[ARRAY_LEN(versions)][2];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    for (size_t n = 0; n < ARRAY_LEN(versions); n++)
        for (int is_32bit = 0; is_32bit < 2; is_32bit++)
            decoders[n][is_32bit] = decoder_create(versions[n], is_32bit);
    return 0;
}

static void check_row(uint16_t number, uint16_t isa, uint32_t word)
{
    uint32_t mask, match;
    LAW(number < INSN_COUNT);
    LAW(insn_rows[number].isa <= isa);
    insn_pattern_bits(insn_rows[number].pattern, &mask, &match, NULL);
    LAW((word & mask & ~insn_pattern_ignored(insn_rows[number].pattern, isa)) == match);
}

static void check_deps(const struct insn *i)
{
    struct insn_deps deps;
    insn_find_deps(i, &deps);
    LAW(deps.in_count <= INSN_MAX_IN && deps.out_count <= INSN_MAX_OUT);
    LAW(deps.address_in <= deps.in_count && deps.multi_count <= 32);
    for (uint32_t n = 0; n < deps.in_count; n++)
        LAW(deps.in[n] < REG_COUNT);
    for (uint32_t n = 0; n < deps.out_count; n++)
        LAW(deps.out[n] < REG_COUNT);
}

static void check_text(const struct decoder *d, uint32_t word, uint64_t pc)
{
    char whole[ROOM], cut[ROOM];
    size_t room = 1 + word % (ROOM - 1);
    memset(cut, '#', sizeof cut);
    disasm(whole, sizeof whole, d, word, pc);
    disasm(cut, room, d, word, pc);
    LAW(strlen(whole) > 0 && strlen(whole) < ROOM - 1);
    LAW(!strncmp(whole, cut, room - 1) && (room == ROOM || cut[room] == '#'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct fuzz_input in = {data, bytes};
    uint64_t pc = fuzz_take(&in, 8) & ~UINT64_C(3);
    while (in.left >= 4) {
        uint32_t word = (uint32_t)fuzz_take(&in, 4);
        for (size_t n = 0; n < ARRAY_LEN(versions); n++) {
            for (int is_32bit = 0; is_32bit < 2; is_32bit++) {
                const struct decoder *d = decoders[n][is_32bit];
                uint16_t number = decoder_find(d, word);
                struct insn i = {0};
                check_text(d, word, pc);
                if (number == INSN_ILLEGAL)
                    continue;
                check_row(number, versions[n], word);
                insn_predecode(&i, number, word, pc);
                check_deps(&i);
            }
        }
        pc += 4;
    }
    return 0;
}
