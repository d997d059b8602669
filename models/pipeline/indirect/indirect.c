#include "models/pipeline/indirect/indirect.h"

#include "sim/base/bits.h"

#define INDIRECT(name) "|" #name
const char indirect_choices[] = "btb"
#include "models/pipeline/indirect/indirect.def"
    ;
#undef INDIRECT

static const struct indirect_ops *const predictors[] = {
#define INDIRECT(name) &indirect_##name,
#include "models/pipeline/indirect/indirect.def"
#undef INDIRECT
};

const struct indirect_ops *indirect_at(uint32_t n)
{
    return n < ARRAY_LEN(predictors) ? predictors[n] : NULL;
}
