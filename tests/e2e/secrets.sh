#!/bin/sh
# A password, and what is made of it, stays where it must be: it is in nothing that any
# command prints or writes, in no argument and no environment, and while a job is followed
# the memory of the program holds no more of it than the way to log in needs.
. "$SRCDIR/tests/support/lib.sh"

PASSWORD='Kühl3r-Gänsefuß~41'
printf '%s\n' "$PASSWORD" >"$PASSWORD_FILE"
echo 'Wr0ng-Gänsefuß~42' >"$TMPDIR/other"
chmod 600 "$TMPDIR/other"
SAID=$TMPDIR/said

cat >"$TMPDIR/scenario.json" <<JSON
{"accounts": [{"domain": "HVTEST", "user": "hvuser", "password": "$PASSWORD"}],
 "hosts": [{"name": "HV01", "duration_ms": 0, "vms": [
   {"name": "web1", "state": "off", "snapshots": [{"name": "root"}, {"name": "leaf"}]},
   {"name": "slow", "state": "off", "duration_ms": 600000},
   {"name": "also", "state": "off", "duration_ms": 600000},
   {"name": "more", "state": "off", "duration_ms": 600000}]}]}
JSON

# found FILE|PID...: the forms in which the password is there, in a line.
found() {
    status=0
    "$BUILD/tests/tools/secrets" "$USER_NAME" "$PASSWORD_FILE" "$@" >"$TMPDIR/found" \
        2>"$TMPDIR/found.err" || status=$?
    [ "$status" -eq 0 ] || cat "$TMPDIR/found.err"
    sed 's/.*: //' "$TMPDIR/found" | sort -u | tr '\n' ' '
}

begin "what is looked for is found where it is"
printf '%s:%s' "$USER_NAME" "$PASSWORD" | openssl base64 -A >"$TMPDIR/pair"
printf %s "$PASSWORD" | iconv -f UTF-8 -t UTF-16LE >"$TMPDIR/utf16"
expect_equal "password" "$(found "$PASSWORD_FILE")" "password "
expect_equal "pair" "$(found "$TMPDIR/pair")" "pair "
expect_equal "utf16" "$(found "$TMPDIR/utf16")" "utf16 "
if printf a | openssl dgst -provider legacy -provider default -md4 >/dev/null 2>&1; then
    openssl dgst -provider legacy -provider default -md4 -binary "$TMPDIR/utf16" \
        >"$TMPDIR/hash"
    expect_equal "nt-hash" "$(found "$TMPDIR/hash")" "nt-hash "
fi

# at WAY: the options of a way to log in.
at() {
    way=$1
    case $way in
    basic) listen=https host=127.0.0.1 auth=basic user=$USER_NAME ;;
    ntlm) listen=https host=127.0.0.1 auth=ntlm user=$USER_NAME ;;
    sealed) listen=http host=127.0.0.1 auth=ntlm user=$USER_NAME ;;
    kerberos) listen=http host=localhost auth=kerberos user=hvuser@HVSNAP.TEST ;;
    esac
    start_hvsim --scenario "$TMPDIR/scenario.json" --listen "$listen://127.0.0.1:0"
    URL=$listen://$host:${URL##*:}
}

missing() {
    case $1 in
    ntlm | sealed) have_ntlm || echo "no gss-ntlmssp here" ;;
    kerberos) [ -n "${KDC_DIR:-}" ] || cat "$TMPDIR/kdc.err" ;;
    esac
}

# said STATUS ARGUMENT...: run, and kept for the search.
said() {
    wanted=$1 verb=$2
    shift 2
    run env KRB5CCNAME=MEMORY:none "$HVSNAP" "$verb" -H "$URL" --user "$user" \
        --ca-file "$CA" --auth "$auth" -o "$format" --trace --timeout 20 \
        --password-file "$PASSWORD_FILE" "$@"
    expect_status "$wanted"
    cat "$TMPDIR/out" "$TMPDIR/err" >>"$SAID"
}

