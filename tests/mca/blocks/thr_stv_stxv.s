# thr_stv_stxv: independent stxv: throughput of a vector store instruction
# LLVM-MCA-BEGIN thr_stv_stxv
	stxv 40,0(14)
	stxv 40,16(14)
	stxv 40,32(14)
	stxv 40,48(14)
	stxv 40,64(14)
	stxv 40,80(14)
# LLVM-MCA-END
