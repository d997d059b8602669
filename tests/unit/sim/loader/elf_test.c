#include "sim/loader/elf.h"

#include "sim/base/rng.h"
#include "tests/unit/sim/loader/elf_rig.h"

static void a_static_program_is_mapped_as_its_headers_say(void **state)
{
    struct fixture *x = *state;
    char text[5], data[32];
    if (!load(x))
        fail_msg("%s", x->e.text);
    struct mmu *m = process_mmu(x->process);
    assert_int_equal(x->image.start, BASE + offsetof(struct file, text));
    assert_int_equal(x->image.phdr_ea, BASE + sizeof(Elf64_Ehdr));
    assert_int_equal(x->image.phdr_count, 3);
    assert_false(x->image.exec_stack);
    assert_int_equal(mmu_read(m, x->image.entry, text, 5), 5);
    assert_string_equal(text, "text");
    assert_int_equal(mmu_write(m, BASE, text, 1), 0);
    assert_int_equal(mmu_read(m, DATA_EA, data, 32), 32);
    assert_string_equal(data, "initialised");
    assert_int_equal(mmu_write(m, DATA_EA + 3 * PAGE - 1, text, 1), 1);
    assert_int_equal(x->image.brk_start, BASE + 5 * PAGE);
    assert_int_equal(mmu_read(m, x->image.brk_start, text, 1), 0);
}

static void memory_beyond_the_file_is_zero_even_where_the_file_goes_on(void **state)
{
    struct fixture *x = *state;
    char data[16];
    x->f.phdr[1].p_filesz = 4;
    assert_true(load(x));
    mmu_read(process_mmu(x->process), DATA_EA, data, 16);
    assert_memory_equal(data, "init\0\0\0\0\0\0\0\0\0\0\0", 16);
}

static void a_static_pie_is_moved_to_its_base(void **state)
{
    struct fixture *x = *state;
    x->f.ehdr.e_type = ET_DYN;
    x->f.ehdr.e_entry -= BASE;
    x->f.phdr[0].p_vaddr -= BASE;
    x->f.phdr[1].p_vaddr -= BASE;
    assert_true(load(x));
    assert_int_equal(x->image.entry, 0x100000000 + offsetof(struct file, text));
}

static void name_interpreter(struct fixture *x, const char *path)
{
    x->f.ehdr.e_phnum = 4;
    x->f.phdr[3] = (Elf64_Phdr){.p_type = PT_INTERP, .p_offset = offsetof(struct file, text),
                                .p_filesz = strlen(path) + 1};
    strcpy(x->f.text, path);
}

static void a_missing_interpreter_is_named_with_the_key_to_set(void **state)
{
    struct fixture *x = *state;
    name_interpreter(x, "/none/ld64.so.2");
    assert_refused(x, load(x), "/none/ld64.so.2");
    assert_non_null(strstr(x->e.text, "workload.sysroot"));
}

/* The file is its own interpreter: mapped a second time, higher up. */
static void an_interpreter_is_started_and_told_where_the_program_is(void **state)
{
    struct fixture *x = *state;
    x->f.ehdr.e_type = ET_DYN;
    name_interpreter(x, x->path);
    if (!load(x))
        fail_msg("%s", x->e.text);
    assert_true(x->image.base > x->image.entry);
    assert_int_equal(x->image.entry, 0x100000000 + x->f.ehdr.e_entry);
    assert_int_equal(x->image.phdr_ea, 0x100000000 + BASE + sizeof x->f.ehdr);
    assert_int_equal(x->image.start, x->image.base + x->f.ehdr.e_entry);
    assert_non_null(process_area_at(x->process, x->image.start));
}

static void other_machines_are_named(void **state)
{
    struct fixture *x = *state;
    static const struct {
        uint16_t machine;
        uint8_t class, data;
        const char *words;
    } rows[] = {
        {EM_X86_64, ELFCLASS64, ELFDATA2LSB, "x86-64"},
        {EM_AARCH64, ELFCLASS64, ELFDATA2LSB, "AArch64"},
        {0xbeef, ELFCLASS64, ELFDATA2LSB, "48879"},
        {EM_PPC64, ELFCLASS32, ELFDATA2LSB, "ELF"},
    };
    for (size_t n = 0; n < sizeof rows / sizeof rows[0]; n++) {
        x->f.ehdr.e_machine = rows[n].machine;
        x->f.ehdr.e_ident[EI_CLASS] = rows[n].class;
        x->f.ehdr.e_ident[EI_DATA] = rows[n].data;
        x->e = (struct err){0};
        assert_refused(x, load(x), rows[n].words);
    }
}

