#!/bin/sh
# A relay that ends TLS with a certificate of its own, which the client even trusts: the
# login is bound to what the client saw, so a host that checks the binding refuses it.
. "$SRCDIR/tests/support/lib.sh"

have_ntlm || skip_all "no gss-ntlmssp here"
start_kdc
kinit_user
"$SRCDIR/tests/support/ca.sh" "$TMPDIR/mitm" localhost

through_relay() {
    begin "$1 through a relay, channel binding $2"
    how=$1 policy=$2 expected=$3
    set -- --user "$USER_NAME" --password-file "$PASSWORD_FILE"
    [ "$how" = ntlm ] || set --
    start_hvsim --listen https://127.0.0.1:0 --set "cbt=$policy"
    start_tool relay "$TMPDIR/mitm/srv.pem" "$TMPDIR/mitm/srv.key" "${URL##*:}"
    run "$HVSNAP" vms -H "https://localhost:$(cat "$TMPDIR/port")" --auth "$how" \
        --ca-file "$TMPDIR/mitm/ca.pem" "$@"
    expect_status "$expected"
    stop_tool
}

for how in ntlm kerberos; do
    through_relay "$how" none 0
    through_relay "$how" relaxed 4
    through_relay "$how" strict 4
done
finish
