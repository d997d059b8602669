# thr_carry_addc: independent addc: throughput of a carry instruction
# LLVM-MCA-BEGIN thr_carry_addc
	addc 5,3,4
	addc 6,3,4
	addc 7,3,4
	addc 9,3,4
	addc 10,3,4
	addc 11,3,4
# LLVM-MCA-END
