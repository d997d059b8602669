# thr_mul_mullw: independent mullw: throughput of a multiply instruction
# LLVM-MCA-BEGIN thr_mul_mullw
	mullw 5,3,4
	mullw 6,3,4
	mullw 7,3,4
	mullw 9,3,4
	mullw 10,3,4
	mullw 11,3,4
# LLVM-MCA-END
