# lat_vcmp_vcmpequw: dependent vcmpequw: latency
# LLVM-MCA-BEGIN lat_vcmp_vcmpequw
	vcmpequw 5,5,6
# LLVM-MCA-END
