# thr_fcmp_fcmpu: independent fcmpu: throughput of a floating-point compare instruction
# LLVM-MCA-BEGIN thr_fcmp_fcmpu
	fcmpu 0,20,21
	fcmpu 1,20,21
	fcmpu 5,20,21
	fcmpu 6,20,21
	fcmpu 7,20,21
	fcmpu 0,20,21
# LLVM-MCA-END
