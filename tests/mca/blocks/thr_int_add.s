# thr_int_add: independent add: throughput of a fixed-point instruction
# LLVM-MCA-BEGIN thr_int_add
	add 5,3,4
	add 6,3,4
	add 7,3,4
	add 9,3,4
	add 10,3,4
	add 11,3,4
# LLVM-MCA-END
