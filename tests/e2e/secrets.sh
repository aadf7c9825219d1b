#!/bin/sh
# A password, and what is made of it, stays where it must be: it is in nothing that any
# command prints or writes, in no argument and no environment, and while a job is followed
# the memory of the program holds no more of it than the way to log in needs.
. "$SRCDIR/tests/support/lib.sh"

PASSWORD='Kühl3r-Gänsefuß~41'
printf '%s\n' "$PASSWORD" >"$PASSWORD_FILE"
echo 'Wr0ng-Gänsefuß~42' >"$TMPDIR/other"
chmod 600 "$TMPDIR/other"
(umask 077 && printf 'proxy:%s\n' "$PASSWORD" >"$TMPDIR/proxy-user")
SAID=$TMPDIR/said

# What hvsim tells of the keys of NTLM's sessions.
KEYS=$TMPDIR/keys
: >"$KEYS"
export HVSIM_SESSION_KEYS="$KEYS"

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
    "$BUILD/tests/tools/secrets" "$USER_NAME" "$PASSWORD_FILE" "$KEYS" "$@" \
        >"$TMPDIR/found" 2>"$TMPDIR/found.err" || status=$?
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

begin "in an argument, a variable or the memory of a program it would be found"
mkfifo "$TMPDIR/open"
LEAKED=$PASSWORD sh -c 'read -r _; :' sh "$PASSWORD" <"$TMPDIR/open" &
pid=$!
exec 4>"$TMPDIR/open"
holds_it() { # once it is a program of its own
    [ "$(found "/proc/$pid/cmdline")" = "password " ]
}
wait_until 20 holds_it || fail "it is not in an argument: $(found "/proc/$pid/cmdline")"
forms=$(found "/proc/$pid/environ")
expect_equal "environ" "$forms" "password "
exec 4>&-
wait "$pid"

begin "the password's other forms would be found, and a session's key"
echo 000102030405060708090a0b0c0d0e0f >"$KEYS"
printf '\000\001\002\003\004\005\006\007\010\011\012\013\014\015\016\017' >"$TMPDIR/key"
expect_equal "session key" "$(found "$TMPDIR/key")" "session-key "
expect_equal "in hexadecimal" "$(found "$KEYS")" "session-key-hex "
tr a-f A-F <"$KEYS" >"$TMPDIR/upper"
expect_equal "in capitals" "$(found "$TMPDIR/upper")" "session-key-HEX "
od -An -v -tx1 "$PASSWORD_FILE" | tr -d ' \n' >"$TMPDIR/hex"
expect_equal "password in hexadecimal" "$(found "$TMPDIR/hex")" "password-hex "
openssl base64 -A -in "$PASSWORD_FILE" >"$TMPDIR/base64"
expect_equal "password in base64" "$(found "$TMPDIR/base64")" "password-base64 "
: >"$KEYS"

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
    said 0 list -o wide
    said 0 list -o name
    said 7 list --proxy http://127.0.0.1:1 --proxy-user-file "$TMPDIR/proxy-user"
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

# give HOW: how the password comes to the program, from which its arguments and variables
# could get it: descriptor 3 is its file.
give() {
    password_from=
    unset HVSNAP_PASSWORD_FILE
    case $1 in
    file) password_from="--password-file $PASSWORD_FILE" ;;
    fd) password_from="--password-fd 3" ;;
    variable) export HVSNAP_PASSWORD_FILE=/dev/fd/3 ;;
    esac
}
give file

# look_into PID EXPECTED: the forms in the memory of a program, and none in what others
# can see of it.
look_into() {
    forms=$(found "$1")
    case $forms in
    *"cannot read"*) skip "the memory of a process cannot be read: $forms" ;;
    *) expect_equal "in memory" "$forms" "$2" ;;
    esac
    forms=$(found "/proc/$1/cmdline" "/proc/$1/environ")
    case $forms in
    *"cannot read"*) ;; # as skipped above
    *) expect_equal "argv and environ" "$forms" "" ;;
    esac
    expect_equal "core" "$(sed -n 's/^Max core file size *\([^ ]*\) .*/\1/p' \
        "/proc/$1/limits")" 0
}

