#!/bin/bash
# Packages of Debian for ppc64el as they are, dynamically linked, in a system root of their own:
# every command must give the same output and exit status as under qemu, and one that starts other
# programs, which is beyond qemu-user, as the host's own package. The default is a sample; FULL=1
# (make test-debian) runs every command.
. "$(dirname "$0")/lib.sh"

store=$build/debian
sysroot=$store/root
packages=(bash coreutils gawk jq lua5.4 sqlite3 zstd xz-utils perl-base python3.11-minimal
    libpython3.11-stdlib libpython3.11-testsuite openssl dash make sed grep findutils)

# From the host's own sources, but with all of apt's state our own, and nothing installed in it, so
# that every library is downloaded.
fetch() {
    local options=(-qq -o APT::Architecture=ppc64el -o APT::Architectures=ppc64el
        -o Dir::State::Lists="$store/lists" -o Dir::Cache="$store/cache"
        -o Dir::State::status="$store/status" -o Debug::NoLocking=1
        -o APT::Sandbox::User="$(id -un)")
    mkdir -p "$store/lists/partial" "$store/cache/archives/partial" "$store/new"
    : >"$store/status"
    timeout 300 apt-get "${options[@]}" update || true
    timeout 600 apt-get "${options[@]}" install --no-install-recommends --download-only -y \
        "${packages[@]}"
    for package in "$store"/cache/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar xf - -C "$store/new" \
            --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale
    done
    for folder in bin sbin lib lib64; do # as the host has them
        mkdir -p "$store/new/usr/$folder"
        cp -a "$store/new/$folder/." "$store/new/usr/$folder"
        rm -rf "${store:?}/new/$folder"
        ln -s "usr/$folder" "$store/new/$folder"
    done
    ln -sf dash "$store/new/usr/bin/sh"
    # Made at installation; an absolute link, which has to stay inside.
    ln -s /etc/alternatives/awk "$store/new/usr/bin/awk"
    ln -s /usr/bin/gawk "$store/new/etc/alternatives/awk"
    # qemu would look for the target of an absolute link in the host.
    ln -sf "../..$(readlink "$store/new/lib64/ld64.so.2")" "$store/new/usr/lib64/ld64.so.2"
    rm -rf "$store/cache/archives"
    echo "${packages[@]}" >"$store/new/packages"
    mv "$store/new" "$sysroot"
}

[ "$(cat "$sysroot/packages" 2>/dev/null)" = "${packages[*]}" ] || rm -rf "$sysroot"
[ -d "$sysroot" ] || (set -e && rm -rf "$store/new" && fetch) >"$work/fetch.log" 2>&1 || true
if [ ! -d "$sysroot" ]; then
    echo "SKIPPED SKIPPED SKIPPED: Debian's packages for ppc64el cannot be fetched:" \
        "nothing was tested"
    tail -n 3 "$work/fetch.log" | sed 's/^/    /'
    exit 0
fi

fresh() {
    rm -rf "$work/dir"
    mkdir "$work/dir"
}
fresh
seq 1 3000 | /usr/bin/awk '{ print ($1 * 7919) % 1009, "word" $1 % 13, "line " $1 }' >"$work/text"
echo '{"a": [1, 2.5, {"b": "x\u00e9"}], "c": null, "n": 1e100}' >"$work/data.json"
environment=(PATH=/usr/local/bin:/usr/bin:/bin HOME=/ LANG=C)

# compare NAME MODE TAG [ORACLE]: what the simulator warns of is not the program's.
compare() {
    local why
    sed -i '/^simrun: warning: /d' "$work/$3.err"
    why=$(differs "${4:-qemu}" "$3" status out err)
    check "$1 $2" "$why" [ -z "$why" ]
}

# run_as MODE ROOT_KEY PROGRAM ARG...
run_as() {
    local mode=$1 key=$2
    shift 2
    (cd "$work/dir" && capture "$mode" "$simrun" -q -m "$mode" -o none \
        -s "workload.$key=$sysroot" -s "workload.epoch=${epoch:-1700000000}" "$base" -- "$@")
}

