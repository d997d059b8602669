# thr_crypt_vcipher: independent vcipher: throughput of a cipher instruction
# LLVM-MCA-BEGIN thr_crypt_vcipher
	vcipher 0,20,21
	vcipher 1,20,21
	vcipher 2,20,21
	vcipher 3,20,21
	vcipher 4,20,21
	vcipher 5,20,21
# LLVM-MCA-END
