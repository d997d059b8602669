# What qemu-user answers otherwise than Linux, made right.
# madvise tells of a hole in its range.
s/^\(madvise(p, 4 \* PAGE, MADV_NORMAL)\) = 0, errno 0$/\1 = -1, errno 12/
# MAP_FIXED_NOREPLACE must not replace.
s/^\(mmap(p, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0) != MAP_FAILED\): yes, errno 0$/\1: no, errno 17/
# setrlimit of the stack is kept.
s/^8388608$/16777216/
# A hole in a 32-bit address space is no reserved area.
s/^\(mprotect(p, 4 \* PAGE, PROT_READ)\) = 0, errno 0$/\1 = -1, errno 12/
s/^\(mmap(p + PAGE, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0) == p + PAGE\): no, errno 0$/\1: yes, errno 0/
s/^\((long)mremap(p, PAGE, 2 \* PAGE, MREMAP_MAYMOVE)\) = [0-9]*, errno 0$/\1 = -1, errno 14/
