# thr_cmp_cmpw: independent cmpw: throughput of a compare instruction
# LLVM-MCA-BEGIN thr_cmp_cmpw
	cmpw 0,3,4
	cmpw 1,3,4
	cmpw 5,3,4
	cmpw 6,3,4
	cmpw 7,3,4
	cmpw 0,3,4
# LLVM-MCA-END
