# lat_div_divwe: dependent divwe: latency
# LLVM-MCA-BEGIN lat_div_divwe
	divwe 5,5,3
# LLVM-MCA-END