# Each command, when it goes well and when it does not.
all_verbs() {
    said 0 vms
    said 0 list
    said 5 list nothing
    said 0 show web1 root
    said 5 show web1 nothing
    said 0 create web1 --name "$format"
    said 5 create nothing
    said 0 ensure web1 --name here
    said 5 ensure nothing --name here
    said 0 set web1 root --notes "$format"
    said 5 set web1 nothing --notes x
    said 0 restore web1 root --yes
    said 5 restore web1 nothing --yes
    said 0 delete web1 "$format"
    said 5 delete web1 nothing
    said 0 prune web1 --keep-last 9
    said 2 prune web1
    said 0 jobs
    said 5 jobs nothing
    said 5 wait 00000000-0000-4000-8000-000000000000
    said 5 cancel 00000000-0000-4000-8000-000000000000
    said 0 guard web1 --on-success delete -- sh -c 'cat /proc/self/environ; set'
    said 125 guard nothing -- true
    rm -f "$TMPDIR/report.json"
    said 0 doctor --all --report "$TMPDIR/report.json"
    cat "$TMPDIR/report.json" >>"$SAID"
    said 4 list --password-file "$TMPDIR/other"
    said 4 doctor --password-file "$TMPDIR/other"
}

is_followed() {
    [ "$(grep -c 'the host works' "$TMPDIR/err")" -eq "$jobs" ] ||
        ! kill -0 "$pid" 2>/dev/null
}

# in_memory EXPECTED VM...: the forms in the memory of a program that follows a job of
# each.
in_memory() {
    expected=$1 jobs=$(($# - 1))
    shift
    # shellcheck disable=SC2034 # show_run tells it
    COMMAND="create $*" status=0
    SSLKEYLOGFILE=$TMPDIR/keylog KRB5CCNAME=MEMORY:none "$HVSNAP" create "$@" -H "$URL" \
        --user "$user" --ca-file "$CA" --auth "$auth" --password-file "$PASSWORD_FILE" \
        --timeout 5m </dev/null >"$TMPDIR/out" 2>"$TMPDIR/err" &
    pid=$!
    wait_until 20 is_followed || show_run "it follows no job"
    forms=$(found "$pid")
    case $forms in
    *"cannot read"*) skip "the memory of a process cannot be read: $forms" ;;
    *) expect_equal "in memory" "$forms" "$expected" ;;
    esac
    forms=$(found "/proc/$pid/cmdline" "/proc/$pid/environ")
    expect_equal "argv and environ" "$forms" ""
    kill "$pid"
    wait "$pid" || status=$?
    expect_status 143
    [ ! -e "$TMPDIR/keylog" ] || show_run "the keys of TLS were written to a file"
    expect_equal "what it said" "$(found "$TMPDIR/out" "$TMPDIR/err")" ""
}

begin_with() {
    begin "$1"
    why=$(missing "$2")
    [ -z "$why" ] || skip "$why"
    [ -z "$why" ] && at "$2"
}

if "$SRCDIR/tests/support/kdc.sh" start "$TMPDIR/kdc" >"$TMPDIR/kdc.env" \
    2>"$TMPDIR/kdc.err"; then
    whole_stacks
    KDC_DIR=$TMPDIR/kdc
    # shellcheck disable=SC1091
    . "$TMPDIR/kdc.env"
    KRB5_KDC_PROFILE=$KDC_DIR/kdc.conf kadmin.local -r HVSNAP.TEST \
        -q "cpw -pw $PASSWORD hvuser" >"$TMPDIR/cpw" 2>&1 || fail "$(cat "$TMPDIR/cpw")"
fi

for way in basic ntlm sealed kerberos; do
    for format in table json ndjson; do
        # the formats do not know how the login was
        [ "$way" = basic ] || [ "$format" = json ] || continue
        begin_with "every command keeps it to itself: $way, $format" "$way" || continue
        : >"$SAID"
        all_verbs
        expect_equal "in the output" "$(found "$SAID")" ""
        grep -q 'Envelope' "$SAID" || fail "there is no trace in it"
    done
done

# NTLM can do with the hash, also on a new connection. Basic sends the password each
# time, and Kerberos needs it again when the ticket ends.
! is_sanitized || finish
begin_with "in memory: ntlm" ntlm && in_memory "nt-hash " slow
begin_with "in memory: ntlm, several VMs" ntlm && in_memory "nt-hash " slow also more
begin_with "in memory: ntlm, sealed" sealed && in_memory "nt-hash " slow
begin_with "in memory: basic" basic && in_memory "pair password " slow
begin_with "in memory: kerberos" kerberos && in_memory "password " slow
finish
