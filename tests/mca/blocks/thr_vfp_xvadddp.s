# thr_vfp_xvadddp: independent xvadddp: throughput of a vector floating-point instruction
# LLVM-MCA-BEGIN thr_vfp_xvadddp
	xvadddp 0,40,41
	xvadddp 1,40,41
	xvadddp 2,40,41
	xvadddp 3,40,41
	xvadddp 4,40,41
	xvadddp 5,40,41
# LLVM-MCA-END
