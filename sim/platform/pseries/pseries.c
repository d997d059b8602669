#include "sim/platform/pseries/pseries.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/bits.h"
#include "sim/platform/pseries/device_tree.h"
#include "sim/platform/pseries/internal.h"

#define COMMAND_LINE_MAX 2047u /* of Linux for PowerPC, less the final zero */
#define PLACE_ALIGN      UINT64_C(0x10000)
#define COPY_BYTES       65536

const struct key_row platform_key_rows[] = {PLATFORM_KEYS(KEY_ROW, platform_keys) KEY_END};
const struct stat_row platform_stat_rows[] = {PLATFORM_STATS(STAT_ROW, platform_stats) STAT_END};

/* What the operating system enters for run-time services, big-endian and untranslated: the argument
 * block's address goes on to the hypervisor. mr r4,r3; lis r3,0; ori r3,r3,0xf000; sc 1; blr */
static const uint32_t rtas_entry[] = {0x7c641b78, 0x3c600000, 0x6063f000, 0x44000022, 0x4e800020};

static bool too_large(const struct pseries *p, const char *path, struct err *e)
{
    return err_set_status(e, EXIT_NOEXEC,
                          "%s: does not fit into memory beside the kernel (platform.ram_size = "
                          "%llu MiB)",
                          path, (unsigned long long)(p->ram.bytes >> 20));
}

/* One behind the other, each on a page of its own. */
static uint64_t place_behind(uint64_t end) { return align_up(end, PLACE_ALIGN); }

static bool copy_file(struct pseries *p, int fd, const char *path, struct err *e)
{
    static const uint64_t rest = DEVICE_TREE_BYTES_MAX + 2 * PLACE_ALIGN + FIRMWARE_BYTES;
    uint64_t *end = &p->layout.initrd_end;
    char *part = xmalloc(COPY_BYTES);
    ssize_t n;
    bool ok = true;
    while (ok && (n = read(fd, part, COPY_BYTES)) > 0) {
        ok = *end + (uint64_t)n + rest <= p->ram.bytes || too_large(p, path, e);
        if (ok)
            ram_write(&p->ram, *end, part, (uint64_t)n);
        *end += (uint64_t)n;
    }
    free(part);
    return ok && (n == 0 || err_set(e, "%s: %s", path, strerror(errno)));
}

static bool load_initrd(struct pseries *p, const char **key, struct err *e)
{
    const char *path = p->keys->initrd;
    p->layout.initrd = p->layout.initrd_end = place_behind(p->layout.kernel_end);
    if (!*path)
        return true;
    *key = "initrd";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(e, "%s: %s", path, strerror(errno));
    bool ok = copy_file(p, fd, path, e);
    close(fd);
    return ok;
}

static char *join_command_line(const struct pseries_config *config, const char **key,
                               struct err *e)
{
    char *line = xstrdup(config->keys->command_line);
    for (const char *const *a = config->arguments; a && *a; a++) {
        char *longer = xasprintf("%s%s%s", line, *line ? " " : "", *a);
        free(line);
        line = longer;
    }
    if (strlen(line) <= COMMAND_LINE_MAX)
        return line;
    *key = "command_line";
    err_set(e, "kernel parameters are longer than %u bytes", COMMAND_LINE_MAX);
    free(line);
    return NULL;
}

static void write_firmware(struct pseries *p)
{
    for (uint32_t n = 0; n < ARRAY_LEN(rtas_entry); n++)
        ram_put32(&p->ram, p->layout.firmware + FIRMWARE_RTAS + 4 * n, rtas_entry[n]);
}

static bool write_tree(struct pseries *p, const struct pseries_config *config, const char **key,
                       struct err *e)
{
    char *command_line = join_command_line(config, key, e);
    if (!command_line)
        return false;
    uint8_t *tree = xmalloc(DEVICE_TREE_BYTES_MAX);
    p->layout.tree = place_behind(p->layout.initrd_end);
    p->layout.firmware = place_behind(p->layout.tree + DEVICE_TREE_BYTES_MAX);
    uint32_t bytes = device_tree_write(p, command_line, tree);
    ram_write(&p->ram, p->layout.tree, tree, bytes);
    free(tree);
    free(command_line);
    return true;
}

static void poll_console(void *ctx) { partition_look_at_console(ctx); }

static void make_board(struct pseries *p, struct phys *phys, const struct pseries_config *config)
{
    const struct hypervisor below = {.call = hypercall, .poll = poll_console, .ctx = p};
    p->board_keys = (struct board_keys){.ram_size = p->ram.bytes, .timebase = TIMEBASE_HZ,
                                        .msr = MSR_SF | MSR_ME | MSR_LE,
                                        .end = BOARD_END_NEVER};
    struct board_config c = {.keys = &p->board_keys, .hypervisor = below,
                             .processor = config->processor, .entry = config->entry,
                             .seed = config->seed, .now_ns = config->now_ns,
                             .attention = config->attention, .ctx = config->ctx};
    p->board = board_create(p->cpu, phys, &c);
}

static void enter_kernel(struct pseries *p, uint64_t entry)
{
    struct cpu *s = p->cpu;
    s->sup.lpcr |= LPCR_LD;
    s->sup.radix.ptcr = p->layout.firmware + FIRMWARE_PARTITION;
    s->gpr[3] = p->layout.tree;
    s->gpr[4] = entry;
    s->gpr[5] = 0;
}

static bool load(struct pseries *p, struct phys *phys, const struct pseries_config *config,
                 const char **key, struct err *e)
{
    p->layout.kernel_end = config->kernel_end;
    if (!load_initrd(p, key, e))
        return false;
    *key = "input";
    p->console = console_create(config->input, e);
    if (!p->console)
        return false;
    p->cpu->pvr = config->processor->pvr; /* the tree tells */
    p->cpu->cache_block_bytes = config->processor->cache_block_bytes;
    if (!write_tree(p, config, key, e))
        return false;
    *key = "ram_size";
    if (p->layout.firmware + FIRMWARE_BYTES > p->ram.bytes)
        return err_set(e, "the kernel leaves no place for what it is given");
    write_firmware(p);
    make_board(p, phys, config);
    enter_kernel(p, config->entry);
    return true;
}

struct pseries *pseries_create(struct cpu *cpu, struct phys *phys,
                               const struct pseries_config *config, const char **key,
                               struct err *e)
{
    struct pseries *p = xcalloc(1, sizeof *p);
    *p = (struct pseries){.keys = config->keys, .cpu = cpu, .epoch = config->epoch,
                          .ram = {.phys = phys, .bytes = config->keys->ram_size},
                          .is_drained = true};
    *key = "ram_size";
    presenter_init(&p->presenter, CONSOLE_IRQ);
    if (load(p, phys, config, key, e))
        return p;
    pseries_destroy(p);
    return NULL;
}

void pseries_destroy(struct pseries *p)
{
    if (p->board)
        board_destroy(p->board);
    console_destroy(p->console);
    free(p);
}

struct board *pseries_board(struct pseries *p) { return p->board; }

const struct platform_stats *pseries_stats(const struct pseries *p) { return &p->stats; }
