# thr_vfdiv_xvdivdp: independent xvdivdp: throughput of a vector floating-point divide instruction
# LLVM-MCA-BEGIN thr_vfdiv_xvdivdp
	xvdivdp 0,40,41
	xvdivdp 1,40,41
# LLVM-MCA-END
