# thr_rot_rlwinm: independent rlwinm: throughput of a rotate or shift instruction
# LLVM-MCA-BEGIN thr_rot_rlwinm
	rlwinm 5,3,3,4,20
	rlwinm 6,3,3,4,20
	rlwinm 7,3,3,4,20
	rlwinm 9,3,3,4,20
	rlwinm 10,3,3,4,20
	rlwinm 11,3,3,4,20
# LLVM-MCA-END
