# real_calls_1: a loop of workloads/calls, -O2 -mcpu=power9
# branch: beq 0,.+4
# LLVM-MCA-BEGIN real_calls_1
	li 17,5
	addi 18,18,1
	cmplwi 17,4
	beq 0,0
# LLVM-MCA-END
