# thr_vcmprec_vcmpequw_r: independent vcmpequw.: throughput of a vector compare with CR6 instruction
# LLVM-MCA-BEGIN thr_vcmprec_vcmpequw_r
	vcmpequw. 0,20,21
	vcmpequw. 1,20,21
	vcmpequw. 2,20,21
	vcmpequw. 3,20,21
	vcmpequw. 4,20,21
	vcmpequw. 5,20,21
# LLVM-MCA-END
