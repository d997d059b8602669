# lat_cnt_cmpb: dependent cmpb: latency
# LLVM-MCA-BEGIN lat_cnt_cmpb
	cmpb 5,5,3
# LLVM-MCA-END
