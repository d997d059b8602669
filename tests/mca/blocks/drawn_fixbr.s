# drawn_fixbr: twelve instructions drawn at random
# LLVM-MCA-BEGIN drawn_fixbr
	cmpwi 0,8,3
	cmplw 1,8,23
	neg 19,7
	mfocrf 12,128
	extsh 24,3
	isel 12,7,11,3
	eqv 19,12,12
	extsw 7,12
	cmpdi 6,3,3
	lwz 12,64(14)
	cmplw 5,12,23
	lbzx 28,14,17
# LLVM-MCA-END
