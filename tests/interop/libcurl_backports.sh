#!/bin/sh
# The tests that see libcurl from outside, once more with a newer one than the system's:
# make check-interop fetches it (tests/support/backports.sh).
set -u

lib=$BUILD/backports/lib
if [ ! -e "$lib/libcurl.so.4" ]; then
    echo "no newer libcurl here: make check-interop fetches it on Debian 12"
    exit 77
fi
export LD_LIBRARY_PATH="$lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
version=$("$HVSNAP" --version | grep -o 'libcurl/[0-9.]*')
failed=0
case $version in
libcurl/8.*) echo "ok 1 - it is $version" ;;
*)
    echo "not ok 1 - it is '$version'"
    exit 1
    ;;
esac

# Each with a folder of its own, as the runner would have it.
again() {
    name=${1##*/}
    mkdir "$TMPDIR/$name"
    rc=0
    TMPDIR=$TMPDIR/$name "$1" || rc=$?
    case $rc in
    0 | 77) ;;
    *)
        failed=1
        echo "not ok 1 - $name: exit status $rc"
        ;;
    esac
}
for test in http pool tls way; do
    again "$BUILD/tests/transport/test_$test"
done
for test in logins requests relay trust; do
    again "$SRCDIR/tests/e2e/$test.sh"
done
exit $failed