# try NAME PROGRAM [ARG...]: in the directory's own sysroot, functional, reading `text`. `timed` is
# the same in timing mode as well; `full` only in the long run.
try() {
    local name=$1 program=$2
    shift
    input=$work/text
    (cd "$work/dir" && capture qemu env -i "${environment[@]}" "${qemu[@]}" -L "$sysroot" \
        -0 "$program" "$sysroot$program" "${@:2}")
    run_as functional sysroot "$@"
    compare "$name" functional functional
    if [ -n "${timing:-}" ]; then
        run_as timing sysroot "$@"
        compare "$name" timing timing
    fi
}
timed() { timing=1 try "$@"; }

# script NAME PROGRAM [ARG...]: as `try`, against the host's own programs, in an empty directory.
script() {
    local name=$1
    shift
    input=$work/text
    fresh
    (cd "$work/dir" && capture native env -i "${environment[@]}" "$@")
    for mode in functional ${timing:+timing}; do
        fresh
        run_as "$mode" sysroot "$@"
        compare "$name" "$mode" "$mode" native
    done
}
timed_script() { timing=1 script "$@"; }
full() { [ -z "${FULL:-}" ] || try "$@"; }

timed "bash: loop, arrays" /bin/bash -c 'for i in {1..50}; do a[i]=$((i * i)); done
    echo "${a[@]:3:9}" ${#a[@]}; printf "%s|%05d|%q\n" x 42 "a b"; [[ abc =~ ^a(.)c$ ]] &&
    echo ${BASH_REMATCH[1]}; declare -A m=([k]=v); echo ${m[k]} ${a[@]@Q}; exit 7'
timed "gawk: arrays and numbers" /usr/bin/gawk '{ n[$2] += $1; s += $1 * $1 / 7 }
    END { for (i = 0; i < 13; i++) print n["word" i]; printf "%.6f %s\n", s, toupper("end") }'
timed "jq" /usr/bin/jq -c '.a[2].b, .a[1] * 3, (.c | tostring), .n, ([range(100)] | add)' \
    "$work/data.json"
timed "sha256sum" /usr/bin/sha256sum
try "sort" /usr/bin/sort -k2,2 -k1n
try "lua" /usr/bin/lua5.4 -e 't = {} for i = 1, 500 do t[i] = (i * 7919) % 1009 end table.sort(t)
    print(t[1], t[250], t[500], math.pi, 2^53, 7 // 2, string.format("%5.2f|%q", 1 / 3, "a\n"))'
try "sqlite" /usr/bin/sqlite3 :memory: 'create table t(a, b); with recursive c(x) as (select 1
    union all select x + 1 from c where x < 500) insert into t select x, x * x % 97 from c;
    select b, count(*), sum(a), avg(a) from t group by b order by 2 desc, 1 limit 9;'
try "perl" /usr/bin/perl -e 'my %h; while (<STDIN>) { /(\d+) (\w+)/ and $h{$2} += $1 }
    print "$_ $h{$_}\n" for sort keys %h;
    printf "%.10f %s\n", sqrt 2, join ",", map { $_ ** 2 } 1..9'
try "python" /usr/bin/python3.11 -S -c 'import math, hashlib, struct, json
print(math.pi, math.gamma(4.5), 2**200, hashlib.sha256(b"abc").hexdigest(), round(2.675, 2))
print(struct.pack("<d", 1.1).hex(), json.dumps({"a": [1, 2.5]}), sorted({3, 1, 2}))'
try "xz" /usr/bin/xz -c -6
try "openssl: digest" /usr/bin/openssl dgst -sha3-256
full "openssl: cipher" /usr/bin/openssl enc -aes-256-cbc -pbkdf2 -pass pass:x -S 0011223344556677
full "openssl: chacha" /usr/bin/openssl enc -chacha20 -K 00 -iv 00
full "openssl: every digest of one family" /usr/bin/openssl dgst -sha512
full "openssl: base64" /usr/bin/openssl base64
full "bash: strings" /bin/bash -c 'while read -r a b c; do s=${b^^}; n=$((n + a)); done
    echo $n ${s//WORD/x} ${s:2:3} "${c@Q}"; echo $((2 ** 62)) $((0x7f & ~5)) ${#s}'
full "bash: here string and trap" /bin/bash -c 'trap "echo bye" EXIT
    read x y <<<"1 2"; echo $y $x'
full "bash: status of a signal" /bin/bash -c 'kill -TERM $$'
for tool in cat md5sum sha1sum sha512sum b2sum wc tac nl rev uniq 'tr a-z A-Z' 'cut -c 2-9' od \
    'head -n 7' 'tail -n 7' 'fold -w 20' 'expand' 'base64' 'cksum' 'sum' 'fmt' 'pr -t' 'shuf -n 0' \
    'split -n 1/4' 'tsort' 'paste - -' 'sort -u' 'sort -R --random-source=/dev/zero'; do
    read -r -a words <<<"$tool"
    [ ! -x "$sysroot/usr/bin/${words[0]}" ] || full "$tool" "/usr/bin/${words[0]}" "${words[@]:1}"
done
full "seq" /usr/bin/seq -w 1 3 100
full "zstd: level 19" /usr/bin/zstd -q -c -19
full "factor" /usr/bin/factor 1000000007 1234567890123456789
full "date" /bin/date -u -d @1000000000 '+%Y-%m-%d %H:%M:%S %j %a'
full "ls" /bin/ls -goa --time-style=+%s "$work/text"
full "stat" /usr/bin/stat -c '%s %a %F' "$work/text"
full "expr" /usr/bin/expr 17 '*' 3 - 4
full "no such file" /bin/cat /absent
full "gawk: regular expressions" /usr/bin/gawk 'match($0, /([0-9]+)$/, m) { s += m[1] }
    { gsub(/o/, "0") } NR % 500 == 0 END { print s, substr("hello", 2, 3), length(), log(2) }'
full "jq: functions" /usr/bin/jq -n \
    '[range(200) | select(. % 7 == 0) | . * . | tostring] | join("-")'
full "lua: closures" /usr/bin/lua5.4 -e 'local function fib(n) return n < 2 and n or
    fib(n - 1) + fib(n - 2) end
    print(fib(20), ("x"):rep(10, ","), string.pack("<d", 1.5):byte(1, 8))'
full "perl: sort and pack" /usr/bin/perl -e 'print join(" ", sort { $a <=> $b } map { ($_ * 7919)
    % 1009 } 1 .. 300), "\n", unpack("H*", pack("d<nNw", 1.1, 7, 9, 300)), "\n"'
