/* What makes a run that run: equal identities mean equal results, whoever runs it and where. */
#ifndef SIM_IDENTITY_H
#define SIM_IDENTITY_H

#include <sha256.h>

#include "sim/schema/config.h"

struct identity {
    char program[SHA256_DIGEST_STRING_LENGTH]; /* of the program's file; "" when unreadable */
    char config[SHA256_DIGEST_STRING_LENGTH];  /* of the resolved configuration's text */
    char id[17]; /* of both, the arguments, the inputs' contents and the model version */
};

/* `arguments`: of the command line, NULL when it has none, else ends with NULL. `inputs`: names of
 * further files, blanks between them; [workload] input is one without being named. False with *e
 * when one of them cannot be read. */
bool identity_find(struct identity *i, const struct config *c, const char *program_path,
                   const char *const *arguments, const char *inputs, struct err *e);

#endif
