# real_lz_0: a loop of workloads/lz, -O2 -mcpu=power9
# before: addi 4, 30, 512
# LLVM-MCA-BEGIN real_lz_0
	lbzu 9,1(4)
	slw 9,9,5
	addi 5,5,8
	or 6,6,9
	bdnz 0
# LLVM-MCA-END
