#!/bin/sh
# Credentials that cannot be used: what is said, the exit status, that nobody was asked,
# and that no secret shows.
. "$SRCDIR/tests/support/lib.sh"

start_kdc
# shellcheck disable=SC2119 # no arguments
start_hvsim
HOST=https://localhost:${URL##*:}

# at_host OPTION...: vms, by Kerberos unless the options say otherwise.
at_host() {
    run "$HVSNAP" vms -H "$HOST" --ca-file "$CA" --auth kerberos "$@"
}

# by_file FILE: vms with the password in FILE.
by_file() {
    at_host --auth basic --user "$USER_NAME" --password-file "$1"
}

# refused STATUS TEXT...: each on stderr, with a hint.
refused() {
    expect_status "$1"
    shift
    for text; do
        expect_err "$text"
    done
    refute_err "$PASSWORD"
    refute_out "$PASSWORD"
    expect_state 'hosts.0.counters.requests' 0
}

# --- password files

secret() {
    printf '%s\n' "$PASSWORD" >"$TMPDIR/secret"
    chmod "$1" "$TMPDIR/secret"
}

begin "a password file that is not there"
by_file "$TMPDIR/nothing"
refused 2 "cannot open the password file '$TMPDIR/nothing'"

begin "a password file that we may not read"
secret 0
if [ "$(id -u)" = 0 ]; then
    # root may read anything that can be opened at all
    ln -sf secret "$TMPDIR/secret"
fi
by_file "$TMPDIR/secret"
refused 2 "cannot open the password file '$TMPDIR/secret': "
rm -f "$TMPDIR/secret"

for mode in 620 602 666; do
    begin "a password file that others may write: $mode"
    secret $mode
    by_file "$TMPDIR/secret"
    refused 2 "others may write '$TMPDIR/secret'" 'hint: chmod 600 it'
done

begin "a password file that is a folder"
by_file "$TMPDIR"
refused 2 "'$TMPDIR' is not a file"

begin "an empty password file"
: >"$TMPDIR/empty"
chmod 600 "$TMPDIR/empty"
by_file "$TMPDIR/empty"
refused 2 'the password is empty'

begin "a password that is no text"
printf 'Passw0rd!\377\n' >"$TMPDIR/binary"
chmod 600 "$TMPDIR/binary"
by_file "$TMPDIR/binary"
refused 2 'not UTF-8'

# --- Kerberos

begin "no ticket"
at_host
refused 4 'there is no ticket' 'hint: run kinit'

no_longer_valid() {
    ! klist -s
}

begin "an expired ticket"
kinit -l 1s -k -t "$KDC_DIR/user.keytab" hvuser >"$TMPDIR/kinit.out" 2>&1
wait_until 20 no_longer_valid ||
    fail "the ticket lasts too long: $(cat "$TMPDIR/kinit.out")"
at_host
refused 4 "'hvuser@HVSNAP.TEST': the ticket has expired" 'hint: run kinit again'

begin "an expired ticket is no reason to try a password that nobody gave"
at_host --auth negotiate
refused 4 'the ticket has expired' 'hint: run kinit'

begin "a keytab without the user"
at_host --user hvother@HVSNAP.TEST --keytab "$KDC_DIR/user.keytab"
refused 4 "'hvother@HVSNAP.TEST': the keytab has no key for it" 'klist -k'

begin "a keytab that is not there"
at_host --user hvuser@HVSNAP.TEST --keytab "$TMPDIR/nothing"
refused 4 "'$TMPDIR/nothing': there is no such file" 'hint: '

begin "a keytab that is none"
at_host --user hvuser@HVSNAP.TEST --keytab "$PASSWORD_FILE"
refused 4 "'$PASSWORD_FILE': that is no keytab" 'hint: '

begin "a password that the KDC refuses"
printf 'Wr0ng-secret\n' >"$TMPDIR/wrong"
chmod 600 "$TMPDIR/wrong"
at_host --user hvuser@HVSNAP.TEST --password-file "$TMPDIR/wrong"
refused 4 "the KDC refused the password" 'hint: '
refute_err 'Wr0ng-secret'

begin "a user that the KDC does not know"
at_host --user nobody@HVSNAP.TEST --password-file "$PASSWORD_FILE"
refused 4 "'nobody@HVSNAP.TEST': the KDC does not know this user" 'hint: '

begin "a realm without a KDC"
at_host --user hvuser@NOWHERE.TEST --password-file "$PASSWORD_FILE"
refused 4 "'hvuser@NOWHERE.TEST'" 'KDC' 'hint: '

begin "a KDC that hangs"
start_tool silent
sed "s/^\( *kdc = \).*/\1127.0.0.1:$(cat "$TMPDIR/port")/" "$KDC_DIR/krb5.conf" \
    >"$TMPDIR/krb5.conf"
run env KRB5_CONFIG="$TMPDIR/krb5.conf" "$HVSNAP" vms -H "$HOST" --ca-file "$CA" \
    --auth kerberos --user hvuser@HVSNAP.TEST --password-file "$PASSWORD_FILE" -t 1
refused 8 'no answer from the KDC: the time was over' 'hint: '
stop_tool

# --- and what is only warned of

begin "a password file that others may read"
secret 644
by_file "$TMPDIR/secret"
expect_status 0
expect_err "warning: others may read the password in '$TMPDIR/secret'"
refute_err "$PASSWORD"
finish
