# drawn_fix: twelve instructions drawn at random
# LLVM-MCA-BEGIN drawn_fix
	add 10,25,25
	extsb 22,4
	lwz 12,112(14)
	lwbrx 22,14,16
	nor 9,4,9
	sth 3,64(15)
	add 5,3,3
	mulhd 11,26,5
	addme 9,5
	cntlzd. 22,22
	srw 11,12,26
	nand 9,25,4
# LLVM-MCA-END
