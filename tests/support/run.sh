#!/bin/sh
# Run tests in parallel: run.sh TEST...
#
# A TEST is a cmocka program, a script (exit 77 skips it; its last line says why), or a
# fuzz target's .replay, which gets its corpus. Each has a TMPDIR of its own and finds
# BUILD, SRCDIR, HVSNAP and HVSIM in its environment. One line per test, the output of a
# failing one in full, and `N passed, N failed, N skipped` at the end: cmocka's tests
# count one by one, anything else as one.
#
#   BUILD   where the build is          T      only tests whose name holds this word
#   JOBS    how many at once            LIMIT  seconds that each may take
#   WRAP    a command that runs each program (valgrind)
#   PROGRAM what stands for hvsnap in scripts; BUILD/hvsnap unless said
set -u

self=$0

# base/test_buf for build/tests/base/test_buf, e2e/create.sh for tests/e2e/create.sh
name_of() {
    case $1 in
    */fuzz/*.replay) basename "$1" .replay | sed 's,^fuzz_,fuzz/,' ;;
    *) echo "$(basename "$(dirname "$1")")/${1##*/}" ;;
    esac
}

# The time limit ends the whole group, so a server that a script started ends too.
limited() {
    if command -v timeout >/dev/null; then
        timeout -k 5 "$LIMIT" "$@"
    else
        perl -e 'alarm shift; exec @ARGV' "$LIMIT" "$@"
    fi
}

# stdin: TAP and whatever else a test printed; stdout: `P F S`, then a line per skip
summary() {
    awk -v name="$1" -v rc="$2" '
        /^not ok [0-9]+ # SKIP / || /^ok [0-9]+ # SKIP / {
            sub(/^.*# SKIP /, "")
            skips[++skipped] = name ": " $0 (why != "" ? ": " why : "")
            why = ""
            next
        }
        /^ok [0-9]+ / { passed++; why = ""; next }
        /^not ok [0-9]+ / { failed++; why = ""; next }
        /^skip / { sub(/^skip /, ""); skips[++skipped] = name ": " $0; next }
        /^1\.\.[0-9]+$/ { planned += substr($0, 4); next }
        !/^(#|TAP|$)/ { why = $0 }
        END {
            if (rc == 77) {
                skips[++skipped] = name ": " (why != "" ? why : "said no reason")
            } else if (rc != 0) {
                if (failed == 0)
                    failed = 1
            } else if (passed + failed + skipped < planned) {
                failed++
            } else if (passed + failed == 0 && (skipped == 0 || name ~ /\.sh$/)) {
                passed = 1
            }
            print passed + 0, failed + 0, skipped + 0
            for (i = 1; i <= skipped; i++)
                print skips[i]
        }'
}

report() {
    passed=$1 failed=$2 skipped=$3
    if [ "$failed" -gt 0 ]; then
        why="exit status $rc"
        [ "$rc" = 124 ] && why="no end after $LIMIT s"
        [ "$rc" = 0 ] && why="failed, or ended early, and yet exit status 0"
        echo "FAIL $name: $why; its output:"
        sed 's/^/    /' "$results/$file.log"
    elif [ "$passed" -gt 0 ]; then
        [ "$passed" -eq 1 ] && count='' || count=" ($passed)"
        [ "$took" -lt 10 ] && slow='' || slow=", $took s"
        echo "ok   $name$count$slow"
    fi
    [ "$skipped" -eq 0 ] || sed '1d; s/^/skip /' "$results/$file"
}

one() {
    name=$(name_of "$1")
    file=$(echo "$name" | tr / _)
    TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/hvsnap-test.XXXXXX") || exit 1
    export TMPDIR
    case $1 in
    *.replay) set -- "$1" "$SRCDIR/tests/fuzz/corpus/${name#fuzz/}"/* ;;
    esac
    took=$(date +%s)
    case $1 in
    *.sh) limited "$@" ;;
    *) limited ${WRAP:+"$WRAP"} "$@" ;;
    esac </dev/null >"$results/$file.log" 2>&1
    rc=$?
    took=$(($(date +%s) - took))
    rm -rf "$TMPDIR"
    summary "$name" $rc <"$results/$file.log" >"$results/$file"
    # One report at a time, or the output of two would mix.
    until mkdir "$results/lock" 2>/dev/null; do sleep 0.02; done
    # shellcheck disable=SC2046 # three numbers
    report $(sed -n 1p "$results/$file")
    rmdir "$results/lock"
}

if [ "$1" = --one ]; then
    one "$2"
    exit 0
fi

SRCDIR=$(cd "$(dirname "$self")/../.." && pwd)
mkdir -p "$BUILD"
BUILD=$(cd "$BUILD" && pwd)
HVSNAP=${PROGRAM:-$BUILD/hvsnap}
HVSIM=$BUILD/hvsim
LIMIT=${LIMIT:-240}
results=$BUILD/test-results
export SRCDIR BUILD HVSNAP HVSIM LIMIT results CMOCKA_MESSAGE_OUTPUT=TAP
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
# Only a slow look at the stack tells whose a leak is.
export ASAN_OPTIONS="${ASAN_OPTIONS:-fast_unwind_on_malloc=0}"
export LSAN_OPTIONS="suppressions=$SRCDIR/tests/support/lsan.txt:print_suppressions=0"
rm -rf "$results"
mkdir -p "$results"

# Nothing of the user's own may decide how a test ends.
unset HVSNAP_HOST HVSNAP_USER HVSNAP_PASSWORD_FILE HVSNAP_INVENTORY HVSNAP_CONFIG
unset NO_COLOR KRB5_CONFIG KRB5CCNAME KRB5_KTNAME KRB5_CLIENT_KTNAME NTLM_USER_FILE
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
export LC_ALL=C

for test; do
    case $(name_of "$test") in
    *"${T:-}"*) if [ -x "$test" ]; then echo "$test"; fi ;;
    esac
done | xargs -P "${JOBS:-$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)}" -n 1 \
    "$self" --one

find "$results" -type f ! -name '*.log' -exec sed -n 1p {} \; | awk '
    { passed += $1; failed += $2; skipped += $3 }
    END {
        printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
        exit failed > 0 || passed + skipped == 0
    }'
