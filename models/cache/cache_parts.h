/* What the files of a cache do for each other; see cache_impl.h. */
#ifndef MODELS_CACHE_CACHE_PARTS_H
#define MODELS_CACHE_CACHE_PARTS_H

#include "models/cache/cache.h"
#include "models/cache/cache_prefetch.h"
#include "models/cache/mshr.h"
#include "models/cache/write_buffer.h"

struct event;

/* cache_miss.c: an access to a line that is not in the tags. */
enum port_reply cache_miss(struct cache *c, struct mem_request *r, uint64_t now);
/* Joins a fetch of its line; starts one. */
enum port_reply cache_merge(struct cache *c, struct mshr *m, struct mem_request *r, uint64_t now);
enum port_reply cache_fetch(struct cache *c, struct mem_request *r, uint64_t now);
/* An MSHR for the line of pa, which has none; NULL when all are in use. */
struct mshr *cache_take_mshr(struct cache *c, uint64_t pa, uint64_t now);
/* Sends for the line that r is of, r having started at `start`. */
void cache_start_fetch(struct cache *c, struct mshr *m, const struct mem_request *r, uint64_t now,
                       uint64_t start);

/* cache_stats.c. */
void cache_hists_create(struct cache *c);
void cache_hists_destroy(struct cache *c);

/* cache_down.c. A write needs room in the buffer. */
void cache_looked_up(struct cache *c, struct mshr *m, uint64_t now); /* m asks below */
void cache_queue_write(struct cache *c, struct write_entry entry);
/* Passes the data of a write on to the level below, not before `tick`. */
void cache_pass_down(struct cache *c, const struct mem_request *r, uint64_t tick);
void cache_down_init(struct cache *c);
void cache_relieve(struct cache *c);

/* cache_prefetch.c. */
void cache_prefetch_init(struct cache *c, const struct cache_plugins *plugins);
void cache_prefetch_free(struct cache *c);
/* An accepted demand access; what it found was looked up before. */
void cache_prefetch_observe(struct cache *c, const struct mem_request *r, bool is_miss,
                            bool is_first_use, uint64_t now);
/* An MSHR may be free: goes on with the queue, not before tick `from`. */
void cache_prefetch_resume(struct cache *c, uint64_t from);
/* A prefetch was used, or will never be: what the throttle goes by. */
void cache_prefetch_fate(struct cache *c, bool is_used);

/* cache_fill.c. */
void cache_arrived(struct cache *c, struct mshr *m);  /* its request holds the times */
void cache_arrived_done(struct mem_request *request); /* the same as a callback */
void cache_mshr_event(struct event *ev, uint64_t now);
void cache_retry_stalled(struct cache *c, uint64_t now);
/* Sets r's answer from the time of arrival of its line, no earlier than `earliest`. */
void cache_answer_filling(const struct cache *c, const struct mshr *m, struct mem_request *r,
                          uint64_t earliest);
/* Gives up a line that r takes up. */
void cache_move_up(struct cache *c, uint64_t *word, struct mem_request *r);
/* Empties a way and puts the line that `access` is of there. */
void cache_replace(struct cache *c, uint32_t set, uint32_t way, const struct mem_request *access,
                   uint32_t flags);
/* Whether replacing that way may need room in the write buffer. */
bool cache_may_go_down(const struct cache *c, uint32_t set, uint32_t way);
/* Takes a line out of its way; the same in the caches above. True when it was dirty. */
bool cache_take_out(struct cache *c, uint64_t *word);
bool cache_invalidate_above(struct cache *c, uint64_t pa, uint32_t block);
bool cache_invalidate(void *node, uint64_t pa, uint32_t block);

/* cache_warm.c: mem_port.warm. */
void cache_warm(void *node, struct mem_request *r);

/* cache_coherent.c; for coherent caches only. */
enum port_reply cache_upgrade(struct cache *c, struct mem_request *r, uint64_t now);
bool cache_may_merge(struct mshr *m, const struct mem_request *r);
void cache_note_miss(struct cache *c, const struct mem_request *r);
/* A line has been given up, its last write sent: tells below unless it is still here somewhere. */
void cache_gone(struct cache *c, uint64_t line);
void cache_left(void *node, uint64_t pa);
bool cache_has(const void *node, uint64_t pa, uint32_t block);
bool cache_snoop(void *node, uint64_t pa, uint32_t block, enum mem_snoop snoop);
bool cache_snoop_mshr(struct cache *c, struct mshr *m, bool goes);

/* cache_flush.c: requests of which mem_sends_away is true. */
enum port_reply cache_flush(struct cache *c, struct mem_request *r, uint64_t now);
void cache_warm_flush(struct cache *c, const struct mem_request *r);

#endif