# in_memory EXPECTED VM...: the forms in the memory of a program that follows a job of
# each.
in_memory() {
    expected=$1 jobs=$(($# - 1))
    : >"$KEYS"
    : >"$TMPDIR/err" # it is looked at before the program has it
    shift
    # shellcheck disable=SC2034 # show_run tells it
    COMMAND="create $*" status=0
    # shellcheck disable=SC2086 # two words, or none
    SSLKEYLOGFILE=$TMPDIR/keylog KRB5CCNAME=MEMORY:none "$HVSNAP" create "$@" -H "$URL" \
        --user "$user" --ca-file "$CA" --auth "$auth" $password_from --timeout 5m \
        </dev/null 3<"$PASSWORD_FILE" >"$TMPDIR/out" 2>"$TMPDIR/err" &
    pid=$!
    wait_until 20 is_followed || show_run "it follows no job"
    look_into "$pid" "$expected"
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
        : >"$KEYS"
        all_verbs
        expect_equal "in the output" "$(found "$SAID")" ""
        case $way in
        ntlm | sealed) [ -s "$KEYS" ] || fail "no key of a session is known" ;;
        esac
        grep -q 'Envelope' "$SAID" || fail "there is no trace in it"
    done
done

# NTLM can do with the hash, also on a new connection; while one lasts on which it seals,
# it has the keys for that. Basic sends the password each time, and Kerberos needs it
# again when the ticket ends.
! is_sanitized || finish
begin_with "in memory: ntlm" ntlm && in_memory "nt-hash " slow

# anew: the connection has ended, and another login was made
anew() {
    [ "$(wc -l <"$KEYS")" -ge 2 ] || ! kill -0 "$pid" 2>/dev/null
}

# A session ends, and its keys with it; those of the next one show that they are known.
after_the_session() {
    stop_hvsim
    : >"$KEYS"
    start_hvsim --scenario "$TMPDIR/scenario.json" --listen http://127.0.0.1:0 \
        --fault 'Get#3:close'
    COMMAND="create slow, after a session" status=0
    "$HVSNAP" create slow -H "$URL" --user "$user" --auth ntlm --timeout 5m \
        --password-file "$PASSWORD_FILE" </dev/null >"$TMPDIR/out" 2>"$TMPDIR/err" &
    pid=$!
    wait_until 30 anew || show_run "it does not log in anew"
    cp "$KEYS" "$TMPDIR/all-keys"
    tail -n 1 "$TMPDIR/all-keys" >"$KEYS"
    forms=$(found "$pid")
    case $forms in
    *"cannot read"*) skip "the memory of a process cannot be read: $forms" ;;
    *)
        expect_equal "the session that is" "$forms" "nt-hash sign-key "
        head -n 1 "$TMPDIR/all-keys" >"$KEYS"
        expect_equal "the session that was" "$(found "$pid")" "nt-hash "
        ;;
    esac
    cp "$TMPDIR/all-keys" "$KEYS"
    expect_equal "what it said" "$(found "$TMPDIR/out" "$TMPDIR/err")" ""
    kill "$pid"
    wait "$pid" || status=$?
    expect_status 143
}
begin_with "in memory: no key of a session that has ended" sealed && after_the_session

give fd
begin_with "in memory: ntlm, by --password-fd" ntlm && in_memory "nt-hash " slow
give variable
begin_with "in memory: ntlm, by a variable" ntlm && in_memory "nt-hash " slow
give file
begin_with "in memory: ntlm, several VMs" ntlm &&
    in_memory "nt-hash " slow also more
begin_with "in memory: ntlm, sealed" sealed && in_memory "nt-hash sign-key " slow
begin_with "in memory: basic" basic && in_memory "pair password " slow
begin_with "in memory: kerberos" kerberos && in_memory "password " slow

