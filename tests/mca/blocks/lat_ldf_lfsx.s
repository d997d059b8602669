# lat_ldf_lfsx: dependent lfsx: latency
# LLVM-MCA-BEGIN lat_ldf_lfsx
	lfsx 5,14,19
	mfvsrd 19,5
# LLVM-MCA-END
