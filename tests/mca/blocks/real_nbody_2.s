# real_nbody_2: a loop of workloads/nbody, -O2 -mcpu=power9
# before: addi 27, 30, 512
# before: addi 18, 29, 512
# before: addi 17, 30, 768
# before: li 16, 16
# branch: bne 0,.+4
# LLVM-MCA-BEGIN real_nbody_2
	lfdx 0,27,16
	lfdx 10,18,16
	fmul 12,0,7
	fmul 0,0,8
	fmadd 12,12,9,10
	stfdx 12,18,16
	lfdx 12,17,16
	fmadd 0,11,0,12
	stfdx 0,17,16
	addi 16,16,8
	cmpldi 16,48
	bne 0,0
# LLVM-MCA-END
