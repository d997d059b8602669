# thr_fpmisc_fmr: independent fmr: throughput of a floating-point move instruction
# LLVM-MCA-BEGIN thr_fpmisc_fmr
	fmr 0,20
	fmr 1,20
	fmr 2,20
	fmr 3,20
	fmr 4,20
	fmr 5,20
# LLVM-MCA-END
