# shellcheck shell=sh disable=SC1091,SC2034
# For end-to-end scripts: a pretend host, the program, and what must be true of them.
#
#     . "$SRCDIR/tests/support/lib.sh"
#     start_hvsim
#     begin "create names the snapshot"
#     hvsnap create web1 --name before
#     expect_status 0
#     expect_out before
#     finish
#
# Every script has a TMPDIR of its own, which the runner removes, and ends its servers
# by itself. Each `begin` is one test; skip_all and skip say why.

set -u
TESTS=0 FAILED=0 CASE='' NOTES='' SKIP=''
SIM_PID='' SIM_AUTH=basic TOOL_PID=''
USER_NAME='HVTEST\hvuser' PASSWORD='Passw0rd!'
PASSWORD_FILE=$TMPDIR/password
(umask 077 && printf '%s\n' "$PASSWORD" >"$PASSWORD_FILE")

cleanup() {
    rc=$?
    stop_hvsim
    stop_tool
    [ -z "${KDC_DIR:-}" ] || "$SRCDIR/tests/support/kdc.sh" stop "$KDC_DIR"
    [ -z "${HTTPD_DIR:-}" ] || "$SRCDIR/tests/support/httpd.sh" stop "$HTTPD_DIR"
    [ "$FAILED" -eq 0 ] || [ "$rc" -ne 0 ] || rc=1
    exit "$rc"
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

# --- the tests of a script

end_case() {
    [ -n "$CASE" ] || return 0
    TESTS=$((TESTS + 1))
    if [ -n "$NOTES" ]; then
        FAILED=$((FAILED + 1))
        printf 'not ok %d - %s\n%s' "$TESTS" "$CASE" "$NOTES"
    elif [ -n "$SKIP" ]; then
        printf '%s\nok %d # SKIP %s\n' "$SKIP" "$TESTS" "$CASE"
    else
        printf 'ok %d - %s\n' "$TESTS" "$CASE"
    fi
    CASE='' NOTES='' SKIP=''
}

begin() {
    end_case
    CASE=$1
}

# Not now, and why: the case counts as skipped.
skip() {
    SKIP=$1
}

skip_all() {
    echo "$1"
    exit 77
}

# The case fails; the lines say why.
fail() {
    NOTES="$NOTES$(printf '%s\n' "$@" | sed 's/^/# /')
"
}

finish() {
    end_case
    [ "$FAILED" -eq 0 ]
    exit
}

# --- running things: the status is in $status, the texts in $TMPDIR/out and err

run() {
    COMMAND=$*
    status=0
    "$@" </dev/null >"$TMPDIR/out" 2>"$TMPDIR/err" || status=$?
}

# hvsnap at the pretend host, logged in as $USER_NAME by $SIM_AUTH.
hvsnap() {
    run "$HVSNAP" "$@" -H "$URL" --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
        --ca-file "$CA" --auth "$SIM_AUTH"
}

show_run() {
    fail "$1" "  of: $COMMAND" "  status: $status" "$(sed 's/^/  out: /' "$TMPDIR/out")" \
        "$(sed 's/^/  err: /' "$TMPDIR/err")"
}

expect_status() {
    [ "$status" -eq "$1" ] || show_run "expected exit status $1"
}

expect_out() {
    grep -qF -- "$1" "$TMPDIR/out" || show_run "expected on stdout: $1"
}

expect_err() {
    grep -qF -- "$1" "$TMPDIR/err" || show_run "expected on stderr: $1"
}

refute_out() {
    ! grep -qF -- "$1" "$TMPDIR/out" || show_run "not expected on stdout: $1"
}

refute_err() {
    ! grep -qF -- "$1" "$TMPDIR/err" || show_run "not expected on stderr: $1"
}

# expect_equal WHAT GOT WANTED
expect_equal() {
    [ "$2" = "$3" ] || fail "$1: got '$2', expected '$3'"
}

# json PATH [FILE]: one value of a JSON file (of stdout, unless named).
# hosts.0.vms.name=web1.snapshots.# counts web1's snapshots.
json() {
    "$BUILD/tests/tools/json" "$1" "${2:-$TMPDIR/out}"
}

# expect_state PATH VALUE: what is really there, as hvsim knows it.
expect_state() {
    found=$(json "$1" "$STATE" 2>&1)
    expect_equal "state $1" "$found" "$2"
}

now_ms() {
    date +%s%3N
}

# in_time TOOK DEADLINE: 250 ms later at the most, but for what it takes to start a
# program on a machine that is as busy as it is now.
in_time() {
    began=$(now_ms)
    "$HVSNAP" --version >"$TMPDIR/version"
    start=$(($(now_ms) - began))
    [ "$1" -lt $(($2 + 250 + start)) ] ||
        show_run "it took $1 ms of $2, and $start to start"
}

# wait_until SECONDS COMMAND...: polls; 1 when the time is up.
wait_until() {
    tries=$(($1 * 50))
    shift
    until "$@"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.02
    done
}

# --- the pretend host

sim_is_ready() {
    grep -q '^ready ' "$TMPDIR/hvsim.out" || ! kill -0 "$SIM_PID" 2>/dev/null
}

# start_hvsim [ARGUMENT...] sets URL (the first of URLS), CA, STATE and SIM_LOG.
start_hvsim() {
    stop_hvsim
    CA=$TMPDIR/hvsim-ca.pem STATE=$TMPDIR/hvsim-state.json SIM_LOG=$TMPDIR/hvsim.log
    : >"$TMPDIR/hvsim.out" # it may be looked at before hvsim has made it
    "$HVSIM" --ca-out "$CA" --state "$STATE" --log "$@" \
        </dev/null >"$TMPDIR/hvsim.out" 2>"$SIM_LOG" &
    SIM_PID=$!
    if ! wait_until 20 sim_is_ready || ! grep -q '^ready ' "$TMPDIR/hvsim.out"; then
        echo "hvsim $* is not ready:"
        cat "$TMPDIR/hvsim.out" "$SIM_LOG"
        exit 1
    fi
    URLS=$(sed -n 's/^ready //p' "$TMPDIR/hvsim.out")
    URL=${URLS%% *}
}

# Sets SIM_STATUS, which a sanitizer's complaint would make other than 0.
stop_hvsim() {
    [ -n "$SIM_PID" ] || return 0
    kill "$SIM_PID" 2>/dev/null
    SIM_STATUS=0
    wait "$SIM_PID" || SIM_STATUS=$?
    SIM_PID=
    [ "$SIM_STATUS" -eq 0 ] && return 0
    echo "hvsim ended with status $SIM_STATUS:"
    tail -n 40 "$SIM_LOG"
    FAILED=$((FAILED + 1))
}

# --- the other servers

port_is_known() {
    [ -s "$TMPDIR/port" ]
}

# start_tool NAME ARGUMENT...: a server of tests/tools; its port is in $TMPDIR/port.
start_tool() {
    stop_tool
    rm -f "$TMPDIR/port"
    tool=$1
    shift
    "$BUILD/tests/tools/$tool" "$TMPDIR/port" "$@" </dev/null &
    TOOL_PID=$!
    wait_until 10 port_is_known || fail "$tool does not start"
}

stop_tool() {
    [ -n "$TOOL_PID" ] || return 0
    kill "$TOOL_PID" 2>/dev/null
    wait "$TOOL_PID" 2>/dev/null
    TOOL_PID=
}

# Under the address sanitizer, what gss-ntlmssp forgets is known by its stack (lsan.txt),
# and a whole stack costs time: a script without such a login does with the short one.
export ASAN_OPTIONS=fast_unwind_on_malloc=1

# Such a program has terabytes of memory, and its freed memory lives on.
is_sanitized() {
    nm "$HVSNAP" 2>/dev/null | grep -q __asan_init
}

whole_stacks() {
    ASAN_OPTIONS=fast_unwind_on_malloc=0
}

# Real NTLM needs gss-ntlmssp on hvsim's side.
have_ntlm() {
    whole_stacks
    for mech in /etc/gss/mech.d/*ntlmssp* /usr/etc/gss/mech.d/*ntlmssp* \
        /usr/local/etc/gss/mech.d/*ntlmssp*; do
        [ -f "$mech" ] && return 0
    done
    return 1
}

# Skips the script when there is no KDC. Sets the environment that Kerberos needs.
start_kdc() {
    whole_stacks
    KDC_DIR=$TMPDIR/kdc
    "$SRCDIR/tests/support/kdc.sh" start "$KDC_DIR" >"$TMPDIR/kdc.env" \
        2>"$TMPDIR/kdc.err" ||
        skip_all "$(cat "$TMPDIR/kdc.err")"
    . "$TMPDIR/kdc.env"
}

# A ticket for hvuser in the cache that KRB5CCNAME names.
kinit_user() {
    kinit -k -t "$KDC_DIR/user.keytab" hvuser >"$TMPDIR/kinit.out" 2>&1 ||
        skip_all "no ticket: $(cat "$TMPDIR/kinit.out")"
}

# After start_kdc. Skips the script when there is no Apache with mod_auth_gssapi.
start_httpd() {
    HTTPD_DIR=$TMPDIR/httpd
    "$SRCDIR/tests/support/httpd.sh" start "$HTTPD_DIR" >"$TMPDIR/httpd.env" \
        2>"$TMPDIR/httpd.err" || skip_all "$(cat "$TMPDIR/httpd.err")"
    . "$TMPDIR/httpd.env"
}
