# thr_st_std: independent std: throughput of a store instruction
# LLVM-MCA-BEGIN thr_st_std
	std 3,0(14)
	std 3,16(14)
	std 3,32(14)
	std 3,48(14)
	std 3,64(14)
	std 3,80(14)
# LLVM-MCA-END
