# thr_fp_fadd: independent fadd: throughput of a floating-point instruction
# LLVM-MCA-BEGIN thr_fp_fadd
	fadd 0,20,21
	fadd 1,20,21
	fadd 2,20,21
	fadd 3,20,21
	fadd 4,20,21
	fadd 5,20,21
# LLVM-MCA-END
