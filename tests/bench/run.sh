#!/bin/sh
# What a create costs, beside a program that links the same libraries, posts the same
# bytes over the same TLS and parses each reply; what a list costs beside libxml2 alone;
# what 500 hosts at once cost; what unsealing costs beside OpenSSL's ciphers; what
# retention decides in; and whether logins leave memory behind. One run, in turn; figures
# are medians. 1 in the end when one of them is more than it may be.
set -eu

BUILD=$(cd "${BUILD:-build}" && pwd)
HERE=$(cd "$(dirname "$0")" && pwd)
SRCDIR=$(cd "$HERE/../.." && pwd)
HVSNAP=$BUILD/hvsnap HVSIM=$BUILD/hvsim
TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/hvsnap-bench.XXXXXX")
export BUILD SRCDIR HVSNAP HVSIM TMPDIR
ROUNDS=${ROUNDS:-30}
MISSED=0

for name in HOST USER PASSWORD_FILE CONFIG; do
    unset "HVSNAP_$name"
done

# Two VMs, since a VM holds 50 snapshots: hvsnap has one, the control the other. The
# recorded requests are the second one's. Jobs are over at once.
cat >"$TMPDIR/scenario.json" <<'JSON'
{"accounts": [{"domain": "HVTEST", "user": "hvuser", "password": "Passw0rd!"}],
 "hosts": [{"name": "HV01", "vms": [
     {"name": "bench1", "state": "off", "duration_ms": 0},
     {"name": "bench2", "state": "off", "duration_ms": 0}]}]}
JSON

. "$SRCDIR/tests/support/lib.sh"
trap 'FAILED=$((FAILED + $?)); rm -rf "$TMPDIR"; cleanup' EXIT

# compare AUTH HOST OPTION...: how hvsnap logs in; the control always does so by Basic.
compare() {
    auth=$1 host=$2
    shift 2
    start_hvsim --scenario "$TMPDIR/scenario.json" --listen https://127.0.0.1:0
    port=${URL##*:}
    port=${port%%/*}
    rm -rf "$TMPDIR/requests"
    mkdir "$TMPDIR/requests"
    "$BUILD/tests/bench/record" "$TMPDIR/requests" 127.0.0.1 "$port" "$CA" \
        "$USER_NAME" bench2 measured <"$PASSWORD_FILE"
    printf '%s:%s\n' "$USER_NAME" "$PASSWORD" >"$TMPDIR/userpwd"
    posts=$(find "$TMPDIR/requests" -name '*.xml' | wc -l)
    "$BUILD/tests/bench/measure" "$ROUNDS" "hvsnap create ($auth)" "$HVSNAP" create \
        -H "https://$host:$port" bench1 --name measured --quiet --auth "$auth" \
        --ca-file "$CA" "$@" -- "control, $posts posts" "$BUILD/tests/bench/control" \
        "https://127.0.0.1:$port/wsman" "$CA" "$TMPDIR/userpwd" "$TMPDIR"/requests/*.xml
    stop_hvsim
    echo
}

compare basic 127.0.0.1 --user "$USER_NAME" --password-file "$PASSWORD_FILE"
if have_ntlm; then
    compare ntlm 127.0.0.1 --user "$USER_NAME" --password-file "$PASSWORD_FILE"
fi
if "$SRCDIR/tests/support/kdc.sh" start "$TMPDIR/kdc" >"$TMPDIR/kdc.env"; then
    KDC_DIR=$TMPDIR/kdc
    . "$TMPDIR/kdc.env"
    kinit_user
    compare kerberos localhost
fi

# Hosts with 0 to 20,000 snapshots. Without a state file, which would be written anew at
# each request.
cat >"$TMPDIR/lists.json" <<'JSON'
{"hosts": [{"name": "L0"},
           {"name": "L100", "generate": {"vms": 5, "snapshots": 20}},
           {"name": "L1000", "generate": {"vms": 50, "snapshots": 20}},
           {"name": "L20000", "generate": {"vms": 1000, "snapshots": 20}}]}
JSON
: >"$TMPDIR/hvsim.out"
"$HVSIM" --scenario "$TMPDIR/lists.json" --listen 'https://127.0.0.1:0/*' \
    --ca-out "$TMPDIR/lists-ca.pem" </dev/null >"$TMPDIR/hvsim.out" 2>"$SIM_LOG" &
SIM_PID=$!
wait_until 60 sim_is_ready
# shellcheck disable=SC2046 # no URL holds a blank
"$BUILD/tests/bench/list" "$HVSNAP" "$TMPDIR/lists-ca.pem" "$USER_NAME" "$PASSWORD_FILE" \
    $(sed 's/^ready //' "$TMPDIR/hvsim.out") || MISSED=1
stop_hvsim
echo
if have_ntlm; then
    "$BUILD/tests/bench/fleet" "$HVSNAP" "$HVSIM" "$TMPDIR" "$USER_NAME" \
        "$PASSWORD_FILE" || MISSED=1
    echo
fi

"$BUILD/tests/bench/unseal" || MISSED=1
echo
"$BUILD/tests/bench/decide" || MISSED=1
if have_ntlm; then
    echo
    "$BUILD/tests/bench/soak_logins" "$HVSIM" "$PASSWORD_FILE" "${LOGINS:-10000}" ||
        MISSED=1
fi
exit $MISSED
