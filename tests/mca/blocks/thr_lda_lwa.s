# thr_lda_lwa: independent lwa: throughput of a sign-extending load instruction
# LLVM-MCA-BEGIN thr_lda_lwa
	lwa 5,0(14)
	lwa 6,16(14)
	lwa 7,32(14)
	lwa 9,48(14)
	lwa 10,64(14)
	lwa 11,80(14)
# LLVM-MCA-END
