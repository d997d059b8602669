# real_calls_2: a loop of workloads/calls, -O3 -mcpu=power9
# branch: beq 0,.+4
# LLVM-MCA-BEGIN real_calls_2
	addi 17,17,1
	addi 16,16,1
	addi 28,28,1
	addi 26,26,1
	addi 15,15,1
	addi 14,14,1
	addi 9,9,1
	addi 10,10,1
	addi 27,27,1
	addi 18,18,1
	cmpwi 16,0
	beq 0,0
# LLVM-MCA-END
