# thr_vfcmp_xvcmpgtdp: independent xvcmpgtdp: throughput of a vector floating-point compare instruction
# LLVM-MCA-BEGIN thr_vfcmp_xvcmpgtdp
	xvcmpgtdp 0,40,41
	xvcmpgtdp 1,40,41
	xvcmpgtdp 2,40,41
	xvcmpgtdp 3,40,41
	xvcmpgtdp 4,40,41
	xvcmpgtdp 5,40,41
# LLVM-MCA-END
