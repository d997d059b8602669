# thr_ins_rlwimi: independent rlwimi: throughput of a insert instruction
# LLVM-MCA-BEGIN thr_ins_rlwimi
	rlwimi 5,3,3,4,20
	rlwimi 6,3,3,4,20
	rlwimi 7,3,3,4,20
	rlwimi 9,3,3,4,20
	rlwimi 10,3,3,4,20
	rlwimi 11,3,3,4,20
# LLVM-MCA-END
