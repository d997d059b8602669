# lat_ldf_lfdx: dependent lfdx: latency
# LLVM-MCA-BEGIN lat_ldf_lfdx
	lfdx 5,14,19
	mfvsrd 19,5
# LLVM-MCA-END
