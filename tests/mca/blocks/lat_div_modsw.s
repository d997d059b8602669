# lat_div_modsw: dependent modsw: latency
# LLVM-MCA-BEGIN lat_div_modsw
	modsw 5,5,3
# LLVM-MCA-END
