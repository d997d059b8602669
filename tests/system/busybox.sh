#!/bin/bash
# A binary nobody here compiled: Debian's busybox-static for ppc64el. Every command must give the
# same stdout, stderr, exit status and files as under qemu, in both modes.
. "$(dirname "$0")/lib.sh"

store=$build/busybox
busybox=$store/root/bin/busybox

[ -x "$busybox" ] || (apt_download "$store" busybox-static) >"$work/fetch.log" 2>&1 || true
if [ ! -x "$busybox" ]; then
    echo "SKIPPED SKIPPED SKIPPED: busybox-static:ppc64el cannot be fetched; nothing was tested"
    tail -n 3 "$work/fetch.log" | sed 's/^/    /'
    exit 0
fi

# The files the commands work on; their times are fixed, because `find` and `ls` print them.
make_fixture() {
    rm -rf "$work/dir"
    mkdir -p "$work/dir/tree/a/b" "$work/dir/tree/c"
    cd "$work/dir"
    seq 1 400 | awk '{ print ($1 * 7919) % 1009, "word" $1 % 13, "line " $1 }' >text
    head -c 20000 /dev/zero | tr '\0' 'x' >same
    printf 'b 2\na 1\nb 2\nc 10\n' >pairs
    printf '\000\001\377binary\n' >bytes
    printf 'scale=30\n4*a(1)\n2^200\nsqrt(2)\nquit\n' >sums
    gzip -n <text >packed.gz
    head -c 400 packed.gz >damaged.gz
    cp text tree/a/one
    cp pairs tree/a/b/two
    : >tree/c/empty
    tar cf packed.tar --transform 's,^,unpacked/,' --sort=name --mtime=@0 tree text
    find . -exec touch -d '2001-02-03 04:05:06 UTC' {} +
}

# run_applets TAG RUNNER...: in a fresh fixture, reading `text`; notes also the files it leaves.
run_applets() {
    local tag=$1
    shift
    make_fixture
    input=text
    capture "$tag" env -i PATH=/nowhere TZ=UTC "$@"
    find . -type f | sort | xargs sha256sum >"$work/$tag.files"
}

# try NAME APPLET [ARG...]
try() {
    local name=$1 why
    shift
    run_applets qemu "${qemu[@]}" "$busybox" "$@"
    for mode in functional timing; do
        run_applets "$mode" "$simrun" -q -m "$mode" -o none "$base" -- "$busybox" "$@"
        why=$(differs qemu "$mode" status out err files)
        check "$name $mode" "$why" [ -z "$why" ]
    done
}

try "sh: loop and arithmetic" \
    sh -c 'i=0; s=0; while [ $i -lt 300 ]; do s=$((s + i * i)); i=$((i+1)); done; echo $s'
try "sh: functions and case" \
    sh -c 'f() { case $1 in a*) echo A $1;; *) echo other; return 3;; esac; }; f abc; f x; echo $?'
try "sh: expansion" \
    sh -c 'v=path/to/file.c; echo ${v##*/} ${v%.c} ${#v} ${w:-none}; set -- 1 2 3; echo $# "$*"'
try "sh: here document and read" sh -c 'while read a b; do echo "$b-$a"; done <pairs'
try "sh: exit status" sh -c 'exit 42'
try "sh: syntax error" sh -c 'if then'
try "sh: killed by a signal" sh -c 'kill -TERM $$'
try "sha256sum" sha256sum text same bytes
try "sha512sum" sha512sum text
try "md5sum" md5sum text same bytes
try "sort" sort text
try "sort, numbers in reverse" sort -rn text
try "uniq" uniq -c pairs
try "awk" awk '{ n[$2] += $1; s += $1 * $1 / 7 }
    END { for (i = 0; i < 13; i++) print n["word" i]; printf "%.6f\n", s }' text
try "gzip" gzip -k -n text
try "gunzip" gunzip -c packed.gz
try "gunzip: damaged" gunzip -c damaged.gz
try "bzip2" bzip2 -k text
try "bc" bc -l sums
try "dc" dc -e '20k 2v p 7 3 / p'
try "wc" wc text same
try "sed" sed -n -e 's/\([0-9]*\) word\([0-9]\)/\2:\1/p' -e '5q' text
try "grep" grep -n '9 word[1-3] ' text
try "grep: nothing found" grep -c absent text
try "cut" cut -d ' ' -f 2,4 text
try "tr" tr a-z A-Z
try "tee" tee copy
try "od" od -b bytes
try "hexdump" hexdump -C bytes
try "seq" seq -w 5 5 100
try "expr" expr 17 '*' 3 - 4
try "date" date -u -d @1000000000 '+%Y-%m-%d %H:%M:%S %j %a'
try "cal" cal 2 2000
try "find" find tree -type f -name '*o*'
try "dd" dd if=text of=part bs=100 skip=3 count=5
try "printf" printf '%05d|%-8s|%x|%s\n' 42 left 255 end
try "cmp: differ" cmp text same
try "diff" diff text pairs
try "head" head -n 3 text
try "tail" tail -n 3 text
try "tac" tac pairs
try "cp" cp text copy
try "mv" mv pairs renamed
try "rm" rm -r tree
try "ln" ln -s text link
try "tar" tar xvf packed.tar
try "base64" base64 bytes
try "factor" factor 1000000007 123456789012
try "test: false" test 3 -gt 4
try "cat: no such file" cat absent
try "no such applet" absent

# A script as the program: its interpreter, of the guest's world, runs in its place, as execve has
# it; the result file speaks of the script.
mkdir -p "$work/world/bin"
cp "$busybox" "$work/world/bin/sh"
printf '#! /bin/sh -e\necho "$0: $2, $#"\n' >"$work/world/bin/greet"
chmod +x "$work/world/bin/greet"
"$simrun" --force -q -o "$work/script.h5" -s "workload.root=$work/world" "$base" -- \
    /bin/greet a "b c" >"$work/script.out" 2>&1
check "script" "$(cat "$work/script.out")" [ "$(cat "$work/script.out")" = "/bin/greet: b c, 2" ]
verified=0
"$simrun" verify "$work/script.h5" >"$work/verify.out" 2>&1 || verified=$?
check "script verified" "$(cat "$work/verify.out")" [ "$verified" -eq 0 ]
echo 'echo more' >>"$work/world/bin/greet"
verified=0
"$simrun" verify "$work/script.h5" >"$work/verify.out" 2>&1 || verified=$?
check "script changed" "$(cat "$work/verify.out")" grep -q "greet has changed" "$work/verify.out"
finish
