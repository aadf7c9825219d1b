#!/bin/sh
# Hosts that cannot, will not or do not answer as they should: what is said, the exit
# status, and that nothing was changed.
. "$SRCDIR/tests/support/lib.sh"

# expect_refusal STATUS TEXT...: each on stderr.
expect_refusal() {
    expect_status "$1"
    shift
    for text; do
        expect_err "$text"
    done
}

accounts='"accounts": [{"domain": "HVTEST", "user": "hvuser", "password": "Passw0rd!"},
    {"domain": "HVTEST", "user": "weak", "password": "Passw0rd!", "rights": "none"}]'
cat >"$TMPDIR/plain.json" <<JSON
{$accounts, "hosts": [{"name": "HV01", "vms": [
    {"name": "web1", "state": "off", "duration_ms": 0},
    {"name": "off1", "state": "off", "user_snapshot_type": "disabled"}]}]}
JSON
cat >"$TMPDIR/none.json" <<JSON
{$accounts, "hosts": [{"name": "HV01", "hyperv": false}]}
JSON

for reading in filter namespace; do
    begin "no Hyper-V there: $reading"
    start_hvsim --scenario "$TMPDIR/none.json" --set missing-namespace=$reading
    hvsnap create web1
    expect_refusal 5 "is the Hyper-V role installed there?"
done

for reading in empty fault; do
    begin "an account without rights: $reading"
    start_hvsim --scenario "$TMPDIR/plain.json" --set no-rights=$reading
    USER_NAME='HVTEST\weak'
    hvsnap create web1
    case $reading in
    empty) expect_refusal 5 "shows an account without rights nothing" ;;
    fault) expect_refusal 4 "0x80338104" "Hyper-V Administrators" ;;
    esac
    hvsnap vms
    case $reading in
    empty) expect_err "rights" ;;
    fault) expect_status 4 ;;
    esac
    USER_NAME='HVTEST\hvuser'
    ! json 'hosts.0.counters.CreateSnapshot' "$STATE" >/dev/null 2>&1 ||
        show_run "it was asked for all the same"
done

begin "the method is denied"
start_hvsim --scenario "$TMPDIR/plain.json" --fault 'CreateSnapshot:return=32769'
hvsnap create web1
expect_refusal 4 "access denied (32769)" "Hyper-V Administrators"

begin "snapshots are disabled for the VM"
hvsnap create off1
expect_refusal 11 "snapshots are disabled for the VM 'off1'" "Set-VM -CheckpointType"
expect_state 'hosts.0.vms.name=off1.snapshots.#' 0

begin "the VM moved to another node between two requests"
start_hvsim --scenario "$TMPDIR/plain.json" --fault 'CreateSnapshot:vm-moved'
hvsnap create web1
expect_refusal 5 "no longer on this host" "another node"

begin "a job that fails tells its nested errors"
start_hvsim --scenario "$TMPDIR/plain.json" --fault 'CreateSnapshot:job-fail=32768'
hvsnap create web1
expect_refusal 10 "the host's job failed"
[ "$(grep -c '^    ' "$TMPDIR/err")" -ge 2 ] || show_run "expected nested errors"

begin "the same in Japanese"
sed 's/"name": "HV01"/"name": "HV01", "locale": "ja-JP"/' "$TMPDIR/plain.json" \
    >"$TMPDIR/ja.json"
start_hvsim --scenario "$TMPDIR/ja.json" --fault 'CreateSnapshot:job-fail=32768'
hvsnap create web1 --language ja-JP
expect_refusal 10 "the host's job failed"
iconv -f UTF-8 -t UTF-16 "$TMPDIR/err" >/dev/null 2>&1 || show_run "not UTF-8"

# Every reply of one kind is bad, so that repeating the read does not help.
bad_reply() {
    begin "$1"
    start_hvsim --scenario "$TMPDIR/plain.json" --fault "Enumerate#*:$2"
    hvsnap create web1 --timeout 30
    expect_status "$3"
    expect_err "$4"
    expect_state 'hosts.0.counters.requests' "${5:-4}"
    expect_state 'hosts.0.vms.name=web1.snapshots.#' 0
}

bad_reply "HTML" html 7 "not with SOAP" 1
bad_reply "a truncated reply" truncate 7 "malformed XML"
bad_reply "a reply that is no XML" garbage 7 "XML"
bad_reply "an answer to another request" wrong-relates-to 7 "answers another request"
bad_reply "a reply cut short" reset-within 7 "before the reply was whole"
bad_reply "a full quota, which is no refused login" fault=2150859240 9 "0x803381E8"
bad_reply "503" status=503 9 "not available"
bad_reply "an empty 500" status=500 1 "HTTP 500" 1
bad_reply "404" status=404 7 "there is no /wsman" 1
bad_reply "413" status=413 1 "too large" 1

# A port below 1024 of an address that no other test has.
OWN=127.$((1 + $$ % 250)).$((1 + $$ / 250 % 250)).9
begin "5986 refuses, and 5985 answers"
start_hvsim --scenario "$TMPDIR/plain.json" --listen "http://$OWN:5985"
for words in list vms jobs "create web1" "delete web1 some" "restore web1 some --yes"; do
    # shellcheck disable=SC2086 # words
    run "$HVSNAP" $words -H "$OWN" --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
        --auth ntlm
    expect_refusal 7 "nothing answers there" "--port 5985" "http://$OWN"
done
run "$HVSNAP" vms -H "$OWN" --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
    --auth ntlm -o json
expect_refusal 7
expect_out "port 5985 answers"

begin "what it says to try gets in"
have_ntlm || skip "no gss-ntlmssp here"
for way in "-H http://$OWN" "-H $OWN --port 5985"; do
    [ -z "$SKIP" ] || break
    # shellcheck disable=SC2086 # words
    run "$HVSNAP" vms $way --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
        --auth ntlm
    expect_status 0
    expect_out web1
done

begin "neither answers"
stop_hvsim
run "$HVSNAP" list -H "$OWN" --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
    --auth ntlm
expect_refusal 7 "nothing answers there" "a default host listens on 5985 alone"
finish
