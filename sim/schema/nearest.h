/* "Did you mean": the offered name with the smallest edit distance to a word. */
#ifndef SIM_SCHEMA_NEAREST_H
#define SIM_SCHEMA_NEAREST_H

struct nearest {
    const char *word, *best;
    unsigned distance; /* of best */
};

static inline struct nearest nearest_to(const char *word) { return (struct nearest){word, 0, 0}; }

/* The first of equally near names wins. The name must outlive *n. */
void nearest_offer(struct nearest *n, const char *name);
/* The nearest name, or NULL when none is near enough to be a likely slip of the pen. */
const char *nearest_name(const struct nearest *n);
/* "; did you mean NAME?" with its quotes around the name, or an empty text. */
enum { NEAREST_HINT_MAX = 100 }; /* bytes at out */
void nearest_hint(const struct nearest *n, const char *open, const char *close, char *out);

struct option; /* of <getopt.h> */
/* The same hint for a word of the command line ("--foce") among getopt_long's long options. */
void nearest_option_hint(const char *word, const struct option *options, char *out);

#endif
