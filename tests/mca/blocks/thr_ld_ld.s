# thr_ld_ld: independent ld: throughput of a load instruction
# LLVM-MCA-BEGIN thr_ld_ld
	ld 5,0(14)
	ld 6,16(14)
	ld 7,32(14)
	ld 9,48(14)
	ld 10,64(14)
	ld 11,80(14)
# LLVM-MCA-END
