# thr_fpdiv_fdiv: independent fdiv: throughput of a floating-point divide instruction
# LLVM-MCA-BEGIN thr_fpdiv_fdiv
	fdiv 0,20,21
	fdiv 1,20,21
# LLVM-MCA-END
