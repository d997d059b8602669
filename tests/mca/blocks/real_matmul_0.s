# real_matmul_0: a loop of workloads/matmul, -O2 -mcpu=power9
# before: addi 7, 30, 512
# LLVM-MCA-BEGIN real_matmul_0
	ld 9,0(7)
	ld 8,8(7)
	srdi 3,18,29
	addi 7,7,16
	xor 9,18,9
	mulld 9,9,5
	xor 9,9,3
	xor 8,9,8
	srdi 9,9,29
	mulld 8,8,5
	xor 18,8,9
	bdnz 0
# LLVM-MCA-END
