# thr_stf_stfd: independent stfd: throughput of a floating-point store instruction
# LLVM-MCA-BEGIN thr_stf_stfd
	stfd 20,0(14)
	stfd 20,16(14)
	stfd 20,32(14)
	stfd 20,48(14)
	stfd 20,64(14)
	stfd 20,80(14)
# LLVM-MCA-END
