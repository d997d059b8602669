# real_icache_0: a loop of workloads/icache, -O2 -mcpu=power9
# before: addi 8, 30, 512
# LLVM-MCA-BEGIN real_icache_0
	srdi 10,9,12
	xor 9,10,9
	sldi 10,9,25
	xor 10,10,9
	srdi 9,10,27
	xor 9,9,10
	mulld 10,9,7
	srdi 10,10,54
	sthu 10,2(8)
	bdnz 0
# LLVM-MCA-END
