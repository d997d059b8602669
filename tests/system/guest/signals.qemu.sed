# What qemu-user answers otherwise than Linux, made right: si_code of protection faults (SEGV_ACCERR), and the
# address of an instruction fetch.
2s/code 1/code 2/
3s/code 1 addr another/code 2 addr as expected/
4s/addr another/addr as expected/
