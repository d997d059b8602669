# thr_vint_vaddubm: independent vaddubm: throughput of a vector integer instruction
# LLVM-MCA-BEGIN thr_vint_vaddubm
	vaddubm 0,20,21
	vaddubm 1,20,21
	vaddubm 2,20,21
	vaddubm 3,20,21
	vaddubm 4,20,21
	vaddubm 5,20,21
# LLVM-MCA-END
