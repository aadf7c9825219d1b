#!/bin/sh
# The line coverage of each source file, after the tests of a build with --coverage, and
# which lines of it no test comes by.
set -eu
find "$BUILD/src" -name '*.gcda' | sort | xargs gcov -t 2>/dev/null | awk -F: '
    function range() {
        if (from)
            missing = missing " " (from == to ? from : from "-" to)
        from = 0
    }
    function told() {
        range()
        if (file && count)
            printf "%6.1f%% of %5d  %s%s\n", 100 * (count - bad) / count, count, file,
                missing ? ":" missing : ""
        lines += count
        covered += count - bad
        file = missing = ""
        count = bad = 0
    }
    $3 == "Source" {
        told()
        if ($4 ~ /^src\//)
            file = $4
        next
    }
    !file || $1 ~ /-$/ { next }
    { count++ }
    $1 ~ /#####|=====/ {
        bad++
        if (!from)
            from = $2 + 0
        to = $2 + 0
        next
    }
    { range() }
    END {
        told()
        if (lines)
            printf "%6.1f%% of %5d  in all\n", 100 * covered / lines, lines
    }'
