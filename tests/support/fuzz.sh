#!/bin/sh
# Run every fuzz target in BUILD for FUZZ_TIME seconds, over inputs of up to 64 KB and
# with the words of its dictionary, if it has one; what it learns stays in BUILD.
# T=word: only those whose name holds that word.
set -eu
for target in "$BUILD"/tests/fuzz/fuzz_*.fuzz; do
    name=$(basename "$target" .fuzz)
    name=${name#fuzz_}
    case $name in
    *"${T:-}"*) ;;
    *) continue ;;
    esac
    mkdir -p "$BUILD/corpus/$name"
    log=$BUILD/$name.log
    words=tests/fuzz/$name.dict
    [ -f "$words" ] || words=
    if ! "$target" -max_total_time="$FUZZ_TIME" -timeout=10 -rss_limit_mb=1024 \
        -max_len=65536 ${words:+-dict="$words"} \
        -print_final_stats=1 -verbosity=0 -artifact_prefix="$BUILD/$name-" \
        "$BUILD/corpus/$name" "tests/fuzz/corpus/$name" >"$log" 2>&1; then
        cat "$log"
        exit 1
    fi
    sed -n "s/^stat::number_of_executed_units: */ok   $name: inputs tried: /p" "$log"
done
