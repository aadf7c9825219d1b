#!/bin/sh
# The rungs of the doctor's ladder that real logins stand on, broken one at a time: KDC,
# service name, password, channel binding, sealing.
. "$SRCDIR/tests/support/lib.sh"

have_ntlm || skip_all "no gss-ntlmssp here"
start_kdc
PATH=$BUILD:$PATH

doctor() {
    run "$HVSNAP" doctor "$@" --ca-file "$CA" -o json
}

found() {
    json "hosts.0.rungs.name=$1.$2"
}

fails() {
    expect_status "$2"
    expect_equal "first rung that fails" \
        "$(json hosts.0.rungs.verdict=fail.name 2>&1)" "$1"
    expect_equal "error.exit" "$(json error.exit)" "$2"
}

says() {
    json "hosts.0.rungs.verdict=fail.$1" >"$TMPDIR/said" 2>&1
    grep -qF -- "$2" "$TMPDIR/said" || show_run "expected in $1: $2"
}

passes() {
    for rung; do
        expect_equal "$rung" "$(found "$rung" verdict)" pass
    done
}

skips() {
    for rung; do
        expect_equal "$rung" "$(found "$rung" verdict)" skipped
    done
}

# The host by a name, which Kerberos needs.
listen() {
    start_hvsim "$@"
    HERE=${URL%%:*}://localhost:${URL##*:}
}

by_password() {
    doctor "$HERE" --user hvuser@HVSNAP.TEST --password-file "$PASSWORD_FILE" \
        --auth kerberos "$@"
}

kinit_user

begin "all is well by Kerberos"
listen
doctor "$HERE" --auth kerberos
expect_status 0
passes resolve tcp tls winrm clock schemes kerberos login binding wmi hyper-v vms
skips sealing
expect_equal spn "$(json hosts.0.evidence.spn)" HTTP/localhost@HVSNAP.TEST

begin "all is well by NTLM, and by all other ways"
doctor "$HERE" --user "$USER_NAME" --password-file "$PASSWORD_FILE" --auth ntlm --all
expect_status 0
passes login binding vms
skips kerberos
expect_equal basic "$(json hosts.0.other_logins.mechanism=basic.verdict)" pass

begin "all is well over clear HTTP"
listen --listen http://127.0.0.1:0
doctor "$HERE" --auth kerberos
expect_status 0
passes kerberos login sealing vms
skips tls binding

begin "the clock is wrong"
listen --set clock-ahead=400
doctor "$HERE" --auth kerberos
fails clock 4
passes winrm
says seen " s ahead of ours"
says host_command "w32tm /resync"
says command "timedatectl"

begin "the KDC does not know the service"
listen
doctor "https://unknown.hvsnap.test:${URL##*:}" --connect-to "127.0.0.1:${URL##*:}" \
    --tls-name localhost --auth kerberos
fails kerberos 4
passes schemes
says seen "does not know this service"
says command "--spn 'host'"
says host_command "setspn -S HTTP/unknown.hvsnap.test"

begin "no ticket"
run env KRB5CCNAME="FILE:$TMPDIR/none" "$HVSNAP" doctor "$HERE" --ca-file "$CA" \
    --auth kerberos -o json
fails kerberos 4
says command "kinit"

# Nothing but Kerberos is left to try, and of an address not even that.
begin "no ticket and no password"
run env KRB5CCNAME="FILE:$TMPDIR/none" "$HVSNAP" doctor "$HERE" --ca-file "$CA" -o json
fails kerberos 4
says seen "there is no ticket"
says hint "or --user and a password"
says command "kinit 'USER@HVSNAP.TEST'"
skips login vms

begin "no ticket and no password, and the host is an address"
doctor "$URL"
fails login 4
skips kerberos
says seen "is an address"
says hint "--user and a password"
says command "hvsnap doctor '127.0.0.1:${URL##*:}'"
says command "--user 'DOMAIN\USER'"

begin "a user without a password, and the host is an address"
doctor "$URL" --user "$USER_NAME"
fails login 4
says hint "--password-file"
says command "hvsnap doctor '127.0.0.1:${URL##*:}' --user '$USER_NAME'"
says command "--password-file 'FILE'"

begin "a password that the KDC refuses"
printf 'Wr0ng-password\n' >"$TMPDIR/wrong"
chmod 600 "$TMPDIR/wrong"
doctor "$HERE" --user hvuser@HVSNAP.TEST --password-file "$TMPDIR/wrong" --auth kerberos
fails kerberos 4
says seen "refused the password"
says command "kinit 'hvuser@HVSNAP.TEST'"
refute_out Wr0ng

# One request to see what is offered, and the two legs of one login.
begin "a password that the host refuses"
listen
doctor "$HERE" --user "$USER_NAME" --password-file "$TMPDIR/wrong" --auth ntlm
fails login 4
says causes.0 "the password is wrong"
says host_command "Id=4625"
expect_state hosts.0.counters.logins 3
refute_out Wr0ng

