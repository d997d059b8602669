# thr_mv_mfvsrd: independent mfvsrd: throughput of a register file move instruction
# LLVM-MCA-BEGIN thr_mv_mfvsrd
	mfvsrd 5,40
	mfvsrd 6,40
	mfvsrd 7,40
	mfvsrd 9,40
	mfvsrd 10,40
	mfvsrd 11,40
# LLVM-MCA-END
