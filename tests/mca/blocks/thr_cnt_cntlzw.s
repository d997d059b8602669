# thr_cnt_cntlzw: independent cntlzw: throughput of a count instruction
# LLVM-MCA-BEGIN thr_cnt_cntlzw
	cntlzw 5,3
	cntlzw 6,3
	cntlzw 7,3
	cntlzw 9,3
	cntlzw 10,3
	cntlzw 11,3
# LLVM-MCA-END
