#include "tests/bpred/replay.h"

/* gshare has the length of history that is best for it at its size on the branchy programs (12, 15
 * and 18 were tried); tables of the others follow their papers, scaled to the budget. */
#define TOURNAMENT(local, histories, length, global)                                               \
    "direction=tournament tournament_local_entries=" #local                                        \
    " tournament_local_histories=" #histories " tournament_local_history=" #length                 \
    " tournament_global_entries=" #global

const struct contestant direction_contestants[] = {
    {"static", 0, "direction=static"},
    {"bimodal", 8, "direction=bimodal bimodal_entries=32768"},
    {"gshare", 8, "direction=gshare gshare_entries=32768 gshare_history=15"},
    {"tournament", 8, TOURNAMENT(2048, 2048, 11, 8192) " tournament_global_history=13"},
    {"perceptron", 8, "direction=perceptron perceptron_entries=256 perceptron_history=30"},
    {"perceptron, local", 8,
     "direction=perceptron perceptron_entries=128 perceptron_history=43 "
     "perceptron_local_history=12 perceptron_locals=512"},
    {"hashed_perceptron", 8, "direction=hashed_perceptron"},
    {"hashed_perceptron, local", 8,
     "direction=hashed_perceptron hashed_tables=8 hashed_local_tables=2"},
    {"tage", 8, "direction=tage"},
    {"tage_sc_l", 8,
     "direction=tage_sc_l tage_entries=256 tage_tables=11 tage_max_history=200 tage_max_tag=11"},
    {"bimodal", 64, "direction=bimodal bimodal_entries=262144"},
    {"gshare", 64, "direction=gshare gshare_entries=262144 gshare_history=18"},
    {"tournament", 64, TOURNAMENT(65536, 4096, 15, 65536) " tournament_global_history=16"},
    {"perceptron", 64, "direction=perceptron perceptron_entries=1024 perceptron_history=62"},
    {"perceptron, local", 64,
     "direction=perceptron perceptron_entries=1024 perceptron_history=46 "
     "perceptron_local_history=14"},
    {"hashed_perceptron", 64,
     "direction=hashed_perceptron hashed_entries=8192 hashed_max_history=130"},
    {"hashed_perceptron, local", 64,
     "direction=hashed_perceptron hashed_entries=8192 hashed_max_history=130 hashed_tables=8 "
     "hashed_local_tables=2 hashed_locals=1024"},
    {"tage", 64,
     "direction=tage tage_entries=2048 tage_tables=13 tage_min_history=4 tage_max_history=640 "
     "tage_max_tag=14 tage_base_entries=16384"},
    {"tage_sc_l", 64,
     "direction=tage_sc_l tage_entries=2048 tage_tables=12 tage_min_history=4 "
     "tage_max_history=640 tage_max_tag=13 tage_base_entries=16384 corrector_entries=1024 "
     "corrector_locals=256"},
    {"gshare + loop", 0, "direction=gshare gshare_entries=32768 gshare_history=15 loop_entries=64"},
    {0},
};

const struct contestant indirect_contestants[] = {
    {"btb", 0, "direction=gshare"},
    {"history", 0, "direction=gshare indirect=history"},
    {"history, tags", 0, "direction=gshare indirect=history count_cache_tag=8"},
    {"history of directions", 0, "direction=gshare indirect=history count_cache_path=directions"},
    {"ittage", 0, "direction=gshare indirect=ittage"},
    {0},
};

/* Bimodal prediction costs each of the first more than ten mispredicts per thousand
 * instructions. */
const char *const branchy_workloads[] = {"sort", "queens", "calls", "lz", "hashtable", "format",
                                         NULL};
const char *const easy_workloads[] = {"interp", "strings", NULL};
const char *const indirect_workloads[] = {"interp", "calls", "format", "icache", NULL};
