#!/bin/sh
# The exit status of each kind of failure, what stderr says about it, and that JSON on
# stdout says the same.
. "$SRCDIR/tests/support/lib.sh"

# failed STATUS CLASS MESSAGE: of the last run, which was one with -o json.
failed() {
    expect_status "$1"
    expect_err "hvsnap: "
    expect_err "$3"
    expect_equal "error.exit" "$(json error.exit)" "$1"
    expect_equal "error.class" "$(json error.class)" "$2"
    expect_equal schema "$(json schema)" hvsnap/v1
}

# What a create came to must be nothing: web1 has the four snapshots it began with.
unchanged() {
    expect_state 'hosts.0.vms.name=web1.snapshots.#' 4
}

start_hvsim

begin "0: done"
hvsnap list web1 -o json
expect_status 0
expect_equal command "$(json command)" list
expect_equal snapshots "$(json 'hosts.0.snapshots.#')" 4

begin "2: wrong usage"
hvsnap create web1 --no-such-option -o json
failed 2 usage "no option '--no-such-option'"

begin "2: an empty name"
hvsnap create web1 --name '' -o json
failed 2 usage "name"
unchanged

begin "2: a name of over 100 characters"
hvsnap create web1 --name "$(printf '%0101d' 0)" -o json
failed 2 usage "100"
unchanged

begin "2: no terminal to ask for the password on"
run setsid "$HVSNAP" list -H "$URL" --user bob --auth basic --ca-file "$CA" -o json
failed 2 usage "no password for 'bob'"

begin "3: some failed"
hvsnap create archive nothing -o json
failed 3 partial "1 of 2 failed"
expect_equal first "$(json results.0.outcome)" "done"
expect_equal second "$(json results.1.error.class)" not-found

begin "4: a wrong password"
(umask 077 && echo wrong >"$TMPDIR/wrong")
run "$HVSNAP" list -H "$URL" --user "$USER_NAME" --password-file "$TMPDIR/wrong" \
    --ca-file "$CA" --auth basic -o json
failed 4 auth "hint: "

begin "5: an unknown VM"
hvsnap create nothing -o json
failed 5 not-found "nothing"
unchanged

begin "5: an unknown snapshot"
hvsnap delete web1 nothing -o json
failed 5 not-found "nothing"
unchanged

begin "6: a name that fits two VMs"
hvsnap create build -o json
failed 6 conflict "4B7A6C5D-8E9F-4012-A3B4-C5D6E7F80912"
expect_err "6D5E4F3A-2B1C-4098-B7A6-95847362514F"

begin "7: a name that does not resolve"
run "$HVSNAP" list -H no-such-host.invalid --user bob --password-file "$PASSWORD_FILE" \
    --auth ntlm -o json
failed 7 connect "does not resolve"

begin "7: a refused connection"
run "$HVSNAP" list -H https://127.0.0.1:1 --user bob --password-file "$PASSWORD_FILE" \
    --auth ntlm -o json
failed 7 connect "nothing answers"

begin "7: a certificate that nobody vouches for"
run "$HVSNAP" list -H "$URL" --user bob --password-file "$PASSWORD_FILE" --auth ntlm \
    -o json
failed 7 connect "certificate"

begin "--insecure goes on, and warns under --quiet too"
run "$HVSNAP" list -H "$URL" --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
    --auth basic --insecure --quiet
expect_status 0
expect_err "warning: --insecure"

for flaw in expired name; do
    begin "7: a certificate that is wrong: $flaw"
    start_hvsim --bad-cert $flaw
    hvsnap list -o json
    failed 7 connect "certificate"
done

begin "7: it is not WinRM that answers"
start_hvsim --fault 'Enumerate:html'
hvsnap list -o json
failed 7 connect ""

begin "8: the time is over, and the job goes on"
start_hvsim --fault 'CreateSnapshot:job-stuck=40'
hvsnap create web1 --timeout 2s -o json
failed 8 deadline "goes on with job"
expect_equal outcome "$(json results.0.outcome)" started
[ "$(json results.0.job)" != null ] || show_run "no job"

begin "9: the VM is busy"
start_hvsim --fault 'CreateSnapshot:job-stuck=40'
hvsnap create web1 --detach
hvsnap create web1 --retries 0 -o json
failed 9 busy "web1"
unchanged

begin "11: a state that forbids it"
start_hvsim --fault 'CreateSnapshot#*:return=32775'
hvsnap create web1 --retries 0 -o json
failed 11 refused "web1"
unchanged

begin "10: the job fails"
start_hvsim --fault 'CreateSnapshot:job-fail=32768'
hvsnap create web1 -o json
failed 10 job ""
unchanged

begin "11: the VM takes no snapshots"
start_hvsim --fault 'Enumerate:admin-type=2'
hvsnap create web1 -o json
failed 11 refused ""
unchanged

begin "12: the reply is lost, and so are all answers after it"
start_hvsim --fault 'CreateSnapshot:reset-after' --fault 'Enumerate#3:refuse' \
    --fault 'Enumerate#*:status=500'
hvsnap create web1 --timeout 5s -o json
[ "$status" -ne 0 ] || show_run "expected a failure"

finish
