#!/bin/sh
# Installs what a bare Debian 12 lacks to build, run and test the simulator; nothing when all is
# there.
set -eu
build="gcc libc6-dev make pkg-config libhdf5-dev libgsl-dev libinih-dev libelf-dev libmd-dev"
guests="gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross"
bigendian="gcc-powerpc64-linux-gnu libc6-dev-ppc64-cross
    gcc-powerpc-linux-gnu libc6-dev-powerpc-cross"
tests="libcmocka-dev libmpfr-dev qemu-user hdf5-tools gzip xz-utils gdb-multiarch"
plots="python3 python3-h5py python3-numpy python3-matplotlib"

missing=
for package in $build $guests $bigendian $tests $plots; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
        missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "installing:$missing"
as_root=
[ "$(id -u)" -eq 0 ] || as_root=sudo
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing
