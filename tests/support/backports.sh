#!/bin/sh
# A newer libcurl beside the system's: backports.sh DIR
#
# On Debian 12 it fetches libcurl 8.14 of Debian's backports, and what that needs, into
# DIR and unpacks it there; DIR/lib leads to the libraries, for LD_LIBRARY_PATH. Nothing
# is installed, and no list of the system's is touched. Elsewhere, or when it cannot be
# fetched, it says why and leaves no DIR/lib. A second run starts at once.
set -eu

[ $# -eq 1 ] || { echo "usage: backports.sh DIR" >&2; exit 2; }
mkdir -p "$1"
dir=$(cd "$1" && pwd)
[ ! -e "$dir/lib" ] || exit 0

without() {
    echo "no newer libcurl to test against: $1"
    rm -rf "$dir"
    exit 0
}

codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release 2>/dev/null || :)
[ "$codename" = bookworm ] || without "this is not Debian 12"
command -v apt-get >/dev/null || without "there is no apt-get"

# The mirror that the system uses.
mirror=$(apt-get indextargets --format "\$(SITE)" 'Codename: bookworm' 2>/dev/null |
    head -n 1)
mirror=${mirror:-http://deb.debian.org/debian}
keys=/usr/share/keyrings/debian-archive-keyring.gpg
for suite in bookworm bookworm-backports; do
    echo "deb [signed-by=$keys] $mirror $suite main"
done >"$dir/sources.list"
mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial" "$dir/debs"

apt() {
    apt-get -q -o Dir::Etc::sourcelist="$dir/sources.list" \
        -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists="$dir/lists" \
        -o Dir::Cache="$dir/cache" -o APT::Sandbox::User= "$@"
}

{
    apt update
    cd "$dir/debs"
    apt download libcurl4/bookworm-backports libnghttp2-14 \
        libnghttp3-9/bookworm-backports libngtcp2-16/bookworm-backports \
        libngtcp2-crypto-gnutls8/bookworm-backports
} >"$dir/fetch.log" 2>&1 || {
    tail -n 5 "$dir/fetch.log"
    without "it cannot be fetched"
}
for deb in "$dir"/debs/*.deb; do
    dpkg -x "$deb" "$dir/root"
done
rm -rf "$dir/lists" "$dir/cache" "$dir/debs"
for found in "$dir"/root/usr/lib/*/libcurl.so.4; do
    ln -s "$(dirname "$found")" "$dir/lib"
done
