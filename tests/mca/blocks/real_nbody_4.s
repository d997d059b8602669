# real_nbody_4: a loop of workloads/nbody, -O2 -mcpu=power9
# before: addi 10, 30, 512
# branch: bne 0,.+4
# LLVM-MCA-BEGIN real_nbody_4
	ld 7,0(10)
	srdi 8,4,29
	addi 9,9,-1
	addi 10,10,8
	cmpwi 9,0
	xor 4,4,7
	mulld 4,4,6
	xor 4,4,8
	bne 0,0
# LLVM-MCA-END
