# thr_div_divw: independent divw: throughput of a divide instruction
# LLVM-MCA-BEGIN thr_div_divw
	divw 5,3,4
	divw 6,3,4
# LLVM-MCA-END
