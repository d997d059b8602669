# thr_ldf_lfd: independent lfd: throughput of a floating-point load instruction
# LLVM-MCA-BEGIN thr_ldf_lfd
	lfd 0,0(14)
	lfd 1,16(14)
	lfd 2,32(14)
	lfd 3,48(14)
	lfd 4,64(14)
	lfd 5,80(14)
# LLVM-MCA-END
