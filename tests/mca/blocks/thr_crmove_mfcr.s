# thr_crmove_mfcr: independent mfcr: throughput of a condition register move instruction
# LLVM-MCA-BEGIN thr_crmove_mfcr
	mfcr 5
	mfcr 6
	mfcr 7
	mfcr 9
	mfcr 10
	mfcr 11
# LLVM-MCA-END
