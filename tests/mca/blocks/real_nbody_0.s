# real_nbody_0: a loop of workloads/nbody, -O2 -mcpu=power9
# before: addi 8, 30, 528
# branch: bne 0,.+4
# LLVM-MCA-BEGIN real_nbody_0
	srdi 9,10,12
	addi 8,8,8
	xor 10,9,10
	sldi 9,10,25
	xor 9,9,10
	srdi 10,9,27
	xor 10,10,9
	srdi 7,10,12
	mulld 9,10,5
	xor 10,7,10
	sldi 7,10,25
	srdi 9,9,52
	xor 7,7,10
	mtfprwa 12,9
	srdi 10,7,27
	fcfid 12,12
	xor 10,10,7
	mulld 9,10,5
	fmadd 12,12,11,8
	srdi 9,9,52
	mtfprwa 0,9
	stfd 12,-8(8)
	fcfid 0,0
	fmadd 0,0,9,10
	stfd 0,16(8)
	cmpld 6,8
	bne 0,0
# LLVM-MCA-END