# typed EXPECTED: the same of a password that is typed when the program asks for it.
typed() {
    : >"$KEYS"
    mkfifo "$TMPDIR/typing"
    cat >"$TMPDIR/ask" <<END
echo \$\$ >"$TMPDIR/pid"
exec "$HVSNAP" create slow -H "$URL" --user '$user' --ca-file "$CA" --auth $auth \\
    --timeout 5m
END
    COMMAND="create slow, and a password that is typed" status=0
    : >"$TMPDIR/out"
    script -qefc "TERM=xterm sh $TMPDIR/ask" "$TMPDIR/typescript" \
        <"$TMPDIR/typing" >"$TMPDIR/out" 2>"$TMPDIR/err" &
    terminal=$!
    exec 5>"$TMPDIR/typing"
    wait_until 20 grep -q assword "$TMPDIR/out" || show_run "it does not ask"
    cat "$PASSWORD_FILE" >&5
    wait_until 20 grep -q 'the host works' "$TMPDIR/out" || show_run "it follows no job"
    pid=$(cat "$TMPDIR/pid")
    look_into "$pid" "$1"
    kill "$pid"
    exec 5>&-
    wait "$terminal" || status=$?
    expect_status 143
    expect_equal "what it said" "$(found "$TMPDIR/out" "$TMPDIR/err")" ""
}
if script --version 2>/dev/null | grep -q util-linux; then
    begin_with "in memory: ntlm, typed" ntlm && typed "nt-hash "
else
    begin "in memory: typed"
    skip "no script(1) of util-linux"
fi

# Another process of the same user, who is not root, can neither look at it nor trace it.
begin "closed to others of the same user"
NOBODY="setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=$TMPDIR/nobody"
reads() { # the environment of a process, as nobody
    $NOBODY cat "/proc/$1/environ" >"$TMPDIR/environ" 2>"$TMPDIR/environ.err"
}
is_nobodys() { # and another program by now
    [ "$(cat "/proc/$pid/comm")" = sleep ] && reads "$pid"
}
mkdir "$TMPDIR/nobody"
cp "$PASSWORD_FILE" "$TMPDIR/nobody/password"
cp "$HVSNAP" "$TMPDIR/nobody" && chmod 755 "$TMPDIR" "$TMPDIR/nobody/hvsnap"
chown -R 65534:65534 "$TMPDIR/nobody" 2>/dev/null
if [ "$(id -u)" -ne 0 ] ||
    ! $NOBODY "$TMPDIR/nobody/hvsnap" --version >"$TMPDIR/out" 2>&1; then
    skip "only root can become nobody, who must be able to run hvsnap"
    finish
fi
at basic
cp "$CA" "$TMPDIR/nobody/ca.pem"
chmod 644 "$TMPDIR/nobody/ca.pem"
COMMAND="create, as nobody" status=0 jobs=1
$NOBODY sleep 60 &
pid=$!
wait_until 20 is_nobodys || fail "what is not closed cannot be read"
kill "$pid"
wait "$pid" 2>/dev/null || :
: >"$TMPDIR/err" # it is looked at before the program has it
$NOBODY "$TMPDIR/nobody/hvsnap" create slow -H "$URL" --user "$user" --auth basic \
    --ca-file "$TMPDIR/nobody/ca.pem" --password-file "$TMPDIR/nobody/password" \
    --timeout 5m </dev/null >"$TMPDIR/out" 2>"$TMPDIR/err" &
pid=$!
wait_until 20 is_followed || show_run "it follows no job"
! reads "$pid" || show_run "its environment can be read"
! $NOBODY head -c 1 "/proc/$pid/mem" 2>"$TMPDIR/mem.err" || show_run "its memory"
grep -q "Permission denied" "$TMPDIR/mem.err" || show_run "$(cat "$TMPDIR/mem.err")"
kill "$pid"
wait "$pid" || status=$?
expect_status 143
finish
