#!/bin/sh
# Installs what a bare Debian 12 lacks to build, run and test the simulator; nothing when all is
# there.
set -eu
build="gcc libc6-dev make pkg-config libhdf5-dev libgsl-dev libinih-dev libelf-dev
    libdw-dev libmd-dev zlib1g-dev libfdt-dev"
guests="gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross"
bigendian="gcc-powerpc64-linux-gnu libc6-dev-ppc64-cross
    gcc-powerpc-linux-gnu libc6-dev-powerpc-cross"
tests="libcmocka-dev libmpfr-dev qemu-user hdf5-tools gzip xz-utils gdb-multiarch
    python3-pandas python3-xarray python3-h5netcdf chromium clang"
plots="python3 python3-h5py python3-numpy python3-matplotlib"
slurm="slurm-wlm munge" # for one test, which says so when they are not there

as_root=
[ "$(id -u)" -eq 0 ] || as_root=sudo
missing_of() {
    for package; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            printf ' %s' "$package"
    done
}
install() {
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@"
}

missing=$(missing_of $build $guests $bigendian $tests $plots)
optional=$(missing_of $slurm)
[ -n "$missing$optional" ] || exit 0
echo "installing:$missing$optional"
$as_root apt-get update -qq
[ -z "$missing" ] || install $missing
[ -z "$optional" ] || install $optional || echo "without$optional"
