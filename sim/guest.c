/* What runs on the processor: a Linux process (system.kind = user), a program on a board, or an
 * operating system in a partition, which is a board with a hypervisor below it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/loader/image.h"
#include "sim/machine.h"

/* A relative name is the user's, unless a root makes the program see other files than the user
 * does. */
static bool find_program(struct machine *m, const char *path, struct err *e)
{
    bool confined = m->roots.root_fd >= 0;
    m->program_path = path[0] == '/' || confined ? roots_host_name(&m->roots, path)
                                                 : xstrdup(path);
    return m->program_path ||
           err_set_status(e, EXIT_NOEXEC, "%s: %s", path, strerror(errno));
}

static bool open_program(struct machine *m, struct err *e)
{
    m->program = elf_open_as(m->program_path, m->workload.program, e);
    return m->program;
}

/* Of a script it is the interpreter; what the arguments become then is linux_create's. */
static bool find_interpreter(struct machine *m, struct err *e)
{
    struct err why = {0};
    free(m->program_path);
    m->workload.program = m->script.interpreter;
    return (find_program(m, m->workload.program, &why) && open_program(m, &why)) ||
           err_set_status(e, EXIT_NOEXEC, "%s: its interpreter %s", m->script.name, why.text);
}

static bool find_executable(struct machine *m, struct err *e)
{
    return find_program(m, m->workload.program, e) &&
           script_read(&m->script, m->program_path, m->workload.program, e) &&
           (m->script.name ? find_interpreter(m, e) : open_program(m, e));
}

static bool open_roots(struct machine *m, struct err *e)
{
    const struct workload_keys *k = &m->workload;
    struct err why = {0}, none = {0};
    struct roots alone;
    if (roots_open(&m->roots, k->root, k->sysroot, &why))
        return true;
    bool is_root = !roots_open(&alone, k->root, NULL, &none);
    roots_close(&alone);
    return config_blame(m->setup.config, "workload", is_root ? "root" : "sysroot", &why, e);
}

/* A program of the configuration is a key's value; that of the command line needs no place. */
static bool refuse_program(const struct machine *m, const struct err *why, struct err *e)
{
    if (m->setup.arguments)
        return err_set_status(e, why->status, "%s", why->text);
    return config_blame(m->setup.config, "workload", "program", why, e);
}

static bool load_program(struct machine *m, struct program_image *image, struct err *e)
{
    if (m->workload.page_size != 4096 && m->workload.page_size != 65536)
        return config_error(m->setup.config, "workload", "page_size", e, "must be 4KiB or 64KiB");
    struct err why = {0};
    if (!open_roots(m, e))
        return false;
    if (!find_executable(m, &why))
        return refuse_program(m, &why, e);
    m->phys = phys_create();
    phys_use_large_pages(m->phys, m->workload.large_pages);
    m->process = process_create(m->phys, m->workload.page_size);
    return elf_map_dynamic(m->program, &m->roots, m->process, image, e);
}

static void attach_code(struct machine *m, const struct processor *processor, struct mmu *mmu,
                        uint32_t watch)
{
    m->decoder = processor_decoder(processor);
    m->code = code_create(m->decoder, mmu);
    code_watch(m->code, watch | (m->sample.markers ? CODE_MARKERS : 0) |
                            (m->bbv ? CODE_BLOCKS : 0));
    code_attach(m->code, &m->cores->cpu);
}

static bool prepare_cpu(struct machine *m, const struct program_image *image,
                        const struct processor *processor, struct err *e)
{
    if (image->is_64bit && processor->is_32bit)
        return err_set_status(e, EXIT_NOEXEC, "%s: is a 64-bit program, core.isa = %s is for "
                                              "32-bit ones", m->workload.program, processor->key);
    processor_reset(processor, &m->cores->cpu, image->is_64bit, image->big_endian);
    attach_code(m, processor, process_mmu(m->process), 0);
    return true;
}

/* A timer that a system call has set may fire before the functional slice ends: it is cut short. */
static bool os_exception(void *system, struct cpu *s)
{
    struct machine_core *c = system;
    struct machine *m = c->machine;
    bool is_of_several = m->core_started && m->core_count > 1;
    if (is_of_several)
        several_enter(c);
    bool goes_on = m->os_calls.exception(m->os_calls.system, s);
    if (is_of_several)
        several_leave(c, goes_on);
    bool is_early = !m->core_started && guest_next_deadline_ns(m, 0) != c->timer_ns;
    if (is_early || *m->setup.attention) /* a wait in the host has ended for the outside world */
        exec_interrupt(&c->exec);
    return goes_on;
}

