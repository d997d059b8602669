# drawn_fpmix: twelve instructions drawn at random
# LLVM-MCA-BEGIN drawn_fpmix
	fsel 14,17,19,24
	friz 19,17
	stfsx 17,15,16
	fcpsgn 10,17,19
	fsub 19,10,20
	lfs 19,176(14)
	xscmpudp 7,5,36
	lfiwax 14,14,17
	fmuls 17,5,24
	extsb 10,19
	eqv 27,25,25
	fcpsgn 5,9,21
# LLVM-MCA-END