struct abi_case {
    uint8_t class, data;
    uint16_t machine;
    uint32_t flags;
    const char *words; /* of the refusal, or NULL and: */
    bool is_64bit, big_endian, descriptors;
};

static unsigned char *put(unsigned char *to, const struct abi_case *c, size_t bytes, uint64_t value)
{
    for (size_t n = 0; n < bytes; n++)
        to[c->data == ELFDATA2MSB ? bytes - 1 - n : n] = (unsigned char)(value >> (8 * n));
    return to + bytes;
}

/* A header and one segment, which is the whole file, in the class and byte order of the case. */
static void write_abi(struct fixture *x, const struct abi_case *c)
{
    bool wide = c->class == ELFCLASS64;
    size_t word = wide ? 8 : 4, ehdr = wide ? 64 : 52, phdr = wide ? 56 : 32;
    unsigned char file[256] = {0x7f, 'E', 'L', 'F', c->class, c->data, EV_CURRENT}, *at = file + 16;
    at = put(at, c, 2, ET_EXEC);
    at = put(at, c, 2, c->machine);
    at = put(at, c, 4, EV_CURRENT);
    at = put(at, c, word, BASE + 128);
    at = put(at, c, word, ehdr);
    at = put(at, c, word, 0);
    at = put(at, c, 4, c->flags);
    at = put(at, c, 2, ehdr);
    at = put(at, c, 2, phdr);
    put(at, c, 2, 1);
    at = put(file + ehdr, c, 4, PT_LOAD);
    if (wide)
        at = put(at, c, 4, PF_R | PF_X);
    at = put(at, c, word, 0);
    at = put(at, c, word, BASE);
    at = put(at, c, word, BASE);
    at = put(at, c, word, sizeof file);
    at = put(at, c, word, sizeof file);
    if (!wide)
        at = put(at, c, 4, PF_R | PF_X);
    put(at, c, word, PAGE);
    write_file(x, file, sizeof file);
}

static void the_header_says_which_abi(void **state)
{
    static const struct abi_case cases[] = {
        {ELFCLASS64, ELFDATA2LSB, EM_PPC64, 2, NULL, true, false, false},
        {ELFCLASS64, ELFDATA2LSB, EM_PPC64, 0, NULL, true, false, false},
        {ELFCLASS64, ELFDATA2MSB, EM_PPC64, 0, NULL, true, true, true},
        {ELFCLASS64, ELFDATA2MSB, EM_PPC64, 1, NULL, true, true, true},
        {ELFCLASS64, ELFDATA2MSB, EM_PPC64, 2, NULL, true, true, false},
        {ELFCLASS32, ELFDATA2MSB, EM_PPC, 0, NULL, false, true, false},
        {ELFCLASS64, ELFDATA2LSB, EM_PPC64, 1, "ELFv1", false, false, false},
        {ELFCLASS32, ELFDATA2LSB, EM_PPC, 0, "little-endian", false, false, false},
        {ELFCLASS64, ELFDATA2MSB, EM_PPC, 0, "32-bit PowerPC", false, false, false},
        {ELFCLASS32, ELFDATA2MSB, EM_PPC64, 0, "64-bit PowerPC", false, false, false},
    };
    for (size_t n = 0; n < sizeof cases / sizeof cases[0]; n++) {
        struct fixture *x = *state;
        const struct abi_case *c = &cases[n];
        write_abi(x, c);
        x->e = (struct err){0};
        struct elf_program *p = elf_open(x->path, &x->e);
        if (c->words) {
            assert_refused(x, p, c->words);
            continue;
        }
        struct phys *phys = phys_create();
        struct process *process = process_create(phys, PAGE);
        assert_non_null(p);
        assert_true(elf_map(p, process, &x->image, &x->e));
        assert_int_equal(x->image.is_64bit, c->is_64bit);
        assert_int_equal(x->image.big_endian, c->big_endian);
        assert_int_equal(x->image.descriptors, c->descriptors);
        assert_int_equal(x->image.entry, BASE + 128);
        assert_int_equal(x->image.phdr_bytes, c->is_64bit ? 56 : 32);
        assert_int_equal(x->image.user_end, c->is_64bit ? USER_END_64 : USER_END_32);
        elf_close(p);
        process_destroy(process);
        phys_destroy(phys);
    }
}

