#!/bin/bash
# Statically linked programs that Debian ships for ppc64el, on glibc, musl, dietlibc and klibc, in C
# and C++: each must give the same stdout, stderr, exit status and files as under qemu.
. "$(dirname "$0")/lib.sh"

store=$build/static
root=$store/root
packages=(bash-static zsh-static mksh sash gpgv-static e2fsck-static tripwire tini libc-bin
    klibc-utils libklibc)

[ -d "$root" ] || (apt_download "$store" "${packages[@]}") >"$work/fetch.log" 2>&1 || true
if [ ! -d "$root" ]; then
    echo "SKIPPED SKIPPED SKIPPED: Debian's packages for ppc64el cannot be fetched:" \
        "nothing was tested"
    tail -n 3 "$work/fetch.log" | sed 's/^/    /'
    exit 0
fi

make_fixture() {
    rm -rf "$work/dir"
    mkdir -p "$work/dir/tree/a/b" "$work/dir/tree/c"
    cd "$work/dir"
    seq 1 400 | awk '{ print ($1 * 7919) % 1009, "word" $1 % 13, "line " $1 }' >text
    head -c 20000 /dev/zero | tr '\0' 'x' >same
    cp text tree/a/one
    cp same tree/a/b/two
    gzip -n <text >packed.gz
    [ ! -e "$work/image" ] || cp "$work/image" image
}

# run_program TAG RUNNER...: in a fresh fixture; notes also the files it leaves.
run_program() {
    local tag=$1
    shift
    make_fixture
    input=text
    capture "$tag" env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/ LANG=C "$@"
    sed -i '/^simrun: warning: /d' "$work/$tag.err" # not the program's words
    find . -type f | sort | xargs sha256sum >"$work/$tag.files"
}

modes=functional
libraries= # the folder in which to look for klibc
# try NAME PROGRAM [ARG...]
try() {
    local name=$1 program=$root/$2 mode why
    shift 2
    run_program qemu "${qemu[@]}" ${libraries:+-L "$libraries"} "$program" "$@"
    for mode in $modes; do
        run_program "$mode" "$simrun" -q -m "$mode" -o none -s workload.sysroot="$libraries" \
            -s workload.epoch="$(date +%s)" "$base" -- "$program" "$@"
        why=$(differs qemu "$mode" status out err files)
        check "$name $mode" "$why" [ -z "$why" ]
    done
}

shell='i=0; while [ $i -lt 300 ]; do s=$((s + i * i)); i=$((i+1)); done; echo $s
    for f in tree/* tree/a/*; do echo "$f ${f##*/}"; done; read a b <text; echo "$b-$a"
    case $b in word*) echo yes;; esac; echo written >out; umask 027; umask; exit 3'

modes="functional timing"
try "bash" bin/bash-static -c "$shell"
try "mksh on musl" usr/lib/powerpc64le-linux-musl/bin/mksh -c "$shell"
try "mksh on dietlibc" usr/lib/diet/bin/mksh -c "$shell"
libraries=$root
try "sh on klibc" usr/lib/klibc/bin/sh -c "$shell"
modes=functional
try "gzip on klibc" usr/lib/klibc/bin/gzip -dc packed.gz
try "uname on klibc, bad option" usr/lib/klibc/bin/uname -Z
libraries=
try "bash: arrays, matching" bin/bash-static -c 'a=(x{a..f}); echo "${a[@]^^}" ${#a[@]}
    declare -A h=([k]=v [z]=w); echo ${h[k]} ${!h[@]}; [[ abc =~ (b)(c) ]] && echo $BASH_REMATCH
    printf "%q %05.2f\n" "a b" 3.14159; shopt -s globstar; echo **/*; mapfile -t L <text
    echo ${#L[@]} ${L[7]}; trap "echo bye" EXIT; help' bash
try "bash: error" bin/bash-static -c 'echo $((1/0))'
try "bash: killed" bin/bash-static -c 'kill -9 $$'
try "zsh" bin/zsh-static -f -c 'for ((i = 1; i < 200; i++)) { (( y = i ** 2.5 / 3 )); print $y }
    print -l **/*(.); a=(c b a); print ${(o)a} ${(U)a} ${(l:9::x:)i}; print $(( 0x1p-1030 * 3 ))'
try "sash" bin/sash -c '-sum text; -cmp text same; -grep word1 text; -cp text copy; -help'
try "lksh" bin/lksh -c 'typeset -i x=3; let x+=4; print $x; print -r -- tree/*'
try "gpgv" usr/bin/gpgv-static --version
try "gpgv: no signature" usr/bin/gpgv-static --keyring same text
try "siggen" usr/sbin/siggen -a text same
try "twadmin" usr/sbin/twadmin --help all
try "tini" usr/bin/tini-static -h
try "ldconfig" sbin/ldconfig -N -X -v -C cache tree
if command -v /sbin/mke2fs >/dev/null; then
    truncate -s 4M "$work/image"
    /sbin/mke2fs -q -F -t ext4 -E root_owner=0:0 "$work/image"
    try "e2fsck" sbin/e2fsck.static -f -n -v image
fi
finish
