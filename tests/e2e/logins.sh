#!/bin/sh
# Real logins: gss-ntlmssp and MIT Kerberos decide, over HTTPS and, sealed, over HTTP,
# with every policy of channel binding.
. "$SRCDIR/tests/support/lib.sh"

have_ntlm || skip_all "no gss-ntlmssp here"
start_kdc
kinit_user

at() {
    run "$HVSNAP" "$@" --ca-file "$CA"
}

# vms over each listener; localhost, since Kerberos knows names alone.
gets_in() {
    begin "$1 over $2, channel binding $3"
    case $1 in
    ntlm) set -- "$1" "$2" "$3" --user "$USER_NAME" --password-file "$PASSWORD_FILE" ;;
    esac
    how=$1 scheme=$2 policy=$3
    shift 3
    start_hvsim --listen "$scheme://127.0.0.1:0" --set "cbt=$policy"
    at vms -H "$scheme://localhost:${URL##*:}" --auth "$how" "$@"
    expect_status 0
    expect_out web1
    expect_state 'hosts.0.counters.requests' "$([ "$how" = ntlm ] && echo 4 || echo 3)"
}

for policy in none relaxed strict; do
    for scheme in https http; do
        gets_in ntlm "$scheme" "$policy"
        gets_in kerberos "$scheme" "$policy"
    done
done

stays_out() {
    begin "$1"
    start_hvsim --listen https://127.0.0.1:0
    printf '%s\n' "$3" >"$TMPDIR/other"
    chmod 600 "$TMPDIR/other"
    at vms -H "$URL" --auth ntlm --user "$2" --password-file "$TMPDIR/other"
    expect_status 4
    expect_err "refused to log in"
    refute_err "$3"
    expect_state 'hosts.0.counters.requests' 2
}

stays_out "wrong password" "$USER_NAME" 'Wr0ng-password'
stays_out "unknown user" 'HVTEST\nobody' "$PASSWORD"
stays_out "unknown domain" 'NOWHERE\hvuser' "$PASSWORD"

# client_certificate DIR NAME: ca.pem, and client.pem with client.key that it signed.
client_certificate() {
    mkdir -p "$1"
    {
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
            -keyout "$1/ca.key" -out "$1/ca.pem" -subj '/CN=clients'
        openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
            -keyout "$1/client.key" -out "$1/client.csr" -subj "/CN=$(echo "$2" |
            sed 's,\\,\\\\,g')"
        openssl x509 -req -in "$1/client.csr" -CA "$1/ca.pem" -CAkey "$1/ca.key" \
            -CAcreateserial -days 2 -out "$1/client.pem"
    } >"$1/openssl.log" 2>&1 || fail "$(cat "$1/openssl.log")"
}

begin "a client certificate gets in"
client_certificate "$TMPDIR/clients" 'HVTEST\hvuser'
start_hvsim --client-ca "$TMPDIR/clients/ca.pem"
at vms -H "$URL" --auth certificate --cert "$TMPDIR/clients/client.pem" \
    --key "$TMPDIR/clients/client.key"
expect_status 0
expect_out web1
expect_state 'hosts.0.counters.logins' 0
begin "no certificate, no login"
at vms -H "$URL" --auth certificate
expect_status 2
begin "a certificate that nobody signed stays out"
client_certificate "$TMPDIR/strangers" 'HVTEST\hvuser'
at vms -H "$URL" --auth certificate --cert "$TMPDIR/strangers/client.pem" \
    --key "$TMPDIR/strangers/client.key"
expect_status 7

# --- Kerberos without kinit: the KDC is asked once for the hosts of a run

# as_requests WHAT: how many the KDC's log has.
as_requests() {
    grep AS_REQ "$KDC_DIR/kdc.log" | grep -c "$1"
}

# run_both OPTION...: vms of both hosts, by Kerberos and without a ticket.
run_both() {
    run env KRB5CCNAME=MEMORY:none "$HVSNAP" vms "https://localhost:${URL##*:}/" \
        "https://localhost:${URLS##*:}/" --ca-file "$CA" --auth kerberos "$@"
}

begin "one AS request for two hosts, by a password"
start_hvsim --listen https://127.0.0.1:0 --listen https://127.0.0.1:0
before=$(as_requests ISSUE)
run_both --user hvuser@HVSNAP.TEST --password-file "$PASSWORD_FILE"
expect_status 0
expect_equal "AS requests" $(($(as_requests ISSUE) - before)) 1
expect_state 'hosts.0.counters.logins' 2

begin "one AS request for two hosts, by a keytab"
before=$(as_requests ISSUE)
run_both --user hvuser@HVSNAP.TEST --keytab "$KDC_DIR/user.keytab"
expect_status 0
expect_equal "AS requests" $(($(as_requests ISSUE) - before)) 1

# --- on a terminal

# util-linux's script; others take their arguments otherwise.
have_script() {
    script --version 2>/dev/null | grep -q util-linux
}

asked_or_over() {
    grep -q 'password of' "$TMPDIR/out" || ! kill -0 "$pid" 2>/dev/null
}

