#!/bin/bash
# Build for another processor, and run the tests there, emulated: the unit tests, and the
# client against hvsim and a KDC that run natively.
#
#     arch.sh BUILD [ARCH...]      s390x (big-endian), armhf, arm64
#
# Needs Debian with the packages debootstrap, qemu-user-static and gcc-TRIPLET; says so
# when they are missing. BUILD is a finished build for this machine.
set -eu

BUILD=$(cd "$1" && pwd)
SRCDIR=$(cd "$(dirname "$0")/../.." && pwd)
shift
[ $# -gt 0 ] || set -- s390x armhf arm64
PATH=$PATH:/usr/sbin

LIBRARIES=libc6-dev,libcurl4-openssl-dev,libxml2-dev,libssl-dev,libjansson-dev,libinih-dev
LIBRARIES=$LIBRARIES,libkrb5-dev,libcmocka-dev

# Tests that hold time to the millisecond, or think for a minute, say nothing there.
NOT_THERE='/test_(deadline|policy_histories)$'

names() {
    case $1 in
    s390x) triplet=s390x-linux-gnu emulator=qemu-s390x-static ;;
    armhf) triplet=arm-linux-gnueabihf emulator=qemu-arm-static ;;
    arm64) triplet=aarch64-linux-gnu emulator=qemu-aarch64-static ;;
    *) echo "arch.sh: what is $1? s390x, armhf or arm64" >&2 && exit 2 ;;
    esac
    for tool in debootstrap "$emulator" "$triplet-gcc"; do
        command -v "$tool" >/dev/null && continue
        echo "arch.sh: $tool is missing: apt-get install debootstrap qemu-user-static" \
            "gcc-$triplet" >&2
        exit 1
    done
}

# The libraries of that processor, in a folder of their own: nothing is installed here.
fetch() {
    [ ! -e "$root/ready" ] || return 0
    rm -rf "$root"
    mkdir -p "$root"
    # shellcheck disable=SC2016 # apt-get's own words
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
        grep -v security | sort -u | head -n 1)
    debootstrap --download-only --arch="$1" --variant=minbase --include="$LIBRARIES" \
        "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$root.debs" "$mirror"
    for package in "$root.debs"/var/cache/apt/archives/*.deb; do
        dpkg-deb -x "$package" "$root"
    done
    rm -rf "$root.debs"
    touch "$root/ready"
}

# Programs that run there as if they were of this machine.
wrap() {
    printf '#!/bin/sh\nexec %s -L %s %s"$@"\n' "$emulator" "$root" "${2:+$2 }" >"$1"
    chmod +x "$1"
}

for arch; do
    names "$arch"
    root=$BUILD/arch/$arch-root there=$BUILD/arch/$arch
    fetch "$arch"
    mkdir -p "$there"
    units=$(cd "$SRCDIR/tests" &&
        echo {auth,base,cli,hyperv,transport,wsman,xml}/test_*.c)
    tests=()
    for unit in $units; do
        [[ ${unit%.c} =~ $NOT_THERE ]] || tests+=("$there/tests/${unit%.c}")
    done
    echo "== $arch"
    PKG_CONFIG_SYSROOT_DIR=$root \
        PKG_CONFIG_LIBDIR=$root/usr/lib/$triplet/pkgconfig:$root/usr/share/pkgconfig \
        PKG_CONFIG_SYSTEM_INCLUDE_PATH=$root/usr/include:/usr/include \
        PKG_CONFIG_SYSTEM_LIBRARY_PATH=$root/usr/lib/$triplet:/usr/lib/$triplet \
        make -C "$SRCDIR" --no-print-directory -j"$(nproc)" BUILD="$there" WERROR= \
        CC="$triplet-gcc --sysroot=$root" AR="$triplet-ar" CFLAGS=-O1 \
        "$there/hvsnap" "${tests[@]}"
    wrap "$there/run" ''
    wrap "$there/hvsnap-there" "$there/hvsnap"
    cd "$SRCDIR"
    BUILD=$there LIMIT=600 JOBS=$(nproc) WRAP=$there/run \
        tests/support/run.sh "${tests[@]}"
    BUILD=$BUILD LIMIT=600 JOBS=$(nproc) PROGRAM=$there/hvsnap-there \
        tests/support/run.sh tests/e2e/{keep,logins,names}.sh
done
