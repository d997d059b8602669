# real_intdiv_0: a loop of workloads/intdiv, -O2 -mcpu=power9
# branch: bne 0,.+4
# LLVM-MCA-BEGIN real_intdiv_0
	mr 10,9
	modud 9,8,10
	mr 8,10
	cmpdi 9,0
	bne 0,0
# LLVM-MCA-END
