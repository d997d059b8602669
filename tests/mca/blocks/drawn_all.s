# drawn_all: twelve instructions drawn at random
# LLVM-MCA-BEGIN drawn_all
	xxlxor 20,34,29
	mulhdu 28,22,19
	mulhd 6,5,19
	fsel 4,4,23,8
	neg. 5,26
	xxlor 52,34,62
	stbx 26,15,16
	extsb 22,24
	vsel 8,9,25,5
	lxsspx 52,14,16
	xxsel 50,46,57,62
	cmpd 7,5,25
# LLVM-MCA-END
