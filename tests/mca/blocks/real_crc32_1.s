# real_crc32_1: a loop of workloads/crc32, -O2 -mcpu=power9
# before: addi 7, 30, 512
# LLVM-MCA-BEGIN real_crc32_1
	srdi 8,9,12
	xor 9,8,9
	sldi 8,9,25
	xor 8,8,9
	srdi 9,8,27
	xor 9,9,8
	mulld 8,9,0
	srdi 8,8,56
	stbu 8,1(7)
	bdnz 0
# LLVM-MCA-END
