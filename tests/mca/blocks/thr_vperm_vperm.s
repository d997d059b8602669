# thr_vperm_vperm: independent vperm: throughput of a permute instruction
# LLVM-MCA-BEGIN thr_vperm_vperm
	vperm 0,20,21,22
	vperm 1,20,21,22
	vperm 2,20,21,22
	vperm 3,20,21,22
	vperm 4,20,21,22
	vperm 5,20,21,22
# LLVM-MCA-END