begin "a bare user, who may be the domain's"
doctor "$HERE" --user hvuser --password-file "$TMPDIR/wrong" --auth ntlm
fails login 4
says causes.1 'DOMAIN\hvuser'

# --- who ends the TLS connection is not the host

"$SRCDIR/tests/support/ca.sh" "$TMPDIR/mitm" localhost
for how in kerberos ntlm; do
    begin "the binding is another connection's: $how"
    listen --set cbt=strict
    start_tool relay "$TMPDIR/mitm/srv.pem" "$TMPDIR/mitm/srv.key" "${URL##*:}"
    set -- --user "$USER_NAME" --password-file "$PASSWORD_FILE"
    [ $how = ntlm ] || set --
    CA=$TMPDIR/mitm/ca.pem
    doctor "https://localhost:$(cat "$TMPDIR/port")" --auth $how "$@"
    fails login 4
    passes tls
    says causes.1 "CertificateThumbprint = $(json hosts.0.certificate.thumbprint)"
    says host_command "winrm enumerate winrm/config/listener"
    stop_tool
done

# A bare 401 does not say that it was the binding: with --all clear HTTP is asked.
OWN=127.$((1 + $$ % 250)).$((1 + $$ / 250 % 250)).11
begin "the binding is another connection's, and clear HTTP shows it"
listen --listen https://127.0.0.1:0 --listen "http://$OWN:5985" --set cbt=strict
start_tool relay "$TMPDIR/mitm/srv.pem" "$TMPDIR/mitm/srv.key" "${URL##*:}" "$OWN" 5986
CA=$TMPDIR/mitm/ca.pem
doctor "$OWN" --tls-name localhost --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
    --auth ntlm --all
fails binding 4
passes tls login
says seen "$(json hosts.0.certificate.thumbprint)"
says hint "somebody in between ends the TLS connection"
says host_command "winrm enumerate winrm/config/listener"
says command "http://$OWN"
begin "nor with a wrong password, which no way takes"
doctor "$OWN" --tls-name localhost --user "$USER_NAME" --password-file "$TMPDIR/wrong" \
    --auth ntlm --all
fails login 4
stop_tool

# --- clear text

begin "clear text is refused"
listen --listen http://127.0.0.1:0
doctor "$HERE" --user "$USER_NAME" --password-file "$PASSWORD_FILE" --auth basic
fails sealing 2
passes winrm schemes
says command "--auth ntlm"
expect_state hosts.0.counters.logins 1 # what it offers

begin "a sealed message is answered in clear"
listen --listen http://127.0.0.1:0 --fault 'Identify#2:html'
doctor "$HERE" --user "$USER_NAME" --password-file "$PASSWORD_FILE" --auth ntlm
fails sealing 7
passes login
says command "hvsnap doctor 'localhost'"

# --- the KDC

use_kdc() {
    sed "s/^\( *kdc = \).*/\1127.0.0.1:$1/" "$KDC_DIR/krb5.conf" >"$TMPDIR/krb5.conf"
}

begin "the KDC is down"
listen
use_kdc 1
run env KRB5_CONFIG="$TMPDIR/krb5.conf" "$HVSNAP" doctor "$HERE" --ca-file "$CA" \
    --user hvuser@HVSNAP.TEST --password-file "$PASSWORD_FILE" --auth kerberos -o json
fails kerberos 4
says seen "HVSNAP.TEST (127.0.0.1:1)"
says command "dig +short -t SRV '_kerberos._tcp.HVSNAP.TEST'"

begin "the KDC hangs"
start_tool silent
use_kdc "$(cat "$TMPDIR/port")"
began=$(now_ms)
run env KRB5_CONFIG="$TMPDIR/krb5.conf" "$HVSNAP" doctor "$HERE" --ca-file "$CA" \
    --user hvuser@HVSNAP.TEST --password-file "$PASSWORD_FILE" --auth kerberos \
    --timeout 2s -o json
took=$(($(now_ms) - began))
fails kerberos 8
says seen "no answer from the KDC of HVSNAP.TEST (127.0.0.1:$(cat "$TMPDIR/port"))"
says command "KRB5_TRACE"
stop_tool
in_time "$took" 2000

# A look-up of the Kerberos library's own, as of the realm in DNS: so does reading from a
# pipe that nobody writes to.
begin "the Kerberos library hangs"
mkfifo "$TMPDIR/fifo"
began=$(now_ms)
run env KRB5_CONFIG="$TMPDIR/fifo" "$HVSNAP" doctor "$HERE" --ca-file "$CA" \
    --auth kerberos --timeout 2s -o json
took=$(($(now_ms) - began))
fails kerberos 8
says seen "the realm and its KDCs"
in_time "$took" 2000

finish
