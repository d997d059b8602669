# real_sha256_0: a loop of workloads/sha256, -O2 -mcpu=power9
# before: addi 8, 30, 640
# LLVM-MCA-BEGIN real_sha256_0
	srd 9,4,10
	addi 10,10,8
	stbu 9,-1(8)
	bdnz 0
# LLVM-MCA-END
