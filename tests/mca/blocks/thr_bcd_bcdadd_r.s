# thr_bcd_bcdadd_r: independent bcdadd.: throughput of a decimal integer instruction
# LLVM-MCA-BEGIN thr_bcd_bcdadd_r
	bcdadd. 0,20,21,0
	bcdadd. 1,20,21,0
	bcdadd. 2,20,21,0
	bcdadd. 3,20,21,0
	bcdadd. 4,20,21,0
	bcdadd. 5,20,21,0
# LLVM-MCA-END
