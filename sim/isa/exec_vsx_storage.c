/* VSX loads and stores (Book I, chapter 7.6, Load and Store instructions). The single-precision
 * ones convert: fp_format.h. */
#include "sim/isa/fp_format.h"
#include "sim/isa/vector.h"

/* Effective addresses of the DS, DQ and X forms. */
#define EA_D ((RA0 + SI) & s->ea_mask)
#define EA_X ((RA0 + RB) & s->ea_mask)

/* A scalar load leaves doubleword 1 undefined before ISA 3.1; processors clear it. */
static inline void set_scalar(union vsr *v, uint64_t d)
{
    VSR_D(*v, 0) = d;
    VSR_D(*v, 1) = 0;
}

EXEC_LOAD(lxsd, EA_D, 8) { set_scalar(&VT, load64(s, i, ea)); }
EXEC_LOAD(lxsdx, EA_X, 8) { set_scalar(&VT, load64(s, i, ea)); }
EXEC_LOAD(lxsibzx, EA_X, 1) { set_scalar(&VT, load8(s, i, ea)); }
EXEC_LOAD(lxsihzx, EA_X, 2) { set_scalar(&VT, load16(s, i, ea)); }
EXEC_LOAD(lxsiwax, EA_X, 4) { set_scalar(&VT, (uint64_t)(int32_t)load32(s, i, ea)); }
EXEC_LOAD(lxsiwzx, EA_X, 4) { set_scalar(&VT, load32(s, i, ea)); }
EXEC_LOAD(lxssp, EA_D, 4) { set_scalar(&VT, fp_single_to_double(load32(s, i, ea))); }
EXEC_LOAD(lxsspx, EA_X, 4) { set_scalar(&VT, fp_single_to_double(load32(s, i, ea))); }

EXEC_STORE(stxsd, EA_D, 8) { store64(s, i, ea, VSR_D(VT, 0)); }
EXEC_STORE(stxsdx, EA_X, 8) { store64(s, i, ea, VSR_D(VT, 0)); }
EXEC_STORE(stxsibx, EA_X, 1) { store8(s, i, ea, VSR_B(VT, 7)); }
EXEC_STORE(stxsihx, EA_X, 2) { store16(s, i, ea, VSR_H(VT, 3)); }
EXEC_STORE(stxsiwx, EA_X, 4) { store32(s, i, ea, VSR_W(VT, 1)); }
EXEC_STORE(stxssp, EA_D, 4) { store32(s, i, ea, fp_double_to_single(VSR_D(VT, 0))); }
EXEC_STORE(stxsspx, EA_X, 4) { store32(s, i, ea, fp_double_to_single(VSR_D(VT, 0))); }

/* lxv and its kin load a quadword as one number; the others load elements, element 0 from the
 * lowest address, each a number in the guest's order. In big-endian mode that is the same; in
 * little-endian mode the elements come out reversed. */
static inline vector_value reverse_w(vector_value v)
{
    v = reverse_d(v);
    return v << 32 | v >> 32;
}

/* Reversing all bytes and then those of each halfword reverses the halfwords. */
static inline vector_value reverse_h(vector_value v)
{
    const vector_value last = {UINT64_C(0x00ff00ff00ff00ff), UINT64_C(0x00ff00ff00ff00ff)};
    v = reverse_b(v);
    return (v & last) << 8 | (v >> 8 & last);
}

EXEC_LOAD(lxv, EA_D, 16) { set_vector(&VT, load_vector(s, i, ea)); }
EXEC_LOAD(lxvx, EA_X, 16) { set_vector(&VT, load_vector(s, i, ea)); }
EXEC_STORE(stxv, EA_D, 16) { store_vector(s, i, ea, whole(VT)); }
EXEC_STORE(stxvx, EA_X, 16) { store_vector(s, i, ea, whole(VT)); }

#define VSX_ELEMENTS(load, store, reverse)                                                         \
    EXEC_LOAD(load, EA_X, 16)                                                                      \
    {                                                                                              \
        vector_value v = load_vector(s, i, ea);                                                    \
        set_vector(&VT, s->big_endian ? v : reverse(v));                                           \
    }                                                                                              \
    EXEC_STORE(store, EA_X, 16)                                                                    \
    {                                                                                              \
        vector_value v = whole(VT);                                                                \
        store_vector(s, i, ea, s->big_endian ? v : reverse(v));                                    \
    }

VSX_ELEMENTS(lxvd2x, stxvd2x, reverse_d)
VSX_ELEMENTS(lxvw4x, stxvw4x, reverse_w)
VSX_ELEMENTS(lxvh8x, stxvh8x, reverse_h)
VSX_ELEMENTS(lxvb16x, stxvb16x, reverse_b)

EXEC_LOAD(lxvdsx, EA_X, 8) { VT = splat_d(load64(s, i, ea)); }
EXEC_LOAD(lxvwsx, EA_X, 4) { VT = splat_d(load32(s, i, ea) * EACH_WORD); }

/* Length of lxvl, lxvll, stxvl, stxvll: bits 0:7 of RB, at most 16. */
static inline uint32_t partial_length(struct cpu *s, const struct insn *i)
{
    s->ea_bytes = (uint32_t)min_u64(RB >> 56, 16);
    return s->ea_bytes;
}

/* Between sixteen bytes in storage order and the number that they are in one order or the other. */
static inline vector_value number_of_bytes(vector_value bytes, bool big_endian)
{
    const bool host_is_big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    return big_endian == host_is_big ? bytes : reverse_b(bytes);
}

/* The first bytes at the address and then zeros. Length 0 accesses nothing. */
static void load_partial(struct cpu *s, const struct insn *i, bool big_endian)
{
    vector_value bytes = {0};
    uint64_t ea = RA0 & s->ea_mask;
    uint32_t length = partial_length(s, i);
    s->ea = ea;
    if (length)
        load_raw(s, i, ea, &bytes, length);
    set_vector(&VT, number_of_bytes(bytes, big_endian));
}

static void store_partial(struct cpu *s, const struct insn *i, bool big_endian)
{
    vector_value bytes = number_of_bytes(whole(VT), big_endian);
    uint64_t ea = RA0 & s->ea_mask;
    uint32_t length = partial_length(s, i);
    s->ea = ea;
    if (length)
        store_raw(s, i, ea, &bytes, length);
}

EXEC_CALL(lxvl) { load_partial(s, i, s->big_endian); }
EXEC_CALL(lxvll) { load_partial(s, i, true); }
EXEC_CALL(stxvl) { store_partial(s, i, s->big_endian); }
EXEC_CALL(stxvll) { store_partial(s, i, true); }