static void files_that_are_no_programs_are_told_apart(void **state)
{
    struct fixture *x = *state;
    write_file(x, "#!/bin/sh\n", 10);
    assert_refused(x, elf_open(x->path, &x->e), "script");
    x->e = (struct err){0};
    write_file(x, "", 0);
    assert_refused(x, elf_open(x->path, &x->e), "not an ELF");
    x->e = (struct err){0};
    write_file(x, "\177ELF\2\1", 6);
    assert_refused(x, elf_open(x->path, &x->e), "truncated");
    x->e = (struct err){0};
    x->f.ehdr.e_type = ET_REL;
    assert_refused(x, load(x), "object file");
    x->e = (struct err){0};
    x->f.ehdr.e_type = ET_EXEC;
    x->mode = 0644;
    assert_refused(x, load(x), "ermission");
    x->e = (struct err){0};
    unlink(x->path);
    assert_refused(x, elf_open(x->path, &x->e), "No such file");
    x->e = (struct err){0};
    mkdir(x->path, 0755);
    assert_refused(x, elf_open(x->path, &x->e), "directory");
}

static void hostile_segments_are_refused(void **state)
{
    struct fixture *x = *state;
    const struct file good = x->f;
    static const struct {
        Elf64_Phdr phdr;
        const char *words;
    } rows[] = {
        {{.p_vaddr = BASE + 8, .p_memsz = 8}, "overlap"},
        {{.p_vaddr = BASE + 8 * PAGE, .p_memsz = 8, .p_filesz = 9}, "larger"},
        {{.p_vaddr = BASE + 8 * PAGE, .p_offset = 1 << 30, .p_memsz = 8, .p_filesz = 8},
         "truncated"},
        {{.p_vaddr = BASE + 8 * PAGE, .p_offset = UINT64_MAX - 3, .p_memsz = 8, .p_filesz = 8},
         "truncated"},
        {{.p_vaddr = UINT64_C(0xc000000000000000), .p_memsz = 8}, "kernel space"},
        {{.p_vaddr = BASE + 8 * PAGE, .p_memsz = UINT64_MAX - 5}, "kernel space"},
        {{.p_vaddr = 0, .p_memsz = 8}, "lowest"},
        {{.p_vaddr = BASE + 8 * PAGE + 8, .p_memsz = 8, .p_filesz = 8, .p_offset = 16}, "aligned"},
    };
    for (size_t n = 0; n < sizeof rows / sizeof rows[0]; n++) {
        x->f = good;
        x->f.phdr[2] = rows[n].phdr;
        x->f.phdr[2].p_type = PT_LOAD;
        x->f.phdr[2].p_flags = PF_R;
        x->e = (struct err){0};
        assert_refused(x, load(x), rows[n].words);
    }
}

static void truncated_tables_are_refused(void **state)
{
    struct fixture *x = *state;
    x->bytes = sizeof(Elf64_Ehdr) + 20;
    assert_refused(x, load(x), "");
    x->bytes = FILE_BYTES - 1;
    x->e = (struct err){0};
    assert_refused(x, load(x), "truncated");
    x->bytes = FILE_BYTES;
    x->f.ehdr.e_phnum = 0;
    x->e = (struct err){0};
    assert_refused(x, load(x), "program headers");
    x->f.ehdr.e_phnum = 3;
    x->f.ehdr.e_phoff = UINT64_MAX - 7;
    x->e = (struct err){0};
    assert_refused(x, load(x), "");
}

/* Any damage is either harmless or one message; the address sanitizer sees the rest. */
static void random_damage_never_crashes_the_loader(void **state)
{
    struct fixture *x = *state;
    const struct file good = x->f;
    struct rng rng = rng_seeded(3);
    for (uint32_t n = 0; n < 2000; n++) {
        x->f = good;
        for (uint64_t k = 0; k < 1 + rng_below(&rng, 4); k++)
            ((unsigned char *)&x->f)[rng_below(&rng, offsetof(struct file, text))] =
                (unsigned char)rng_next(&rng);
        x->e = (struct err){0};
        bool loaded = load(x);
        if (!loaded)
            assert_refused(x, loaded, "");
        if (x->process) {
            process_destroy(x->process);
            phys_destroy(x->phys);
            x->process = NULL;
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_static_program_is_mapped_as_its_headers_say),
        TEST(memory_beyond_the_file_is_zero_even_where_the_file_goes_on),
        TEST(a_static_pie_is_moved_to_its_base),
        TEST(a_missing_interpreter_is_named_with_the_key_to_set),
        TEST(an_interpreter_is_started_and_told_where_the_program_is),
        TEST(other_machines_are_named),
        TEST(the_header_says_which_abi),
        TEST(files_that_are_no_programs_are_told_apart),
        TEST(hostile_segments_are_refused),
        TEST(truncated_tables_are_refused),
        TEST(random_damage_never_crashes_the_loader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
