#!/bin/sh
# What `make install` puts where, and that a program can be built with it.
. "$SRCDIR/tests/support/lib.sh"

# The compiler of this build, and what a program must be linked with to match it.
CC=$(cut -d' ' -f1 "$BUILD/flags")
EXTRA=$(grep -o -- '-fsanitize=[^ ]*\|--coverage' "$BUILD/flags" | tr '\n' ' ')
unset MAKEFLAGS MFLAGS MAKELEVEL DESTDIR PREFIX

install_to() {
    run make -C "$SRCDIR" install-files BUILD="$BUILD" "$@"
    expect_status 0
}

expect_file() {
    [ -f "$1" ] || fail "not installed: $1"
}

cat >"$TMPDIR/user.c" <<'END'
#include <hvsnap/hvsnap.h>
#include <stdio.h>
int main(void)
{
    puts(hvs_version());
    return 0;
}
END

export PKG_CONFIG_PATH="$TMPDIR/usr/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}"

# build_with MODULE... : user.c, with nothing but what pkg-config says
build_with() {
    flags=$(pkg-config --cflags "$@")
    libs=$(pkg-config --libs "$@")
    # shellcheck disable=SC2086 # words
    run "$CC" $EXTRA $flags "$TMPDIR/user.c" -o "$TMPDIR/user" $libs
    expect_status 0
}

expect_version() {
    run env LD_LIBRARY_PATH="$TMPDIR/usr/lib" DYLD_LIBRARY_PATH="$TMPDIR/usr/lib" \
        "$TMPDIR/user"
    expect_status 0
    expect_out "$(sed -n 's/^VERSION := //p' "$SRCDIR/Makefile")"
}

begin "DESTDIR and the folders' names are honoured"
install_to DESTDIR="$TMPDIR/stage" PREFIX=/usr LIBDIR=/usr/lib64 MANDIR=/usr/man
expect_file "$TMPDIR/stage/usr/bin/hvsnap"
expect_file "$TMPDIR/stage/usr/bin/hvsim"
expect_file "$TMPDIR/stage/usr/lib64/libhvsnap.a"
expect_file "$TMPDIR/stage/usr/lib64/pkgconfig/hvsnap.pc"
expect_file "$TMPDIR/stage/usr/include/hvsnap/hvsnap.h"
for page in "$SRCDIR"/docs/*.[135]; do
    expect_file "$TMPDIR/stage/usr/man/man${page##*.}/${page##*/}"
done
expect_file "$TMPDIR/stage/usr/share/hvsnap/hvsnap-v1.schema.json"
expect_file "$TMPDIR/stage/usr/share/bash-completion/completions/hvsnap"
expect_file "$TMPDIR/stage/usr/share/zsh/site-functions/_hvsnap"
expect_file "$TMPDIR/stage/usr/share/fish/vendor_completions.d/hvsnap.fish"
[ ! -e "$TMPDIR/stage/$TMPDIR" ] || fail "something went past the folders that were named"

begin "uninstall leaves no file behind"
run make -C "$SRCDIR" uninstall BUILD="$BUILD" DESTDIR="$TMPDIR/stage" PREFIX=/usr \
    LIBDIR=/usr/lib64 MANDIR=/usr/man
expect_equal "files that are left" "$(find "$TMPDIR/stage" -type f -o -type l)" ""

begin "a program is built with the shared library"
install_to PREFIX="$TMPDIR/usr"
build_with hvsnap
expect_version

begin "a program is built with the static library"
rm -f "$TMPDIR"/usr/lib/libhvsnap.so* "$TMPDIR"/usr/lib/libhvsnap*.dylib
# Not --static: few systems have all the static libraries that libcurl would want then.
# shellcheck disable=SC2046 # words
build_with hvsnap $(pkg-config --print-requires-private hvsnap)
expect_version
finish
