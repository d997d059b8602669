# real_nbody_3: a loop of workloads/nbody, -O2 -mcpu=power9
# before: addi 9, 30, 528
# branch: bne 0,.+4
# LLVM-MCA-BEGIN real_nbody_3
	lfd 12,0(9)
	lfd 0,24(9)
	addi 9,9,8
	fmadd 0,0,11,12
	stfd 0,-8(9)
	cmpld 10,9
	bne 0,0
# LLVM-MCA-END
