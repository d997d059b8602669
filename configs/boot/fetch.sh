#!/bin/bash
# Fetches Debian's kernel and busybox for ppc64el, unmodified, and makes an initial root of the
# second and some of the bundled workloads: BUILD/boot/vmlinux and BUILD/boot/root.cpio.
# usage: configs/boot/fetch.sh BUILD
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "$1")
store=$build/boot
. "$here/debian.sh"

if [ ! -e "$store/vmlinux" ]; then
    echo "fetching Debian's kernel and busybox for ppc64el (50 MB)"
    rm -rf "$store/root"
    (apt_download "$store" meta:linux-image-powerpc64le busybox-static) >"$store.log" 2>&1 ||
        { tail -n 3 "$store.log" >&2; echo "they cannot be fetched" >&2; exit 1; }
    unpacked=$store/root
    rm -rf "$unpacked/lib/modules" # 160 MB that nobody loads
    cp "$unpacked"/boot/vmlinux-* "$store/vmlinux.new"
    mv "$store/vmlinux.new" "$store/vmlinux"
fi
files=()
for name in lz sort; do
    [ ! -x "$build/workloads/$name" ] || files+=("bin/$name-workload=$build/workloads/$name")
done
"${PYTHON:-/usr/bin/python3}" "$here/make_initrd.py" -o "$store/root.cpio" \
    --busybox "$store/root/bin/busybox" --init "$here/init" "${files[@]}"
