# thr_ldv_lxv: independent lxv: throughput of a vector load instruction
# LLVM-MCA-BEGIN thr_ldv_lxv
	lxv 0,0(14)
	lxv 1,16(14)
	lxv 2,32(14)
	lxv 3,48(14)
	lxv 4,64(14)
	lxv 5,80(14)
# LLVM-MCA-END
