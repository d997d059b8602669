/* A made-up program in a file, which a test damages before it is loaded. */
#ifndef TESTS_UNIT_SIM_LOADER_ELF_RIG_H
#define TESTS_UNIT_SIM_LOADER_ELF_RIG_H

#include <elf.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/loader/elf.h"

#define PAGE 65536u
#define BASE UINT64_C(0x10000000)

/* A program of two segments: headers and text, then data with bss. */
struct file {
    Elf64_Ehdr ehdr;
    Elf64_Phdr phdr[4];
    char text[64];
};
#define DATA_OFFSET 0x1000u
#define DATA_EA     (BASE + PAGE + DATA_OFFSET)
#define FILE_BYTES  (DATA_OFFSET + 16)

struct fixture {
    char path[64];
    struct file f;
    char data[16];
    size_t bytes; /* of the file */
    mode_t mode;
    struct err e;
    struct program_image image;
    struct phys *phys;
    struct process *process;
};

static inline int setup(void **state)
{
    struct fixture *x = calloc(1, sizeof *x);
    strcpy(x->path, "/tmp/elf_test_XXXXXX");
    close(mkstemp(x->path));
    x->f.ehdr = (Elf64_Ehdr){.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
                             .e_type = ET_EXEC,
                             .e_machine = EM_PPC64,
                             .e_version = EV_CURRENT,
                             .e_entry = BASE + offsetof(struct file, text),
                             .e_phoff = sizeof(Elf64_Ehdr),
                             .e_flags = 2,
                             .e_ehsize = sizeof(Elf64_Ehdr),
                             .e_phentsize = sizeof(Elf64_Phdr),
                             .e_phnum = 3};
    x->f.phdr[0] = (Elf64_Phdr){.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = BASE,
                                .p_filesz = sizeof(struct file), .p_memsz = sizeof(struct file),
                                .p_align = PAGE};
    x->f.phdr[1] = (Elf64_Phdr){.p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_offset = DATA_OFFSET,
                                .p_vaddr = DATA_EA, .p_filesz = 16, .p_memsz = 3 * PAGE,
                                .p_align = PAGE};
    x->f.phdr[2] = (Elf64_Phdr){.p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W};
    strcpy(x->f.text, "text");
    strcpy(x->data, "initialised");
    x->bytes = FILE_BYTES;
    x->mode = 0755;
    *state = x;
    return 0;
}

static inline int teardown(void **state)
{
    struct fixture *x = *state;
    if (x->process) {
        process_destroy(x->process);
        phys_destroy(x->phys);
    }
    unlink(x->path);
    rmdir(x->path);
    free(x);
    return 0;
}

static inline void write_file(struct fixture *x, const void *bytes, size_t count)
{
    int fd = open(x->path, O_WRONLY | O_TRUNC);
    assert_int_equal(write(fd, bytes, count), (ssize_t)count);
    close(fd);
    chmod(x->path, x->mode);
}

static inline bool load(struct fixture *x)
{
    static char image[FILE_BYTES];
    memset(image, 0xee, sizeof image);
    memcpy(image, &x->f, sizeof x->f);
    memcpy(image + DATA_OFFSET, x->data, sizeof x->data);
    write_file(x, image, x->bytes);
    struct elf_program *p = elf_open(x->path, &x->e);
    if (!p)
        return false;
    x->phys = phys_create();
    x->process = process_create(x->phys, PAGE);
    bool good = elf_map_dynamic(p, &ROOTS_NONE, x->process, &x->image, &x->e);
    elf_close(p);
    return good;
}

/* The message: status 126, the path first, one line, with these words in it. */
static inline void assert_refused(struct fixture *x, bool loaded, const char *words)
{
    assert_false(loaded);
    assert_int_equal(x->e.status, EXIT_NOEXEC);
    assert_memory_equal(x->e.text, x->path, strlen(x->path));
    assert_int_equal(x->e.text[strlen(x->path)], ':');
    assert_null(strchr(x->e.text, '\n'));
    if (!strstr(x->e.text, words))
        fail_msg("\"%s\" is not in \"%s\"", words, x->e.text);
}

#endif
