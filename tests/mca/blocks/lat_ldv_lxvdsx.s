# lat_ldv_lxvdsx: dependent lxvdsx: latency
# LLVM-MCA-BEGIN lat_ldv_lxvdsx
	lxvdsx 5,14,19
	mfvsrd 19,5
# LLVM-MCA-END
