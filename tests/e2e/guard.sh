#!/bin/sh
# guard: a command under the cover of a snapshot, and what its end decides.
# shellcheck disable=SC2016 # the shells that guard runs expand it
. "$SRCDIR/tests/support/lib.sh"

cat >"$TMPDIR/quick.json" <<'EOF'
{"accounts": [
  {"domain": "HVTEST", "user": "hvuser", "password": "Passw0rd!"},
  {"domain": "HVTEST", "user": "other", "password": "Passw0rd!"}],
 "hosts": [{"name": "HV01", "duration_ms": 0, "vms": [
  {"name": "web1"}, {"name": "archive", "state": "off"},
  {"name": "slow", "state": "off", "duration_ms": 1500}]}]}
EOF
SIM_AUTH=basic
start_hvsim --scenario "$TMPDIR/quick.json"
own() { # lib.sh's hvsnap() puts options last, where the command stands here
    verb=$1
    shift
    run "$HVSNAP" "$verb" -H "$URL" --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
        --ca-file "$CA" --auth "$SIM_AUTH" "$@"
}
count() {
    json hosts.0.vms.name=archive.snapshots.# "$STATE"
}
parent() {
    json hosts.0.vms.name=archive.parent "$STATE"
}
before=$(count)

begin "the command's output and status are guard's, and the snapshot stays"
own guard archive -- sh -c 'echo out; echo err >&2; exit 3'
expect_status 3
expect_equal stdout "$(cat "$TMPDIR/out")" out
expect_err "the snapshot stays"
expect_equal snapshots "$(count)" $((before + 1))

begin "the command's arguments are its own, wherever options stand"
own guard --on-success delete archive -n args -- sh -c 'echo "$@"' sh -q -- archive x
expect_status 0
expect_equal arguments "$(cat "$TMPDIR/out")" "-q -- archive x"

begin "success, and the snapshot is deleted"
own guard archive --on-success delete -- true
expect_status 0
expect_equal snapshots "$(count)" $((before + 1))

begin "failure, and the VM is restored"
own guard archive --on-failure restore -n covered -- sh -c 'exit 7'
expect_status 7
expect_err "ended with status 7; going back to the snapshot"
expect_err "/archive: the snapshot is restored"
covered=$(json hosts.0.vms.name=archive.snapshots.name=covered.id "$STATE")
expect_equal "where it stands" "$(parent)" "$covered"
jobs=$(grep -c '"type": 71' "$STATE")
[ "$jobs" -gt 0 ] || grep -q '"type":71' "$STATE" || fail "nothing was applied"

begin "a command that outlasts --timeout: the way back has its time all the same"
own guard archive --on-failure restore -n late --timeout 3s -- sh -c 'sleep 3; exit 1'
expect_status 1
expect_err "the snapshot is restored"
late=$(json hosts.0.vms.name=archive.snapshots.name=late.id "$STATE")
expect_equal "where it stands" "$(parent)" "$late"

begin "success, and the VM is restored"
own guard archive --on-success restore -n tried -o json -- true
expect_status 0
expect_err "the snapshot is restored"
expect_equal after "$(json results.0.after)" restored
tried=$(json hosts.0.vms.name=archive.snapshots.name=tried.id "$STATE")
expect_equal "where it stands" "$(parent)" "$tried"

begin "failure, and the snapshot is deleted"
before=$(count)
own guard archive --on-failure delete -o json -- false
expect_status 1
expect_err "ended with status 1; deleting the snapshot"
expect_err "/archive: the snapshot is deleted"
expect_equal after "$(json results.0.after)" deleted
expect_equal snapshots "$(count)" "$before"

begin "a VM that runs is turned off for it, and runs again"
own guard web1 --on-failure restore -- false
expect_status 1
expect_state hosts.0.vms.name=web1.state 2

begin "a command that is not there restores nothing"
own guard archive --on-failure restore -- /nonexistent/command
expect_status 127
expect_err "the snapshot stays"

begin "one that cannot be run does not, either"
own guard archive --on-failure restore -- /
expect_status 126
expect_err "the snapshot stays"

