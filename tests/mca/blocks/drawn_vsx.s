# drawn_vsx: twelve instructions drawn at random
# LLVM-MCA-BEGIN drawn_vsx
	xor 11,22,3
	xvcvspdp 55,17
	vxor 7,27,24
	stxvw4x 55,15,17
	lxvwsx 49,14,18
	vclzw 24,26
	stxv 17,48(15)
	stvx 28,15,16
	stxvx 41,15,18
	vbpermd 30,10,24
	eqv 26,11,26
	nand 24,26,21
# LLVM-MCA-END
