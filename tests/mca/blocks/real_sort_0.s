# real_sort_0: a loop of workloads/sort, -O2 -mcpu=power9
# before: addi 10, 30, 512
# LLVM-MCA-BEGIN real_sort_0
	srdi 8,18,12
	xor 8,8,18
	sldi 9,8,25
	xor 9,9,8
	srdi 18,9,27
	xor 18,18,9
	mulld 9,18,24
	srdi 9,9,40
	stwu 9,4(10)
	bdnz 0
# LLVM-MCA-END
