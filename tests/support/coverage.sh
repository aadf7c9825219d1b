#!/bin/sh
# The line coverage of each source file, after the tests of a build with --coverage.
set -eu
cd "$BUILD"
find src -name '*.gcda' | sort | xargs gcov -n 2>/dev/null | awk -F"['%:]" '
    /^File .src/ { file = $2 }
    /^Lines/ && file {
        percent = $2
        count = $0
        sub(/.* of /, "", count)
        printf "%6.1f%% of %5d  %s\n", percent, count, file
        lines += count
        covered += count * percent / 100
        file = ""
    }
    END { if (lines) printf "%6.1f%% of %5d  in all\n", 100 * covered / lines, lines }'
