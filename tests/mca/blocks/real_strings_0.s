# real_strings_0: a loop of workloads/strings, -O2 -mcpu=power9
# before: addi 8, 30, 512
# LLVM-MCA-BEGIN real_strings_0
	srdi 10,18,12
	xor 10,10,18
	sldi 9,10,25
	xor 9,9,10
	srdi 18,9,27
	xor 18,18,9
	mulld 9,18,7
	srdi 9,9,32
	mulli 9,9,26
	srdi 9,9,32
	addi 9,9,97
	stbu 9,1(8)
	bdnz 0
# LLVM-MCA-END
