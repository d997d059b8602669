# dcbz_seen: dcbz that execute1 holds without taking it (wrong path, sync, multiplier): replacement sees it
    .include "mk.inc"
    .macro COMPETE
    ldx  10,9,1
    add  11,9,1
    ld   10,4096(11)
    ld   10,8192(11)
    ldx  10,9,1
    ld   10,4096(11)
    .endm
    RPASS_BEGIN 40
    rldicl 9,30,0,60
    sldi 9,9,7
    li   8,2
.Lzero:
    dcbz 9,1
    addi 9,9,64
    addi 8,8,-1
    cmpdi 8,0
    bne  .Lzero
    COMPETE
    addi 9,9,128
    ldx  10,9,1
    sync
    dcbz 9,1
    COMPETE
    addi 9,9,192
    ldx  10,9,1
    mulld 12,10,10
    dcbz 9,1
    COMPETE
    RPASS_END
