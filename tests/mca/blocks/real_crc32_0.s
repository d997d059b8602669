# real_crc32_0: a loop of workloads/crc32, -O2 -mcpu=power9
# LLVM-MCA-BEGIN real_crc32_0
	vsrw 12,0,13
	xxland 32,32,45
	vcmpequw 0,0,11
	xxlxor 33,44,0
	xxsel 33,33,44,32
	vsrw 12,1,13
	xxland 33,33,45
	vcmpequw 1,1,11
	xxlxor 32,44,0
	xxsel 32,32,44,33
	bdnz 0
# LLVM-MCA-END