static bool os_poll(void *system, struct cpu *s)
{
    struct machine_core *c = system;
    struct machine *m = c->machine;
    if (!m->core_started || m->core_count == 1)
        return m->os_calls.poll(m->os_calls.system, s);
    several_enter(c);
    bool goes_on = m->os_calls.poll(m->os_calls.system, s);
    several_leave(c, goes_on);
    return goes_on;
}

static uint32_t debug_signal(void *ctx, uint32_t signo)
{
    const struct machine *m = ctx;
    return gdb_signal(m->gdb, signo);
}

/* Any other program of the guest's: what execve answers. */
static int64_t load_other(void *ctx, const char *host_path, const char *name,
                          struct process *process, struct program_image *image)
{
    struct machine *m = ctx;
    return elf_execute(host_path, name, &m->roots, process, image);
}

static bool create_process(struct machine *m, struct err *e)
{
    struct program_image image = {0};
    const struct processor *processor = processor_at(m->cores->cpu_keys.isa);
    if (!load_program(m, &image, e) || !prepare_cpu(m, &image, processor, e))
        return false;
    struct linux_config config = {
        .keys = &m->workload,
        .config = m->setup.config,
        .program_path = m->program_path,
        .script = m->script.name,
        .script_argument = m->script.argument,
        .roots = &m->roots,
        .time_slice_ns = m->system.time_slice,
        .processor = processor,
        .args = m->setup.arguments ? m->setup.arguments + 1 : NULL,
        .image = image,
        .now_ns = machine_now_ns,
        .load = load_other,
        .filter_signal = m->setup.gdb_port >= 0 ? debug_signal : NULL,
        .ctx = m,
    };
    if (m->core_count > 1)
        several_os(m, &config);
    m->os = linux_create(m->process, &m->cores->cpu, &config, e);
    if (!m->os)
        return false;
    m->os_calls = linux_system(m->os);
    m->process = NULL; /* the processes have taken these over, and destroy them */
    m->code = NULL;
    return true;
}

static void run_board(struct machine *m, const struct processor *processor)
{
    attach_code(m, processor, board_mmu(m->board), board_watch(m->board));
    m->os_calls = board_system(m->board);
}

static void board_attention(void *ctx)
{
    struct machine *m = ctx;
    exec_interrupt(&m->cores->exec);
}

static bool create_board(struct machine *m, struct err *e)
{
    const struct processor *processor = processor_at(m->cores->cpu_keys.isa);
    struct board_config config = {.keys = &m->board_keys, .processor = processor,
                                  .seed = m->workload.seed, .now_ns = machine_now_ns,
                                  .attention = board_attention, .ctx = m};
    struct boot_image image;
    struct err why = {0};
    if (!processor->msr_bits)
        return config_error(m->setup.config, "core", "isa", e,
                            "with system.kind = bare: 3.0 or microwatt");
    if (m->setup.arguments && m->setup.arguments[1])
        return err_set(e, "a program on a board takes no arguments: %s", m->setup.arguments[1]);
    m->program_path = xstrdup(m->workload.program);
    m->phys = phys_create();
    if (!image_load(m->program_path, m->phys, m->board_keys.ram_size, "board.ram_size",
                    m->board_keys.load_address, &image, &why))
        return refuse_program(m, &why, e);
    config.entry = image.entry;
    m->board = board_create(&m->cores->cpu, m->phys, &config);
    run_board(m, processor);
    return true;
}

static bool refuse_partition(const struct machine *m, const char *key, const struct err *why,
                             struct err *e)
{
    bool is_platforms = strcmp(key, "input") != 0;
    return config_blame(m->setup.config, is_platforms ? "platform" : "workload", key, why, e);
}

