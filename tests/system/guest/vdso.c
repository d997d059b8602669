/* What a program that reads the vDSO by itself finds, as Go's runtime and dynamic linkers do. */
#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>

static const char *base;
static const ElfW(Dyn) *dynamic;

static const void *entry(ElfW(Sxword) tag)
{
    for (const ElfW(Dyn) *d = dynamic; d->d_tag != DT_NULL; d++)
        if (d->d_tag == tag)
            return base + d->d_un.d_ptr;
    return NULL;
}

static unsigned hash_of(const char *name)
{
    unsigned long h = 0;
    for (; *name; name++) {
        h = (h << 4) + (unsigned char)*name;
        unsigned long high = h & 0xf0000000;
        h = (h ^ high >> 24) & ~high;
    }
    return (unsigned)h;
}

static void list_versions(const char *strings)
{
    const char *at = entry(DT_VERDEF);
    for (const ElfW(Verdef) *v;; at += v->vd_next) {
        v = (const void *)at;
        const char *name = strings + ((const ElfW(Verdaux) *)(at + v->vd_aux))->vda_name;
        printf("version %u: %s, hash %s%s\n", v->vd_ndx, name + (v->vd_ndx == 1 ? 12 : 0),
               v->vd_hash == hash_of(name) ? "right" : "wrong",
               v->vd_flags & VER_FLG_BASE ? ", base" : "");
        if (v->vd_next == 0)
            return;
    }
}

int main(void)
{
    base = (const char *)getauxval(AT_SYSINFO_EHDR);
    if (!base || memcmp(base, ELFMAG, SELFMAG))
        return 1;
    const ElfW(Ehdr) *e = (const void *)base;
    const ElfW(Phdr) *p = (const void *)(base + e->e_phoff);
    for (unsigned n = 0; n < e->e_phnum; n++)
        if (p[n].p_type == PT_DYNAMIC)
            dynamic = (const void *)(base + p[n].p_vaddr);
    const char *strings = entry(DT_STRTAB);
    const unsigned *hash = entry(DT_HASH);
    const unsigned short *symbol_versions = entry(DT_VERSYM);
    printf("%.10s, %u buckets, %u symbols, version %u\n", strings + 1, hash[0], hash[1],
           symbol_versions[0]);
    list_versions(strings);
    return 0;
}
