# qemu-user makes a copy of the address space for vfork as well, and so does not see its child fail
# to start a program.
s/^memory was lent: 0$/memory was lent: 9/
s/^spawn of nothing: 0$/spawn of nothing: 2/
