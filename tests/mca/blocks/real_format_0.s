# real_format_0: a loop of workloads/format, -O2 -mcpu=power9
# before: addi 8, 30, 512
# branch: bne 0,.+4
# LLVM-MCA-BEGIN real_format_0
	clrlwi 9,10,24
	lbzu 10,1(8)
	srdi 7,16,29
	xor 9,9,16
	clrlwi 6,10,24
	mulld 9,9,15
	cmpwi 6,0
	xor 16,9,7
	bne 0,0
# LLVM-MCA-END