# typed CACHE: vms by Kerberos on a terminal, where the password is typed when it is asked
# for. What is typed before is thrown away.
typed() {
    COMMAND="vms on a terminal" status=0
    rm -f "$TMPDIR/keys"
    mkfifo "$TMPDIR/keys"
    KRB5CCNAME=$1 script -qec "'$HVSNAP' vms -H 'https://localhost:${URL##*:}' \
        --ca-file '$CA' --auth kerberos --user hvuser@HVSNAP.TEST" \
        "$TMPDIR/typescript" <"$TMPDIR/keys" >"$TMPDIR/out" 2>&1 &
    pid=$!
    exec 7>"$TMPDIR/keys"
    wait_until 20 asked_or_over || fail "it does not ask"
    ! grep -q 'password of' "$TMPDIR/out" || printf '%s\n' "$PASSWORD" >&7
    wait "$pid" || status=$?
    exec 7>&-
}

begin "a password that is typed gets a ticket"
if have_script; then
    before=$(as_requests ISSUE)
    typed MEMORY:none
    expect_status 0
    expect_out "password of hvuser@HVSNAP.TEST: "
    expect_out web1
    refute_out "$PASSWORD"
    expect_equal "AS requests" $(($(as_requests ISSUE) - before)) 1
else
    skip "no script(1) of util-linux"
fi

begin "it is not asked for while there is a ticket"
if have_script; then
    typed "$KRB5CCNAME"
    expect_status 0
    refute_out "password of"
    expect_out web1
else
    skip "no script(1) of util-linux"
fi

begin "and one that the KDC refuses"
echo 'Wr0ng-password' >"$TMPDIR/other"
chmod 600 "$TMPDIR/other"
before=$(as_requests hvother@)
run_both --user hvother@HVSNAP.TEST --password-file "$TMPDIR/other"
expect_status 4
expect_err 'the KDC refused the password'
expect_err 'so it is not tried again'
refute_err 'Wr0ng'
expect_equal "AS requests" $(($(as_requests hvother@) - before)) 1

begin "an account that one host refused is tried on no other"
start_hvsim --listen https://127.0.0.1:0 --listen https://127.0.0.1:0
echo 'Wr0ng-password' >"$TMPDIR/other"
at vms "${URLS% *}/" "${URLS#* }/" --auth ntlm --user "$USER_NAME" \
    --password-file "$TMPDIR/other"
expect_status 4
expect_err 'so it is not tried again'
expect_state 'hosts.0.counters.refused' 1

# Without a ticket, at the host by its name.
clear_http() {
    run env KRB5CCNAME=MEMORY:none "$HVSNAP" vms -H "http://localhost:${URL##*:}" \
        --password-file "$PASSWORD_FILE" "$@"
}

begin "negotiate over clear HTTP takes the password to the KDC"
start_hvsim --listen http://127.0.0.1:0
clear_http --user hvuser@HVSNAP.TEST
expect_status 0
expect_out web1

begin "negotiate over clear HTTP does not fall back to ntlm"
start_hvsim --listen http://127.0.0.1:0
clear_http --user "$USER_NAME"
expect_status 4
expect_err "Kerberos for 'hvuser@HVTEST': no KDC"
expect_err 'NTLM is not tried over clear HTTP unasked'
expect_err '--auth ntlm'
clear_http --user hvuser
expect_status 4
expect_err 'names no realm'
expect_err '--auth ntlm'
run "$HVSNAP" vms -H "$URL" --user "$USER_NAME" --password-file "$PASSWORD_FILE"
expect_status 4
expect_err 'is an address'
expect_err '--auth ntlm'
expect_state 'hosts.0.counters.requests' 0

begin "nor with a password that the KDC refuses"
echo 'Wr0ng-password' >"$TMPDIR/other"
clear_http --user hvuser@HVSNAP.TEST --password-file "$TMPDIR/other"
expect_status 4
expect_err 'the KDC refused the password'
refute_err '--auth ntlm'
expect_state 'hosts.0.counters.requests' 0

begin "basic over clear HTTP is refused here"
run "$HVSNAP" vms -H "$URL" --auth basic --user "$USER_NAME" \
    --password-file "$PASSWORD_FILE"
expect_status 2
expect_state 'hosts.0.counters.requests' 0

# spoilt FIELD STATUS TEXT: of each sealed list; nothing of it is believed.
spoilt() {
    begin "a sealed reply that is spoilt: $3"
    start_hvsim --listen http://127.0.0.1:0 --fault "Enumerate#*:damage=$1"
    at vms -H "$URL" --auth ntlm --user "$USER_NAME" --password-file "$PASSWORD_FILE"
    expect_status "$2"
    expect_err "$3"
    expect_err 'hint: something in between may alter what is sent'
    refute_out web1
    refute_err "$PASSWORD"
    expect_state 'hosts.0.counters.Enumerate' 1
}
spoilt 3 7 'its closing boundary is not where its length says'
spoilt 6 7 'the sealed reply cannot be read'
spoilt 7 4 'the seal of the host'
spoilt 8 4 'the seal of the host'

begin "a whole life, sealed"
start_hvsim --listen http://127.0.0.1:0
SIM_AUTH=ntlm
hvsnap create archive --name sealed --timeout 60
expect_status 0
hvsnap list archive
expect_out sealed
hvsnap delete archive sealed --timeout 60
expect_status 0
finish
