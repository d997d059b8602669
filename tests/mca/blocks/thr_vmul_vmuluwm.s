# thr_vmul_vmuluwm: independent vmuluwm: throughput of a vector multiply instruction
# LLVM-MCA-BEGIN thr_vmul_vmuluwm
	vmuluwm 0,20,21
	vmuluwm 1,20,21
	vmuluwm 2,20,21
	vmuluwm 3,20,21
	vmuluwm 4,20,21
	vmuluwm 5,20,21
# LLVM-MCA-END
