# real_calls_0: a loop of workloads/calls, -O2 -mcpu=power9
# before: addi 10, 30, 512
# branch: bne 0,.+4
# LLVM-MCA-BEGIN real_calls_0
	addi 8,9,-1
	addi 7,9,-3
	stw 9,4(10)
	addi 9,9,-4
	cmpwi 9,0
	addi 6,8,-1
	stw 8,8(10)
	stw 6,12(10)
	stwu 7,16(10)
	bne 0,0
# LLVM-MCA-END
