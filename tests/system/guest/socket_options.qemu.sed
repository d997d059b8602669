# What qemu-user answers otherwise than Linux, made right.
# The number in ancillary data of IPv6 is in the guest's byte order.
s/^0 hops, name of 28 bytes$/33 hops, name of 28 bytes/
