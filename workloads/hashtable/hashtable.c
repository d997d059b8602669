/* A chained hash table with string keys: insert, count, look up, delete, grow. */
#include "workloads/workload.h"

enum { OPERATIONS = 40000, KEYS = 9000, KEY_BYTES = 24, FIRST_SLOTS = 64 };

struct entry {
    struct entry *next;
    uint64_t hash;
    uint64_t count;
    char key[KEY_BYTES];
};

struct table {
    struct entry **slots;
    size_t slot_count; /* a power of two */
    size_t used;
};

static void *checked(void *memory)
{
    if (memory == NULL)
        exit(1);
    return memory;
}

static uint64_t hash_string(const char *s)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *s != '\0'; s++)
        hash = (hash ^ (uint8_t)*s) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

/* The link that points, or would point, at the entry with this key. */
static struct entry **find(struct table *t, const char *key, uint64_t hash)
{
    struct entry **link = &t->slots[hash & (t->slot_count - 1)];
    while (*link != NULL && ((*link)->hash != hash || strcmp((*link)->key, key) != 0))
        link = &(*link)->next;
    return link;
}

static void grow(struct table *t)
{
    size_t old_count = t->slot_count;
    struct entry **old = t->slots;
    t->slot_count *= 2;
    t->slots = checked(calloc(t->slot_count, sizeof *t->slots));
    for (size_t i = 0; i < old_count; i++)
        for (struct entry *e = old[i], *next; e != NULL; e = next) {
            next = e->next;
            struct entry **slot = &t->slots[e->hash & (t->slot_count - 1)];
            e->next = *slot;
            *slot = e;
        }
    free(old);
}

static void count_key(struct table *t, const char *key)
{
    uint64_t hash = hash_string(key);
    struct entry **link = find(t, key, hash);
    if (*link == NULL) {
        struct entry *e = checked(malloc(sizeof *e));
        e->next = NULL;
        e->hash = hash;
        e->count = 0;
        strcpy(e->key, key);
        *link = e;
        t->used++;
    }
    (*link)->count++;
    if (t->used > t->slot_count)
        grow(t);
}

static int delete_key(struct table *t, const char *key)
{
    struct entry **link = find(t, key, hash_string(key)), *e = *link;
    if (e == NULL)
        return 0;
    *link = e->next;
    free(e);
    t->used--;
    return 1;
}

/* "customer-" and a number in a base that varies, so that keys differ in length. */
static void make_key(char *key, uint32_t number)
{
    uint32_t base = 3 + number % 8;
    strcpy(key, "customer-");
    char *end = key + strlen(key);
    for (uint32_t rest = number + 1; rest > 0; rest /= base)
        *end++ = (char)('0' + rest % base);
    *end = '\0';
}

static uint64_t contents(const struct table *t)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < t->slot_count; i++)
        for (const struct entry *e = t->slots[i]; e != NULL; e = e->next)
            sum += checksum_add(e->hash, e->count);
    return sum;
}

int main(int argc, char **argv)
{
    uint32_t scale = scale_argument(argc, argv), deleted = 0;
    uint64_t seed = 6;
    char key[KEY_BYTES];
    struct table table = {.slot_count = FIRST_SLOTS};

    table.slots = checked(calloc(table.slot_count, sizeof *table.slots));
    for (uint64_t i = 0; i < (uint64_t)scale * OPERATIONS; i++) {
        make_key(key, random_below(&seed, KEYS));
        if (i % 4 == 3)
            deleted += (uint32_t)delete_key(&table, key);
        else
            count_key(&table, key);
    }
    printf("hashtable %d operations, %" PRIu32 " times\n", OPERATIONS, scale);
    printf("%zu keys in %zu slots, %" PRIu32 " deleted\n", table.used, table.slot_count, deleted);
    printf("checksum %016" PRIx64 "\n", contents(&table));
    return 0;
}
