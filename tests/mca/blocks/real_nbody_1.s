# real_nbody_1: a loop of workloads/nbody, -O2 -mcpu=power9
# before: addi 18, 30, 512
# before: addi 17, 29, 512
# before: addi 26, 30, 768
# before: li 16, 16
# branch: bne 0,.+4
# LLVM-MCA-BEGIN real_nbody_1
	lfdx 0,18,16
	lfdx 12,17,16
	fsub 0,0,12
	stfdx 0,26,16
	addi 16,16,8
	fmadd 31,0,0,31
	cmpldi 16,24
	bne 0,0
# LLVM-MCA-END
