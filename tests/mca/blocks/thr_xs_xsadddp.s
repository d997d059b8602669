# thr_xs_xsadddp: independent xsadddp: throughput of a VSX scalar instruction
# LLVM-MCA-BEGIN thr_xs_xsadddp
	xsadddp 0,40,41
	xsadddp 1,40,41
	xsadddp 2,40,41
	xsadddp 3,40,41
	xsadddp 4,40,41
	xsadddp 5,40,41
# LLVM-MCA-END
