# thr_quad_xsaddqp: independent xsaddqp: throughput of a quad-precision instruction
# LLVM-MCA-BEGIN thr_quad_xsaddqp
	xsaddqp 0,20,21
	xsaddqp 1,20,21
# LLVM-MCA-END
