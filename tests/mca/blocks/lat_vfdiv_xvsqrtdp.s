# lat_vfdiv_xvsqrtdp: dependent xvsqrtdp: latency
# LLVM-MCA-BEGIN lat_vfdiv_xvsqrtdp
	xvsqrtdp 5,5
# LLVM-MCA-END
