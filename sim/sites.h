/* Branches and loads one by one: how often each was executed, mispredicted, taken, served by which
 * level and how long it took. For the result's /branches and /loads. */
#ifndef SIM_SITES_H
#define SIM_SITES_H

#include "models/pipeline/pipeline.h"

struct places;
struct result;
struct sites;

/* `places` names them, and must outlive the object. */
struct sites *sites_create(struct places *places);
void sites_destroy(struct sites *s);
void sites_retired(struct sites *s, const struct retirement *r);
void sites_end_phase(struct sites *s);
void sites_write(const struct sites *s, struct result *file);

#endif
