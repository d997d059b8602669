#include "models/pipeline/pipeline.h"

const struct key_row core_key_rows[] = {CORE_KEYS(KEY_ROW, core_keys) KEY_END};
const struct stat_row core_stat_rows[] = {CORE_STATS(STAT_ROW, core_stats) STAT_END};
