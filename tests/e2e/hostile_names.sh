#!/bin/sh
# Names that would drive a terminal, of VMs and snapshots: whatever prints them, and
# whether it goes well or not, the terminal gets none of it.
. "$SRCDIR/tests/support/lib.sh"

# What clears the screen, by a control of C1 (XML holds none of C0), what turns the text,
# and what cannot be seen.
C1=$(printf '\302\233') RLO=$(printf '\342\200\256') ZWSP=$(printf '\342\200\213')
PDI=$(printf '\342\201\251')
BAD="v${C1}2J${RLO}gpj${ZWSP}${PDI}"
# what comes out of it
SHOWN='v\u{9B}2J\u{202E}gpj\u{200B}\u{2069}'
ID=00000000-0000-4000-8000-00000000000A

cat >"$TMPDIR/scenario.json" <<JSON
{"accounts": [{"domain": "HVTEST", "user": "hvuser", "password": "Passw0rd!"}],
 "hosts": [{"name": "HV01", "duration_ms": 100, "vms": [
   {"name": "web1", "state": "off", "snapshots": [{"name": "s$BAD", "id": "$ID"},
     {"name": "s$BAD"}]},
   {"name": "$BAD", "state": "off", "snapshots": [{"name": "t$BAD"}]},
   {"name": "${BAD}2", "state": "off"}]}]}
JSON
start_hvsim --scenario "$TMPDIR/scenario.json" --fault 'CreateSnapshot#2:job-fail=32768' \
    --fault 'DestroySnapshot:return=32769'
export LC_ALL=C.UTF-8

# harmless FILE: it has no character that drives a terminal, but for our own lines' ends.
harmless() {
    ! LC_ALL=C grep -aqE "$C1|$RLO|$ZWSP|$PDI" "$1" || show_run "the name was sent: $1"
    ! tr -d '\n' <"$1" | LC_ALL=C grep -aq '[[:cntrl:]]' || show_run "a control: $1"
}

begin "a name that is sent would be noticed"
printf '%s\n' "$BAD" >"$TMPDIR/out"
COMMAND=none status=0 NOTES=''
: >"$TMPDIR/err"
harmless "$TMPDIR/out"
[ -n "$NOTES" ] || MISSED=yes
NOTES=''
[ -z "${MISSED:-}" ] || fail "it was not"

shown() {
    "expect_$1" "$SHOWN"
    harmless "$TMPDIR/out"
    harmless "$TMPDIR/err"
}

# shows LABEL STATUS out|err COMMAND...
shows() {
    begin "no name drives the terminal: $1"
    wanted=$2 where=$3
    shift 3
    hvsnap "$@"
    expect_status "$wanted"
    shown "$where"
}
shows list 0 out list
shows "list -o wide" 0 out list -o wide
shows "list --tree" 0 out list --tree
shows vms 0 out vms
shows show 0 out show web1 $ID
shows "a name that fits several" 6 err show web1 "s$BAD"
shows "a snapshot that is not there" 5 err show web1 "x$BAD"
shows "a VM that is not there" 5 err list "no$BAD"
shows "progress in lines" 0 err create "$BAD" --name "n$BAD"
shows "a job that fails" 10 err create "$BAD" --name "m$BAD"
shows "a refusal, and its hint" 4 err delete "$BAD" "t$BAD"
shows "prune, what would be done" 0 out prune "$BAD" --keep-last 1 --dry-run
shows "a host's name" 2 err doctor "$BAD"
shows "a restored snapshot" 0 err restore web1 $ID --yes

begin "no name drives the terminal: a trace"
hvsnap list --trace
expect_status 0
harmless "$TMPDIR/err"

begin "no name drives the terminal: doctor"
hvsnap doctor --all
expect_status 0
harmless "$TMPDIR/out"
harmless "$TMPDIR/err"

# shellcheck disable=SC2317
gone() {
    ! kill -TERM "$pid" 2>/dev/null
}

begin "no name drives the terminal: last words after two signals"
start_hvsim --scenario "$TMPDIR/scenario.json" --fault 'CreateSnapshot:job-stuck'
"$HVSNAP" create -H "$URL" "$BAD" --checkpoint standard --user "$USER_NAME" --auth basic \
    --password-file "$PASSWORD_FILE" --ca-file "$CA" >"$TMPDIR/out" 2>"$TMPDIR/err" &
pid=$!
COMMAND="create, and kill -TERM twice" status=0
wait_until 20 grep -q 'the host works' "$TMPDIR/err" || show_run "no progress"
wait_until 20 gone || show_run "still there"
wait $pid || status=$?
expect_status 143
expect_err "to be put back by hand, on the host:"
shown err

# On a real terminal; util-linux's script, others take their arguments otherwise.
script --version 2>/dev/null | grep -q util-linux || finish

# on_terminal STATUS COMMAND...: with "no" as an answer; our own sequences are taken away
on_terminal() {
    wanted=$1
    shift
    COMMAND="$* on a terminal" status=0
    cat >"$TMPDIR/typed" <<END
exec env TERM=xterm "$HVSNAP" $1 -H "$URL" "\$BAD" $2 --user '$USER_NAME' --auth basic \\
    --password-file "$PASSWORD_FILE" --ca-file "$CA"
END
    export BAD
    echo n | script -qec "sh $TMPDIR/typed" "$TMPDIR/typescript" >"$TMPDIR/raw" \
        2>"$TMPDIR/err" || status=$?
    sed "s/$(printf '\033')\\[K//g" "$TMPDIR/raw" | tr -d '\r' >"$TMPDIR/out"
    expect_status "$wanted"
    shown out
}

begin "no name drives the terminal: progress in one line"
start_hvsim --scenario "$TMPDIR/scenario.json"
on_terminal 0 create "--name x"

begin "no name drives the terminal: a question"
on_terminal 11 restore "\"t\$BAD\""
expect_out "shall it be done?"
finish
