# lat_quad_xsmulqp: dependent xsmulqp: latency
# LLVM-MCA-BEGIN lat_quad_xsmulqp
	xsmulqp 5,5,6
# LLVM-MCA-END
