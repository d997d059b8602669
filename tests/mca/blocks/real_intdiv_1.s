# real_intdiv_1: a loop of workloads/intdiv, -O2 -mcpu=power9
# branch: bgt 0,.+4
# LLVM-MCA-BEGIN real_intdiv_1
	mulhdu 9,10,3
	cmpldi 10,9
	srdi 9,9,3
	mulli 8,9,10
	subf 8,8,10
	mr 10,9
	add 7,7,8
	bgt 0,0
# LLVM-MCA-END
