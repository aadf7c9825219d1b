#!/bin/sh
# On a real terminal: progress in one line, and the password that is asked for. And what
# signals do while the host works.
. "$SRCDIR/tests/support/lib.sh"

start_hvsim --fault 'CreateSnapshot#2:job-stuck=40'

# util-linux's script; others take their arguments otherwise.
have_script() {
    script --version 2>/dev/null | grep -q util-linux
}

begin "a terminal gets one line that is rewritten"
if have_script; then
    cat >"$TMPDIR/create" <<END
TERM=xterm "$HVSNAP" create -H "$URL" archive --name one --user '$USER_NAME' \
    --password-file "$PASSWORD_FILE" --ca-file "$CA" --auth basic >"$TMPDIR/data"
END
    run script -qec "sh $TMPDIR/create" "$TMPDIR/typescript"
    expect_status 0
    escape=$(printf '\033')
    expect_out "archive: the host works"
    expect_out "${escape}[K"
    refute_out "archive: the host works: job"
    expect_equal "the line is gone in the end" \
        "$(tail -c 4 "$TMPDIR/out" | tr -d '\r')" "${escape}[K"
    grep -q one "$TMPDIR/data" || fail "no snapshot on stdout"
else
    skip "no script(1) of util-linux"
fi

begin "a key with a passphrase is an error, not a question"
if have_script; then
    openssl req -x509 -newkey rsa:2048 -days 2 -subj /CN=x -passout pass:secret \
        -keyout "$TMPDIR/locked.key" -out "$TMPDIR/locked.pem" 2>"$TMPDIR/openssl.err"
    run script -qec "'$HVSNAP' vms -H '$URL' --ca-file '$CA' --auth certificate \
        --cert '$TMPDIR/locked.pem' --key '$TMPDIR/locked.key' --timeout 20" \
        "$TMPDIR/typescript"
    expect_status 7
    expect_out "our certificate or its key cannot be used"
    expect_out "a key with a passphrase cannot be used"
    refute_out "Enter PEM"
else
    skip "no script(1) of util-linux"
fi

# stop SIGNAL STATUS: while the second job is stuck
stop() {
    : >"$TMPDIR/err" # it is looked at before the program has it
    "$HVSNAP" create -H "$URL" archive db1 --user "$USER_NAME" --auth basic \
        --per-host 1 --password-file "$PASSWORD_FILE" --ca-file "$CA" -o json \
        >"$TMPDIR/out" 2>"$TMPDIR/err" &
    pid=$!
    COMMAND="create, and kill -$1" status=0
    wait_until 20 grep -q 'the host works: job' "$TMPDIR/err" || show_run "no progress"
    kill "-$1" "$pid"
    wait "$pid" || status=$?
    expect_status "$2"
    expect_err "goes on with job"
    expect_err "look with hvsnap list"
    expect_equal first "$(json results.0.outcome)" started
    expect_equal second "$(json results.1.outcome)" not-done
    expect_equal exit "$(json error.exit)" "$2"
}

begin "SIGTERM leaves the host's job running and names it"
stop TERM 143

# gone: ends the program, again and again until it is
# shellcheck disable=SC2317
gone() {
    ! kill -TERM "$pid" 2>/dev/null
}

begin "a second signal leaves at once"
start_hvsim --fault 'CreateSnapshot:hang'
"$HVSNAP" create -H "$URL" archive --user "$USER_NAME" --auth basic --trace \
    --password-file "$PASSWORD_FILE" --ca-file "$CA" >"$TMPDIR/out" 2>"$TMPDIR/err" &
pid=$!
COMMAND="create, and kill -TERM twice" status=0
wait_until 20 grep -q '^>.*CreateSnapshot_INPUT' "$TMPDIR/err" || show_run "no request"
wait_until 20 gone || show_run "still there"
wait "$pid" || status=$?
expect_status 143
refute_err "stopped by"

finish
