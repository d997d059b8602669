#!/usr/bin/python3
"""Makes an initial root file system for Linux: a newc cpio archive with a statically linked
busybox, a link for each of its commands that is named, an init script, and any other files.

    make_initrd.py -o root.cpio --busybox busybox --init init [-l sh,ls,cat] [bin/lz=FILE ...]

The archive depends on its arguments and the files' contents alone.
"""
import argparse
import sys

DIRECTORIES = ["bin", "dev", "proc", "sys", "tmp"]
DEVICES = {"dev/console": (0o20600, 5, 1), "dev/null": (0o20666, 1, 3)}
COMMANDS = "awk,cat,dd,df,dmesg,echo,free,head,kill,ls,mount,poweroff,ps,sed,seq,sh,sha256sum," \
           "sleep,sort,tail,time,top,uname,uptime,vi,wc"


class Archive:
    """Entries in the `newc` format: a header of hexadecimal numbers, the name, the content."""

    def __init__(self):
        self.parts = []

    def add(self, name, mode, content=b"", device=(0, 0)):
        encoded = name.encode() + b"\0"
        number = len(self.parts) + 1  # of the inode
        fields = [number, mode, 0, 0, 1, 0, len(content), 0, 0, *device, len(encoded), 0]
        entry = b"070701" + b"".join(b"%08x" % f for f in fields) + encoded
        self.parts.append(pad(pad(entry) + content))

    def bytes(self):
        self.add("TRAILER!!!", 0)
        return b"".join(self.parts)


def pad(data):
    return data + b"\0" * (-len(data) % 4)


def contents(path):
    with open(path, "rb") as f:
        return f.read()


def build(arguments):
    archive = Archive()
    for name in DIRECTORIES:
        archive.add(name, 0o40755)
    for name, (mode, major, minor) in DEVICES.items():
        archive.add(name, mode, device=(major, minor))
    archive.add("bin/busybox", 0o100755, contents(arguments.busybox))
    for command in filter(None, arguments.links.split(",")):
        archive.add("bin/" + command, 0o120777, b"busybox")
    archive.add("init", 0o100755, contents(arguments.init))
    for pair in arguments.files:
        name, equals, path = pair.partition("=")
        if not equals:
            sys.exit(f"make_initrd.py: {pair}: wants NAME=FILE")
        archive.add(name, 0o100755, contents(path))
    return archive.bytes()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", required=True, help="the archive")
    parser.add_argument("--busybox", required=True, help="statically linked, for the guest")
    parser.add_argument("--init", required=True, help="script or program that becomes /init")
    parser.add_argument("-l", "--links", default=COMMANDS,
                        help="commands of busybox that get a name, comma-separated")
    parser.add_argument("files", nargs="*", metavar="NAME=FILE", help="further executable files")
    arguments = parser.parse_args()
    try:
        archive = build(arguments)
        with open(arguments.output, "wb") as f:
            f.write(archive)
    except OSError as e:
        sys.exit(f"make_initrd.py: {e.filename}: {e.strerror}")


if __name__ == "__main__":
    main()