try "xz with threads" /usr/bin/xz -T2 --block-size=20000 -c
try "zstd with threads" /usr/bin/zstd -q -c -T2
try "python: threads" /usr/bin/python3.11 -S -c 'import threading, queue
q = queue.Queue(3); out = []
def work():
    while (x := q.get()) is not None: out.append(x * x)
threads = [threading.Thread(target=work) for _ in range(4)]
for t in threads: t.start()
for x in list(range(100)) + [None] * 4: q.put(x)
for t in threads: t.join()
print(sum(out), threading.active_count(), threading.Event().wait(0.01))'
try "python: sockets" /usr/bin/python3.11 -S -c 'import asyncio, os, socket, socketserver, threading
class Echo(socketserver.StreamRequestHandler):
    def handle(self): self.wfile.writelines(x.upper() for x in self.rfile)
def ask(name, family=socket.AF_INET):
    with socket.socket(family) as s:
        s.settimeout(60); s.connect(name); s.sendall(b"a line\nanother\n")
        s.shutdown(socket.SHUT_WR); return s.makefile().read()
with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
    threading.Thread(target=server.serve_forever, args=(0.05,)).start()
    print([ask(server.server_address) for _ in range(3)]); server.shutdown()
async def serve(r, w):
    w.write(await r.read()); w.close()
