# real_lz_1: a loop of workloads/lz, -O2 -mcpu=power9
# before: addi 10, 30, 512
# LLVM-MCA-BEGIN real_lz_1
	lbz 9,1(10)
	lis 6,256
	lbz 8,2(10)
	srdi 7,18,29
	addi 10,10,2
	sldi 6,6,16
	xor 9,9,18
	ori 6,6,435
	mulld 9,9,6
	xor 9,9,7
	xor 8,8,9
	srdi 9,9,29
	mulld 8,8,6
	xor 18,8,9
	bdnz 0
# LLVM-MCA-END
