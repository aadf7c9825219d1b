#!/bin/sh
# How many lines of each parser that `parsers` names the kept corpora come by, of a build
# with --coverage in BUILD. Fails where it is fewer than nine of ten, or none is known.
set -eu

for target in "$BUILD"/tests/fuzz/fuzz_*.replay; do
    name=$(basename "$target" .replay)
    "$target" tests/fuzz/corpus/"${name#fuzz_}"/*
done

# Each line of `parsers`, then what gcov says of the functions of its file.
grep -v '^#' tests/fuzz/parsers | while read -r file rest; do
    echo "parser $file $rest"
    gcov -n -f "$BUILD/src/${file#+}.gcno" 2>/dev/null |
        sed -n "/^File/q; s/^Function '\(.*\)'/function \1/p; s/^Lines executed/lines/p"
done | awk '
    function told() {
        if (!parser)
            return
        few = !lines || run < 0.9 * lines
        failed = failed || few
        printf "%s %s: %d of %d lines%s%s\n", few ? "fail" : "ok  ", parser, run, lines,
            missing ? "; not the whole of" : "", missing
    }
    # a name that `parsers` has and the file has not
    function check_names(name) {
        for (name in named)
            if (!(name in known)) {
                printf "fail %s: there is no function %s\n", file, name
                failed = 1
            }
        split("", named)
        split("", known)
    }
    $1 == "parser" {
        check_names()
        file = $2
        how = $3
        for (i = 4; i <= NF; i++)
            named[$i] = 1
        if (sub(/^\+/, "", file)) {
            parser = parser " + " file
            next
        }
        told()
        parser = file
        lines = run = 0
        missing = ""
    }
    $1 == "function" { name = $2 }
    # libcurl checks the types of its options by functions that never run
    /^lines/ && name && name !~ /^_curl_/ {
        known[name] = 1
        if (!how || (how == "only") == (name in named)) {
            split($0, word, /[:%]/)
            lines += $NF
            run += int($NF * word[2] / 100 + 0.5)
            if (word[2] < 100)
                missing = missing " " name
        }
        name = ""
    }
    END {
        check_names()
        told()
        exit failed || !parser
    }'
