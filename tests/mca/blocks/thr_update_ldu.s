# thr_update_ldu: independent ldu: throughput of a update form instruction
# LLVM-MCA-BEGIN thr_update_ldu
	ldu 5,16(14)
	ldu 6,16(15)
# LLVM-MCA-END