static bool create_partition(struct machine *m, struct err *e)
{
    const struct processor *processor = processor_at(m->cores->cpu_keys.isa);
    struct pseries_config config = {
        .keys = &m->platform_keys,
        .processor = processor,
        .arguments = m->setup.arguments ? (const char *const *)m->setup.arguments + 1 : NULL,
        .input = m->workload.input,
        .seed = m->workload.seed,
        .epoch = m->workload.epoch,
        .now_ns = machine_now_ns,
        .attention = board_attention,
        .ctx = m,
    };
    struct boot_image image;
    const char *key;
    struct err why = {0};
    if (!processor->has_radix_guests)
        return config_error(m->setup.config, "core", "isa", e, "with system.kind = full: 3.0");
    m->program_path = xstrdup(m->workload.program);
    m->phys = phys_create();
    if (!image_load(m->program_path, m->phys, m->platform_keys.ram_size, "platform.ram_size",
                    IMAGE_ELF_ONLY, &image, &why))
        return refuse_program(m, &why, e);
    config.entry = image.entry;
    config.kernel_end = image.end;
    m->partition = pseries_create(&m->cores->cpu, m->phys, &config, &key, &why);
    if (!m->partition)
        return refuse_partition(m, key, &why, e);
    m->board = pseries_board(m->partition);
    run_board(m, processor);
    return true;
}

bool guest_create(struct machine *m, struct err *e)
{
    if (m->setup.arguments)
        m->workload.program = m->setup.arguments[0];
    if (!*m->workload.program)
        return err_set(e, "no program: give one on the command line after -- or set [workload] "
                          "program (in a sweep: [workload.NAME] program)");
    if (m->sample.markers && (m->sample.fast_forward || m->sample.warmup))
        return config_error(m->setup.config, "sample", "markers", e,
                            "the program's phases leave no place for fast_forward and warmup");
    switch (m->system.kind) {
    case KIND_BARE: return create_board(m, e);
    case KIND_FULL: return create_partition(m, e);
    default:        return create_process(m, e);
    }
}

/* "outside0", "pass0", "outside1" ...: odd phases lie between an opening and a closing marker. */
void guest_mark_phase(struct machine *m, const struct insn *marker)
{
    char name[32];
    bool opens = marker->word == MARKER_OPENS;
    if (opens == m->in_pass)
        return;
    m->in_pass = opens;
    m->passes += !opens;
    snprintf(name, sizeof name, opens ? "pass%u" : "outside%u", m->passes);
    m->setup.hooks.phase(m->setup.hooks.owner, name);
}

static bool os_event(void *system, struct cpu *s, const struct insn *i)
{
    struct machine *m = ((struct machine_core *)system)->machine;
    if (insn_is_marker(i) && !m->core_started)
        guest_mark_phase(m, i);
    return !m->os_calls.event || m->os_calls.event(m->os_calls.system, s, i);
}

struct exec_system guest_system(struct machine_core *c)
{
    return (struct exec_system){os_exception, os_poll, os_event, c};
}

void guest_destroy(struct machine *m)
{
    if (m->os)
        linux_destroy(m->os);
    if (m->code) {
        code_detach(m->code, &m->cores->cpu);
        code_destroy(m->code);
    }
    if (m->decoder)
        decoder_destroy(m->decoder);
    if (m->partition)
        pseries_destroy(m->partition);
    else if (m->board)
        board_destroy(m->board);
    if (m->process)
        process_destroy(m->process);
    if (m->program)
        elf_close(m->program);
    if (m->phys)
        phys_destroy(m->phys);
    roots_close(&m->roots);
    free(m->program_path);
    script_free(&m->script);
}

void guest_add_stats(struct machine *m, struct stats *s)
{
    if (m->partition)
        stats_add(s, "platform", platform_stat_rows, pseries_stats(m->partition));
    if (m->board)
        stats_add(s, "board", board_stat_rows, board_stats(m->board));
    else
        stats_add(s, "os", linux_stat_rows, linux_update_stats(m->os));
}

void guest_update_stats(struct machine *m)
{
    if (m->os)
        linux_update_stats(m->os);
}

int guest_exit_status(const struct machine *m)
{
    return m->board ? board_exit_status(m->board) : linux_exit_status(m->os);
}

void guest_raise(struct machine *m, uint32_t signo)
{
    if (m->os)
        linux_raise(m->os, signo);
}

uint64_t guest_next_deadline_ns(const struct machine *m, uint32_t core)
{
    return m->board ? board_next_deadline_ns(m->board) : linux_core_deadline_ns(m->os, core);
}

bool machine_result(const struct machine *m, uint64_t *value)
{
    return m->board && board_result(m->board, value);
}
