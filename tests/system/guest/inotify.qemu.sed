# qemu reads events with readv in the byte order of the host.
s/^watch 16777216: one$/watch 1: create one/
