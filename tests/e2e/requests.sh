#!/bin/sh
# What an operation costs, counted at the server: login legs, requests and polls.
. "$SRCDIR/tests/support/lib.sh"

cat >"$TMPDIR/slow.json" <<'JSON'
{"accounts": [{"domain": "HVTEST", "user": "hvuser", "password": "Passw0rd!"}],
 "hosts": [{"name": "HV01", "vms": [
   {"name": "web1", "id": "0F6B2C44-7D0E-4B3E-9C51-2A61D5F0A1B2", "state": "off",
    "duration_ms": 400}]}]}
JSON

count() {
    json "hosts.0.counters.$1" "$STATE" 2>/dev/null || echo 0
}

# cost LOGINS OTHERS: how many posts, polls not counted.
cost() {
    expect_status 0
    logins=$(count logins) all=$(count requests) polls=$(count Get)
    expect_equal "login legs" "$logins" "$1"
    expect_equal "requests without login and polls" $((all - logins - polls)) "$2"
}

# with NAME LEGS OPTION...: the same under one login.
with() {
    name=$1 legs=$2 target=$3
    shift 3
    fresh() {
        start_hvsim --scenario "$TMPDIR/slow.json" --listen https://127.0.0.1:0 "$@"
        port=${URL##*:}
    }
    hv() {
        # shellcheck disable=SC2086
        run "$HVSNAP" "$@" -H "https://$target:$port" --ca-file "$CA" --auth "$name" \
            $LOGIN
    }
    begin "$name: create with a name"
    fresh && hv create web1 --name x
    cost "$legs" 5
    [ "$polls" -gt 0 ] || fail "the job was not followed"
    begin "$name: create without a name"
    fresh && hv create web1
    cost "$legs" 3
    begin "$name: a rename that makes a job costs polls"
    fresh --set modify=job && hv create web1 --name x
    cost "$legs" 5
    begin "$name: list of one VM by name"
    fresh && hv list web1
    cost "$legs" 2
    begin "$name: list of one VM by id"
    fresh && hv list 0F6B2C44-7D0E-4B3E-9C51-2A61D5F0A1B2
    cost "$legs" 1
    begin "$name: list of a whole host"
    fresh && hv list
    cost "$legs" 1
}

LOGIN="--user $USER_NAME --password-file $PASSWORD_FILE"
with basic 0 127.0.0.1
if have_ntlm; then
    with ntlm 2 127.0.0.1
fi

begin "a large host costs one more for each page"
cat >"$TMPDIR/big.json" <<'JSON'
{"accounts": [{"domain": "HVTEST", "user": "hvuser", "password": "Passw0rd!"}],
 "hosts": [{"name": "HV01", "generate": {"vms": 10, "snapshots": 20}}]}
JSON
start_hvsim --scenario "$TMPDIR/big.json"
SIM_AUTH=basic
hvsnap list -o name
expect_status 0
expect_equal "snapshots" "$(wc -l <"$TMPDIR/out")" 200
expect_equal "pages" "$(count requests)" $((1 + $(count Pull)))
[ "$(count Pull)" -le 4 ] || fail "210 rows took $(count Pull) more pages"

begin "a busy VM costs one more, which says with what and how far"
cat >"$TMPDIR/busy.json" <<'JSON'
{"accounts": [{"domain": "HVTEST", "user": "hvuser", "password": "Passw0rd!"}],
 "hosts": [{"name": "HV01", "vms": [
   {"name": "web1", "state": "off", "duration_ms": 600000}]}]}
JSON
start_hvsim --scenario "$TMPDIR/busy.json"
hvsnap create web1 --detach
expect_status 0
before=$(count requests)
hvsnap create web1
expect_status 9
expect_err "under way is: snapshot, 0 %"
expect_equal "requests" $(($(count requests) - before)) 3

# refusal MOST STATUS TEXT COMMAND...: no more requests than that, and why.
refusal() {
    most=$1 status=$2 text=$3 before=$(count requests)
    shift 3
    hvsnap "$@"
    expect_status "$status"
    expect_err "$text"
    made=$(($(count requests) - before))
    [ $made -le "$most" ] || show_run "it took $made requests, and not $most"
}

begin "a refused state costs one more at the most, and a bad name"
cat >"$TMPDIR/states.json" <<'JSON'
{"accounts": [{"domain": "HVTEST", "user": "hvuser", "password": "Passw0rd!"}],
 "hosts": [{"name": "HV01", "vms": [
   {"name": "off", "state": "off"}, {"name": "odd", "state": "saving"},
   {"name": "never", "user_snapshot_type": "disabled"},
   {"name": "on", "state": "running",
    "snapshots": [{"name": "one", "type": "standard"}]}]}]}
JSON
start_hvsim --scenario "$TMPDIR/states.json"
refusal 1 11 "disabled" create never
refusal 3 11 "" create odd
refusal 3 11 "is running" restore on one --yes
refusal 2 6 "no VM" create nobody
refusal 3 6 "no snapshot" delete on nothing

start_kdc
kinit_user
LOGIN=
with kerberos 1 localhost
finish
