#!/bin/sh
# What a machine can see of our rules (src/README.md). Prints every offence; fails on any.
# Lists of files are words:
# shellcheck disable=SC2046,SC2086
set -u

export LC_ALL=C
bad=0
sources=$(find src include tests contrib -name '*.[ch]' 2>/dev/null | sort)
code=$(echo "$sources" | grep '\.c$')
scripts=$(find .ci tests contrib soap-templates -name '*.sh' -o -path .ci/run 2>/dev/null)

# Run a check whose output is its offences.
check() {
    offences=$("$@" 2>&1)
    [ -n "$offences" ] || return 0
    echo "$offences" | sed "s/^/$1: /"
    bad=1
}

# Includes point down only; cli/ knows the public headers and base/; no one else's.
layers() {
    grep -n '^#include "' $(find src -name '*.[ch]') | awk -F'[/:"]' '
        BEGIN {
            n = split("base 0 xml 1 auth 1 transport 1 wsman 2 hyperv 3 cli 4", l, " ")
            for (i = 1; i < n; i += 2)
                rank[l[i]] = l[i + 1]
        }
        !($6 in rank) { print; next }
        $6 != $2 && (rank[$6] >= rank[$2] || ($2 == "cli" && $6 != "base"))'
    grep -n '^#include "' include/hvsnap/*.h
}

# The pretend host shares nothing with the client but base/ and the parser, so that no
# mistake is made twice alike.
pretend_host() {
    grep -n '^#include "[^"]*/' tests/hvsim/*.[ch] /dev/null |
        grep -v '"base/\|"xml/doc\.h"\|"hvsim/\|"support/test\.h"'
    grep -n '^#include <hvsnap/' tests/hvsim/*.[ch] /dev/null |
        grep -v '<hvsnap/error\.h>'
}

banned() {
    words='strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|sscanf|system|alloca'
    grep -nE "(^|[^[:alnum:]_])($words) *\(" $sources
}

# Columns are characters: continuation bytes of UTF-8 do not count.
lengths() {
    awk '
        { gsub(/[\200-\277]/, "") }
        length > 90 { print FILENAME ":" FNR ": line over 90 columns" }
        FNR == 451 { print FILENAME ": over 450 lines" }
        FILENAME ~ /\.h$|\.sh$/ { next }
        FNR == 1 { start = 0 }
        /^{/ { start = FNR }
        /^}/ && start {
            if (FNR - start > 60)
                print FILENAME ":" start ": function over 60 lines"
            start = 0
        }' $sources $scripts Makefile
}

# What the shared library exports is what symbols.txt says, no more, no less.
symbols() {
    [ -f "$SO" ] || return 0
    case $SO in
    *.dylib) nm -gU "$SO" | awk '{print substr($3, 2)}' ;;
    *) nm -D --defined-only "$SO" | awk '{print $3}' ;;
    esac | sort >"$BUILD/symbols.txt"
    diff tests/support/symbols.txt "$BUILD/symbols.txt" | sed -n \
        -e 's/^< /in symbols.txt, not exported: /p' \
        -e 's/^> /exported, not in symbols.txt: /p'
}

format() {
    clang-format --dry-run $code 2>&1 | awk -F: '
        /warning:/ && !seen[$1]++ { print $1 ": other than `make format` would have it" }'
}

static_analysis() {
    cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability \
        --inline-suppr --suppressions-list=tests/support/cppcheck.txt --template=gcc \
        --cppcheck-build-dir="$BUILD/cppcheck" -j "$(getconf _NPROCESSORS_ONLN)" \
        -Iinclude -Isrc -Itests -D_POSIX_C_SOURCE=200809L -DHVS_VERSION='"0"' \
        -D__GNUC__ ${GSSAPI:-} $code
}

# Not: files that a script reads, functions that a trap or a wrapper calls or that need no
# argument, A && B || C.
shell_scripts() {
    shellcheck -e SC1091,SC2015,SC2119,SC2120,SC2317 $scripts
}

# Whether a page of another program is found depends on what is installed.
manuals() {
    mandoc -Tlint docs/*.[135] 2>&1 | grep -v ': referenced manual not found:'
}

check layers
check pretend_host
check banned
check lengths
check symbols
if command -v clang-format >/dev/null; then check format; fi
if command -v cppcheck >/dev/null; then
    mkdir -p "$BUILD/cppcheck"
    check static_analysis
fi
if command -v shellcheck >/dev/null; then check shell_scripts; fi
if command -v mandoc >/dev/null; then check manuals; fi
exit $bad
