# lat_bcd_bcdadd_r: dependent bcdadd.: latency
# LLVM-MCA-BEGIN lat_bcd_bcdadd_r
	bcdadd. 5,5,6,0
# LLVM-MCA-END
