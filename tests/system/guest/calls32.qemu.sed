# What qemu-user answers otherwise than Linux, made right.
# A size of more than 31 bits does not fit in the old structure (its first use).
1,/SYS_truncate64/s/^\(syscall(SYS_fstat, 3, words)\) = 0, errno 0$/\1 = -1, errno 75/
# The size of the structure has to be right.
s/^\(syscall(SYS_statfs64, "f", 84, words)\) = 0, errno 0$/\1 = -1, errno 22/
# The old call leaves the upper signals of the mask as they are.
s/^800 0$/800 80/