async def main():
    server = await asyncio.start_unix_server(serve, "socket")
    async def client(n):
        r, w = await asyncio.open_unix_connection("socket")
        w.write(b"x" * n); w.write_eof(); return len(await r.read())
    print(await asyncio.gather(*[client(n * 50000) for n in range(4)])); server.close()
asyncio.run(main()); os.unlink("socket")
a, b = socket.socketpair(); socket.send_fds(a, [b"fd"], [os.open("/etc/debian_version", 0)])
m, fds, _, _ = socket.recv_fds(b, 9, 1); print(m, os.read(fds[0], 2), socket.if_nametoindex("lo"))'
full "xz: level 9" /usr/bin/xz -9e -c
# Those of python's own tests that start no second process; they time themselves on stderr.
if [ -n "${FULL:-}" ]; then
    for test in math struct hashlib int float complex; do
        full "python: test_$test, exit status and output" /usr/bin/python3.11 -c "
import unittest, sys, test.test_$test as t
r = unittest.TextTestRunner(stream=open('/dev/null', 'w')).run(
    unittest.defaultTestLoader.loadTestsFromModule(t))
print(r.testsRun, len(r.failures), len(r.errors), len(r.skipped))"
    done
fi

# Processes.
timed_script "bash: pipelines and subshells" /bin/bash -c 'sort -k2 | head -n 40 | tr a-z A-Z |
    tail -n 3; (cd /; echo sub $PWD; exit 3); echo $? ${PIPESTATUS[@]}
    x=$(echo a; echo b | tr b c); echo $x; false | true; echo ${PIPESTATUS[@]}
    seq 2000 | while read -r n; do [ $((n % 500)) -ne 0 ] || echo $n; done | wc -l
    yes | head -n 2; echo ${PIPESTATUS[@]}'
timed_script "dash: loop of commands" /bin/sh -c 'echo one | cat; for i in 1 2 3; do (exit $i)
    echo $?; done; x=`ls / | grep -c usr`; echo $x; kill -9 $$'
script "bash: background, wait, signals" /bin/bash -c 'sleep 100 & p=$!; kill $p; wait $p; echo $?
    trap "echo usr1" USR1; (sleep 0.2; kill -USR1 $$) & wait $!; echo $?; wait
    for i in 1 2 3; do sleep 0.$i & done; jobs | wc -l; wait; echo all'
script "bash: process substitution, coproc, named pipe" /bin/bash -c 'coproc cat
    echo co >&${COPROC[1]}; read -r x <&${COPROC[0]}; echo $x; comm -3 <(seq 5) <(seq 2 6)
    mkfifo p; (echo through >p) & cat p; cat p & echo back >p; wait %2
    seq 3 | tee >(wc -l) | tail -n 1'
script "bash: job control" /bin/bash -c 'set -m; sleep 5 & p=$!; kill -STOP $p; wait $p; echo $?
    bg; kill $p; wait $p; echo $?; (kill -TSTP $BASHPID; echo on) & wait $!; echo $?; fg'
script "bash: files of commands" /bin/bash -c 'printf "#!/bin/sh\\necho script \\$0 \\$1\\n" >s
    printf "#! /usr/bin/env -S bash -e\\necho \\$1; false; echo never\\n" >t
    echo "echo no line" >u; echo x >v; chmod +x s t u
    ./s a; ./t b; echo $?; ./u; ./v; echo $?; ./nothing; echo $?'
script "xargs and find" /bin/bash -c 'mkdir -p a/b; touch a/1 a/b/2
    find . -type f | sort | xargs -n 1 echo; find . -name "[12]" -exec basename {} \; | sort
    seq 20 | xargs -P 4 -n 1 echo | sort -n | tail -n 1'
