# thr_spr_mflr: independent mflr: throughput of a special register instruction
# LLVM-MCA-BEGIN thr_spr_mflr
	mflr 5
	mflr 6
	mflr 7
	mflr 9
	mflr 10
	mflr 11
# LLVM-MCA-END
