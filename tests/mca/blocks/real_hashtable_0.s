# real_hashtable_0: a loop of workloads/hashtable, -O2 -mcpu=power9
# before: addi 7, 30, 528
# branch: ble 0,.+4
# LLVM-MCA-BEGIN real_hashtable_0
	moduw 8,9,10
	mr 6,9
	addi 7,7,1
	divwu 9,9,10
	cmplw 10,6
	addi 8,8,48
	stb 8,-1(7)
	ble 0,0
# LLVM-MCA-END