# Files have the host's times: the guest's clock must not be behind them.
epoch=4000000000 script "make" /bin/bash -c 'printf "all: c\\n\\t@echo done\\na b c:\\n" >Makefile
    printf "%%: %%.in\\n\\tsed s/x/y/ \\$< | tee \\$@\\nc: a b\\n\\tcat a b >c\\n" >>Makefile
    echo xa >a.in; echo xb >b.in; make; make; make -j3 -B >log; cat c; make none; echo $?'
script "perl: system, backticks, pipes" /usr/bin/perl -e '$| = 1; print `echo back | tr a b`;
    system("echo sys; exit 3"); print $? >> 8, "\n"; open(F, "-|", "seq 3"); print <F>; close F;
    open(G, "|cat"); print G "to cat\n"; close G; $p = fork // die; if (!$p) { exit 5 }
    waitpid $p, 0; print $? >> 8, "\n"; $SIG{CHLD} = sub { print "child\n" }; system "true";
    exec "echo", "last"'
script "python: subprocess" /usr/bin/python3.11 -S -c 'import subprocess as s, os
print(s.check_output("echo a | tr a b", shell=True), s.run(["false"]).returncode)
p = s.Popen(["cat"], stdin=s.PIPE, stdout=s.PIPE); x = b"x" * 200000
print(p.communicate(x)[0] == x, s.run(["sh", "-c", "kill -9 $$"]).returncode)
try: s.run(["sleep", "9"], timeout=0.1)
except s.TimeoutExpired: print("late")
r, w = os.pipe(); pid = os.fork()
if pid == 0: os.write(w, b"child"); os._exit(7)
print(os.read(r, 9), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), os.popen("echo p").read())'
script "python: multiprocessing" /usr/bin/python3.11 -S -c 'import multiprocessing as m
def f(x): return x * x
def g(v, l, q):
    for _ in range(100):
        with l: v.value += 1
    q.put(v.value > 0)
v, l, q = m.Value("i", 0), m.Lock(), m.Queue()
ps = [m.Process(target=g, args=(v, l, q)) for _ in range(3)]
[p.start() for p in ps]; print([q.get() for _ in ps]); [p.join() for p in ps]; print(v.value)
with m.Pool(3) as pool: print(sum(pool.map(f, range(50))))'

script "python: pseudo-terminal" /usr/bin/python3.11 -S -c 'import pty, os
pid, fd = pty.fork()
if pid == 0: os.execvp("bash", ["bash", "-c", "tty -s; echo tty $?; read x; echo got $x"])
os.write(fd, b"hello\n"); out = b""
try:
    while d := os.read(fd, 1000): out += d
except OSError as e: print("end", e.errno)
print(out, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))'

# The whole file system of the program is the directory; nothing of the host can be seen.
input=/dev/null
run_as functional root /bin/bash -c 'cd /usr/bin/../../../..; pwd; cd usr/bin && pwd
    echo ../../../../usr/share/../b?n; [ -e ../../../../../../../'"$work"' ] || echo "nothing else"'
printf '%s\n' / /usr/bin '../../../../usr/share/../bin' 'nothing else' >"$work/expected.out"
why=$(differs expected functional out)
check "workload.root confines" "$why" [ -z "$why" ]
run_as functional root /usr/bin/awk 'BEGIN {
    print getline <"/etc/debian_version", ENVIRON["HOME"] }'
echo "1 /" >"$work/expected.out"
why=$(differs expected functional out)
check "links to absolute names stay inside workload.root" "$why" [ -z "$why" ]
ln -sfn ../proc/self/mounts "$sysroot/etc/mtab"
run_as functional root /usr/bin/python3.11 -S -c 'import os
m, s = os.openpty()
os.write(m, b"line\n")
print(os.ttyname(s)[:9], os.read(s, 9), open("/etc/mtab").readline().split()[1])'
echo "/dev/pts/ b'line\n' /" >"$work/expected.out"
why=$(differs expected functional out)
check "pseudo-terminals, and a link to /proc, inside workload.root" "$why" [ -z "$why" ]
finish
