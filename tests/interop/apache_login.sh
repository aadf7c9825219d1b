#!/bin/sh
# Apache decides by itself who gets in. It is no WinRM host, so a login that it lets pass
# ends with status 7, and its log says who came; one that it refuses ends with status 4.
. "$SRCDIR/tests/support/lib.sh"

have_ntlm || skip_all "no gss-ntlmssp here"
printf 'HVTEST:hvuser:%s\n' "$PASSWORD" >"$TMPDIR/users"
export NTLM_USER_FILE="$TMPDIR/users"
export NETBIOS_COMPUTER_NAME=HV01 NETBIOS_DOMAIN_NAME=HVTEST
start_kdc
start_httpd

at_apache() {
    : >"$HTTPD_DIR/access.log"
    run "$HVSNAP" vms -H "$HTTPD_TLS" --ca-file "$HTTPD_CA" "$@"
}

# Apache writes its log after the reply, so it may come a little later.
came() {
    grep -qF "$1" "$HTTPD_DIR/access.log"
}

expect_login() {
    expect_status 7
    wait_until 5 came "$1" ||
        show_run "Apache's log does not know '$1': $(cat "$HTTPD_DIR/access.log")"
}

expect_refusal() {
    expect_status 4
    ! came '" 200 ' || show_run "Apache let it in: $(cat "$HTTPD_DIR/access.log")"
}

begin "kerberos without a ticket never becomes ntlm"
at_apache --auth kerberos
expect_refusal

kinit_user

begin "kerberos gets in with a ticket"
at_apache --auth kerberos
expect_login 'hvuser@HVSNAP.TEST "POST /wsman HTTP/1.1" 200'

begin "negotiate takes kerberos when there is a ticket"
at_apache
expect_login 'hvuser@HVSNAP.TEST "POST /wsman HTTP/1.1" 200'

begin "ntlm gets in"
at_apache --auth ntlm --user 'HVTEST\hvuser' --password-file "$PASSWORD_FILE"
expect_login 'hvuser "POST /wsman HTTP/1.1" 200'

echo wrong >"$TMPDIR/wrong"
chmod 600 "$TMPDIR/wrong"

begin "ntlm with a wrong password stays out"
at_apache --auth ntlm --user 'HVTEST\hvuser' --password-file "$TMPDIR/wrong"
expect_refusal

begin "ntlm of an unknown user stays out"
at_apache --auth ntlm --user 'HVTEST\nobody' --password-file "$PASSWORD_FILE"
expect_refusal

begin "basic is not offered, so the password is not sent"
at_apache --auth basic --user 'HVTEST\hvuser' --password-file "$PASSWORD_FILE"
expect_refusal
finish
