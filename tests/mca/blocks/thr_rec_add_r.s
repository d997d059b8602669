# thr_rec_add_r: independent add.: throughput of a record form instruction
# LLVM-MCA-BEGIN thr_rec_add_r
	add. 5,3,4
	add. 6,3,4
	add. 7,3,4
	add. 9,3,4
	add. 10,3,4
	add. 11,3,4
# LLVM-MCA-END