begin "no snapshot, no command"
own guard nowhere -- touch "$TMPDIR/ran"
expect_status 125
expect_err "the command was not run"
[ ! -e "$TMPDIR/ran" ] || fail "it was run"

begin "usage"
own guard archive
expect_status 125
expect_err "which command?"

begin "no variable and no descriptor of ours"
HVSNAP_LANGUAGE=de-DE own guard archive --on-success delete -- \
    sh -c 'env; ls -l /proc/self/fd 2>/dev/null | grep -v "/proc/" || :'
expect_status 0
refute_out HVSNAP_
refute_out socket:

# What of the password the command can get at; each way of giving it has another.
look='cat /proc/self/fd/3 /proc/self/fd/0 /dev/fd/3 2>/dev/null
    cat "${CREDENTIALS_DIRECTORY:-/nowhere}"/* 2>/dev/null
    echo "looked in ${CREDENTIALS_DIRECTORY:-nowhere}"'
mkdir "$TMPDIR/credentials"
cp "$PASSWORD_FILE" "$TMPDIR/credentials/hvsnap.password"
(umask 077 && echo "proxy:$PASSWORD" >"$TMPDIR/proxy-user")

begin "what a command could get at, handed on by a shell"
CREDENTIALS_DIRECTORY=$TMPDIR/credentials run sh -c "$look" 3<"$TMPDIR/proxy-user"
expect_out "proxy:$PASSWORD"
expect_equal "how often" "$(grep -cF "$PASSWORD" "$TMPDIR/out")" 3
expect_out "looked in $TMPDIR/credentials"

# keeps_back WHAT ARGUMENT...: guard's options, with the password as descriptor 3.
keeps_back() {
    begin "the command cannot read the password: $1"
    shift
    run "$HVSNAP" guard archive -H "$URL" --user "$USER_NAME" --ca-file "$CA" \
        --auth "$SIM_AUTH" --on-success delete "$@" -- sh -c "$look" 3<"$PASSWORD_FILE"
    expect_status 0
    expect_out "looked in "
    refute_out "$PASSWORD"
}
keeps_back --password-fd --password-fd 3
keeps_back /dev/fd --password-file /dev/fd/3
keeps_back /proc/self/fd --password-file /proc/self/fd/3
export HVSNAP_PASSWORD_FILE=/dev/fd/3
keeps_back HVSNAP_PASSWORD_FILE
unset HVSNAP_PASSWORD_FILE
mkdir -p "$TMPDIR/xdg/hvsnap"
printf '[default]\npassword-file = /dev/fd/3\n' >"$TMPDIR/xdg/hvsnap/config"
export XDG_CONFIG_HOME="$TMPDIR/xdg"
keeps_back "the configuration"
unset XDG_CONFIG_HOME
keeps_back "the proxy's" --password-file "$PASSWORD_FILE" --proxy-user-file /dev/fd/3
keeps_back "a key that is not used" --password-file "$PASSWORD_FILE" --key /dev/fd/3

begin "the command cannot read the password: CREDENTIALS_DIRECTORY"
export CREDENTIALS_DIRECTORY="$TMPDIR/credentials"
run "$HVSNAP" guard archive -H "$URL" --user "$USER_NAME" --ca-file "$CA" \
    --auth "$SIM_AUTH" --on-success delete -- sh -c "$look"
expect_status 0
expect_out "looked in nowhere"
refute_out "$PASSWORD"

begin "credentials that are not ours are the command's"
own guard archive --on-success delete -- sh -c "$look"
expect_status 0
expect_out "looked in $TMPDIR/credentials"
unset CREDENTIALS_DIRECTORY

begin "a file on standard input is kept back, what follows in a pipe is not"
from_stdin() { # and what the command looks with
    COMMAND="guard --password-fd 0" status=0
    "$HVSNAP" guard archive -H "$URL" --user "$USER_NAME" --ca-file "$CA" \
        --auth "$SIM_AUTH" --on-success delete --password-fd 0 -- \
        sh -c "$1" >"$TMPDIR/out" 2>"$TMPDIR/err" || status=$?
    expect_status 0
}
from_stdin 'cat; cat /proc/self/fd/0' <"$PASSWORD_FILE"
refute_out "$PASSWORD"
printf '%s\nnext\n' "$PASSWORD" >"$TMPDIR/lines"
mkfifo "$TMPDIR/pipe"
cat "$TMPDIR/lines" >"$TMPDIR/pipe" &
from_stdin cat <"$TMPDIR/pipe"
expect_equal stdout "$(cat "$TMPDIR/out")" next
refute_out "$PASSWORD"

begin "the command runs as it would by itself"
core='ulimit -c; ulimit -Hc'
! is_sanitized || core=: # the address sanitizer lowers it before main()
as_it_is='umask; '$core'; ulimit -n; echo "$SSLKEYLOGFILE"
    grep "^Sig[IBC]" /proc/self/status 2>/dev/null || :'
cat >"$TMPDIR/alike" <<EOF
umask 027
ulimit -Sc 7 2>/dev/null || :
SSLKEYLOGFILE=$TMPDIR/keys
export SSLKEYLOGFILE
trap '' USR1 HUP
"\$@"
EOF
run sh "$TMPDIR/alike" sh -c "$as_it_is"
cp "$TMPDIR/out" "$TMPDIR/alone"
run sh "$TMPDIR/alike" "$HVSNAP" guard -H "$URL" --user "$USER_NAME" --auth "$SIM_AUTH" \
    --password-file "$PASSWORD_FILE" --ca-file "$CA" archive --on-success delete -- \
    sh -c "$as_it_is"
expect_status 0
expect_equal "what it has" "$(cat "$TMPDIR/out")" "$(cat "$TMPDIR/alone")"

# stopped_by SIGNAL STATUS: while its command runs
stopped_by() {
    begin "SIG$1 to guard ends the command, and restores nothing"
    : >"$TMPDIR/out"
    "$HVSNAP" guard -H "$URL" --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
        --ca-file "$CA" --auth "$SIM_AUTH" archive --on-failure restore -- \
        sh -c 'echo started; exec sleep 60' >"$TMPDIR/out" 2>"$TMPDIR/err" &
    pid=$!
    COMMAND="guard, and kill -$1" status=0
    wait_until 20 grep -q started "$TMPDIR/out" || show_run "not started"
    kill "-$1" "$pid"
    wait "$pid" || status=$?
    expect_status "$2"
    expect_err "the snapshot stays"
}
stopped_by TERM 143
stopped_by HUP 129

# --- the VM is busy

# Have somebody else take a snapshot of it; the words of a command.
cat >"$TMPDIR/other" <<EOF
exec "$HVSNAP" create "\$1" --detach -H "\$URL" --user 'HVTEST\\other' --auth basic \\
    --ca-file "$CA" --password-file "$PASSWORD_FILE" >"$TMPDIR/other.out" 2>&1
EOF
export URL

begin "the way back waits in turn, unasked"
own guard slow --on-failure restore -n mine -- \
    sh -c 'sh "$0" slow; exit 5' "$TMPDIR/other"
expect_status 5
expect_err "waits in turn: the VM is off, and under way is: snapshot"
expect_err "the snapshot is restored"
mine=$(json hosts.0.vms.name=slow.snapshots.name=mine.id "$STATE")
expect_equal "where it stands" "$(json hosts.0.vms.name=slow.parent "$STATE")" "$mine"

begin "so does the deletion"
own guard slow --on-success delete -n gone -- sh "$TMPDIR/other" slow
expect_status 0
expect_err "waits in turn: "
expect_err "the snapshot is deleted"

begin "before the snapshot it waits where that was asked for"
run sh "$TMPDIR/other" slow
own guard slow -- touch "$TMPDIR/ran"
expect_status 125
expect_err "the command was not run: "
expect_err "--wait-busy 5m waits in turn"
own guard slow --wait-busy 2m -- echo ran
expect_status 0
expect_out ran
expect_err "waits in turn: "

begin "the way back waits no longer than its time"
start_hvsim --scenario "$TMPDIR/quick.json" --fault 'CreateSnapshot#2:job-stuck=40'
own guard archive --on-failure restore --timeout 4s -o json -- \
    sh -c 'sh "$0" archive; exit 5' "$TMPDIR/other"
expect_status 125
expect_err "not restored: "
expect_err "; still so at try "
expect_err "; hvsnap restore '"
expect_equal class "$(json error.class)" busy
expect_equal status "$(json results.0.status)" 5

begin "a signal ends the waiting, and nothing is restored"
start_hvsim --scenario "$TMPDIR/quick.json" --fault 'CreateSnapshot#2:job-stuck=40'
: >"$TMPDIR/err" # it is looked at before the program has it
"$HVSNAP" guard -H "$URL" --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
    --ca-file "$CA" --auth "$SIM_AUTH" archive --on-failure restore -- \
    sh -c 'sh "$0" archive; exit 5' "$TMPDIR/other" >"$TMPDIR/out" 2>"$TMPDIR/err" &
pid=$!
COMMAND="guard, and kill -TERM" status=0
wait_until 20 grep -q 'waits in turn' "$TMPDIR/err" || show_run "it does not wait"
kill -TERM "$pid"
wait "$pid" || status=$?
expect_status 143
expect_err "not restored: "
expect_err "hint: hvsnap restore '"

# --- the way back fails

# back FAULT STATUS-CLASS TEXT AFTER OPTION...: the command fails, and this comes of it
back() {
    begin "$1: $3"
    start_hvsim --scenario "$TMPDIR/quick.json" --fault "$1"
    fault_class=$2 text=$3 after=$4
    shift 4
    own guard -o json "$@" -- false
    expect_status 125
    expect_err "$text"
    refute_err "is restored"
    refute_err "is deleted"
    expect_equal after "$(json results.0.after)" "$after"
    expect_equal status "$(json results.0.status)" 1
    expect_equal class "$(json error.class)" "$fault_class"
}

# by_hand OPTION...: the command of the hint, as it stands, does what was not done
by_hand() {
    typed=$(sed -n 's/^hint: .*\(hvsnap \(restore\|delete\) .*\)/\1/p;
        s/^hint: \(hvsnap .*\)/\1/p' "$TMPDIR/err" | head -n 1)
    eval "run \"\$HVSNAP\" ${typed#hvsnap }"' --user "$USER_NAME" --ca-file "$CA" \
        --auth "$SIM_AUTH" --password-file "$PASSWORD_FILE" "$@"'
    expect_status 0
}

back ApplySnapshot:return=32769 auth "not restored: " kept archive --on-failure restore
by_hand --yes
expect_equal "where it stands" "$(parent)" \
    "$(json hosts.0.vms.name=archive.snapshots.0.id "$STATE")"

back ApplySnapshot:job-fail=32768 job "not restored, and the VM was turned off for it: " \
    kept web1 --on-failure restore
expect_state hosts.0.vms.name=web1.state 3
expect_err " --force-off --start"
by_hand --yes
expect_state hosts.0.vms.name=web1.state 2

back ApplySnapshot:job-stuck=40 deadline "perhaps not restored: " unknown archive \
    --on-failure restore --timeout 3s
expect_err "look with hvsnap list"

back DestroySnapshot:return=32769 auth "not deleted: " kept archive --on-failure delete
by_hand
expect_equal snapshots "$(count)" 0

back DestroySnapshot:job-fail=32768 job "not deleted: " kept archive --on-failure delete

back "RequestStateChange#2:return=32769" auth "restored, but the VM was not started" \
    restored web1 --on-failure restore
refute_err "not restored"

begin "a VM that was turned off for it goes back when the host has room again"
start_hvsim --scenario "$TMPDIR/quick.json" --fault 'ApplySnapshot#1:fault=0x803381A6'
own guard web1 --on-failure restore --retries 0 -- false
expect_status 1
expect_err "waits in turn: "
expect_err "the snapshot is restored"
expect_state hosts.0.vms.name=web1.state 2

begin "as JSON, without a snapshot"
own guard nothing -o json -- true
expect_status 125
expect_equal after "$(json results.0.after)" null
expect_equal snapshot "$(json results.0.snapshot)" null
expect_equal class "$(json error.class)" not-found

begin "as JSON"
own guard archive -o json -- true
expect_status 0
expect_equal status "$(json results.0.status)" 0
expect_equal after "$(json results.0.after)" kept

finish
