# thr_cr_crand: independent crand: throughput of a condition register instruction
# LLVM-MCA-BEGIN thr_cr_crand
	crand 0,8,9
	crand 4,8,9
	crand 20,8,9
	crand 24,8,9
	crand 28,8,9
	crand 0,8,9
# LLVM-MCA-END
