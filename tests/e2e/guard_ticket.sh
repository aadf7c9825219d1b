#!/bin/sh
# guard: a Kerberos ticket that may end before the way back is told of before there is a
# snapshot, and only where that matters.
. "$SRCDIR/tests/support/lib.sh"

KDC_LIFE=3d
export KDC_LIFE
start_kdc
cat >"$TMPDIR/quick.json" <<'EOT'
{"hosts": [{"name": "HV01", "duration_ms": 0, "vms": [{"name": "a", "state": "off"}]}]}
EOT
start_hvsim --scenario "$TMPDIR/quick.json" --listen https://127.0.0.1:0

# ticket LIFETIME: the cache has one of hvuser's that lasts so long
ticket() {
    kinit -l "$1" -k -t "$KDC_DIR/user.keytab" hvuser >"$TMPDIR/kinit.out" 2>&1 ||
        skip_all "no ticket: $(cat "$TMPDIR/kinit.out")"
}

guard() {
    run "$HVSNAP" guard "https://localhost:${URL##*:}/a" --auth kerberos \
        --ca-file "$CA" "$@"
}

WARNING="warning: the Kerberos ticket ends at "
ticket 10h

begin "one out of the cache that ends within a day"
guard --on-failure restore -- true
expect_status 0
expect_err "$WARNING"
expect_equal first "$(grep -e "$WARNING" -e ": snapshot " "$TMPDIR/err" |
    sed -n '1s/.*\(warning\).*/\1/p')" warning

begin "--quiet does not silence it"
guard --on-success delete -q -- true
expect_status 0
expect_err "$WARNING"

begin "nothing is to be done afterwards: it does not matter"
guard -- true
expect_status 0
refute_err "$WARNING"

begin "a keytab has another one"
guard --on-failure restore --user hvuser@HVSNAP.TEST --keytab "$KDC_DIR/user.keytab" \
    -- true
expect_status 0
refute_err "$WARNING"

begin "so has a password"
guard --on-failure restore --user hvuser@HVSNAP.TEST --password-file "$PASSWORD_FILE" \
    -- true
expect_status 0
refute_err "$WARNING"

begin "the snapshot is not taken, and it was told all the same"
no_room() {
    start_hvsim --scenario "$TMPDIR/quick.json" --listen https://127.0.0.1:0 \
        --fault 'CreateSnapshot#1:fault=0x803381A6'
}
no_room
guard --on-failure restore --retries 0 -- true
expect_status 125
expect_err "the command was not run"
expect_err "$WARNING"

begin "once, when the snapshot is tried again"
no_room
guard --on-failure restore --retries 0 --wait-busy 1m -- true
expect_status 0
expect_err "waits in turn: "
expect_equal warnings "$(grep -c "$WARNING" "$TMPDIR/err")" 1

begin "one that lasts for days"
ticket 3d
guard --on-failure restore -- true
expect_status 0
refute_err "$WARNING"

finish
