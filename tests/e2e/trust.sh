#!/bin/sh
# Whom we trust and how we get there: what is wrong with a certificate has a sentence of
# its own, a pin takes the place of chain and name, and tunnels and proxies are used when
# told, never by the environment.
. "$SRCDIR/tests/support/lib.sh"

# start_tunnel MODE...: sets TUNNEL, "127.0.0.1:PORT"; $TUNNEL_LOG has what it was asked.
start_tunnel() {
    TUNNEL_LOG=$TMPDIR/tunnel.log
    start_tool tunnel "$TUNNEL_LOG" "$@" 2>"$TMPDIR/tunnel.err"
    TUNNEL=127.0.0.1:$(cat "$TMPDIR/port")
}

# vms OPTION...: with a login, and without the CA.
vms() {
    run "$HVSNAP" vms --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
        --auth basic "$@"
}

# connect_failed TEXT...: status 7, and these on stderr, with a hint; nothing was asked.
connect_failed() {
    expect_status 7
    for text; do
        expect_err "$text"
    done
    expect_err 'hint: '
    refute_err "$PASSWORD"
    expect_state 'hosts.0.counters.requests' 0
}

# The pin of the host's key, as curl's manual has it made.
pin_of() {
    openssl s_client -connect "$1" </dev/null 2>/dev/null | openssl x509 -pubkey -noout |
        openssl pkey -pubin -outform der | openssl dgst -sha256 -binary |
        openssl base64 | sed 's,^,sha256//,'
}
OTHER_PIN=sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

# --- certificates

start_hvsim
begin "a CA that nobody gave"
vms -H "$URL"
connect_failed 'is not trusted' '--ca-file'

begin "a CA file that is not there"
vms -H "$URL" --ca-file "$TMPDIR/nothing.pem"
expect_status 7
expect_err 'CA file'

flawed() {
    begin "a certificate that is $1"
    start_hvsim --bad-cert "$1"
    vms -H "$URL" --ca-file "$CA"
    connect_failed "$2" "$3"
}
flawed expired 'has expired' 'renewed'
flawed not-yet 'is not valid yet' 'clocks'
flawed name 'names another host' 'a name that stands in the certificate'

# hvsim still has the certificate for elsewhere.invalid
begin "--tls-name: the name that it has"
vms -H "$URL" --ca-file "$CA" --tls-name elsewhere.invalid
expect_status 0
expect_out web1

begin "--tls-name: a name that it does not have"
vms -H "https://localhost:${URL##*:}" --ca-file "$CA" --tls-name hv01.hvsnap.test
expect_status 7
expect_err 'names another host'

begin "--tls-name does without no CA"
vms -H "$URL" --tls-name elsewhere.invalid
expect_status 7
expect_err 'is not trusted'

# --- pins

PIN=$(pin_of "${URL#https://}")

begin "a pin takes the place of chain and name"
vms -H "$URL" --pin "$PIN"
expect_status 0
expect_out web1

begin "one of several pins fits"
vms -H "$URL" --pin "$OTHER_PIN" --pin "$PIN"
expect_status 0
vms -H "$URL" --pin "$OTHER_PIN,$PIN"
expect_status 0

begin "a pin that does not fit: both are shown"
start_hvsim
PIN=$(pin_of "${URL#https://}")
vms -H "$URL" --ca-file "$CA" --pin "$OTHER_PIN"
connect_failed 'not the host that was pinned' "$PIN" "$OTHER_PIN"

begin "a pin that does not fit is not for --insecure to overlook"
vms -H "$URL" --insecure --pin "$OTHER_PIN"
connect_failed "$PIN" "$OTHER_PIN"

begin "a pin that is none"
vms -H "$URL" --pin sha256//short
expect_status 2
expect_err "'sha256//short' is no pin"
vms -H "http://${URL#https://}" --auth ntlm --pin "$PIN"
expect_status 2
expect_err 'clear HTTP'

# --- tunnels

begin "--connect-to: a tunnel's end, and the host's own name in the certificate's check"
start_tunnel to "${URL##*:}"
vms -H localhost --ca-file "$CA" --connect-to "$TUNNEL"
expect_status 0
expect_out web1
expect_equal "what the tunnel saw" "$(sort -u "$TUNNEL_LOG")" connection
vms -H hv01.hvsnap.test --ca-file "$CA" --connect-to "$TUNNEL"
expect_status 7
expect_err 'names another host'

begin "--connect-to with --tls-name"
vms -H hv01.hvsnap.test --ca-file "$CA" --connect-to "$TUNNEL" --tls-name localhost
expect_status 0

begin "--connect-to where nothing is"
vms -H localhost --ca-file "$CA" --connect-to 127.0.0.1:1
expect_status 7
expect_err 'nothing answers'

# --- proxies

begin "the environment's proxies are not heeded"
start_tunnel 403
run env "http_proxy=http://$TUNNEL" "https_proxy=http://$TUNNEL" \
    "HTTPS_PROXY=http://$TUNNEL" "HTTP_PROXY=http://$TUNNEL" "ALL_PROXY=http://$TUNNEL" \
    "$HVSNAP" vms -H "$URL" --user "$USER_NAME" --password-file "$PASSWORD_FILE" \
    --auth basic --ca-file "$CA"
expect_status 0
expect_equal "what the proxy saw" "$(cat "$TUNNEL_LOG")" ''

start_hvsim
begin "a proxy that refuses is named"
vms -H "$URL" --ca-file "$CA" --proxy "http://$TUNNEL"
connect_failed "the proxy '$TUNNEL' refuses" 'HTTP 403' 'CONNECT'

begin "a proxy that wants a login"
start_tunnel 407
vms -H "$URL" --ca-file "$CA" --proxy "http://$TUNNEL"
connect_failed "the proxy '$TUNNEL' refuses" 'HTTP 407' '--proxy-user-file'

begin "a proxy's own credentials, and ours are not for it"
(umask 077 && echo 'bob:pr0xy-secret' >"$TMPDIR/proxy-user")
vms -H "$URL" --ca-file "$CA" --proxy "http://$TUNNEL" \
    --proxy-user-file "$TMPDIR/proxy-user"
connect_failed "the proxy '$TUNNEL' refuses"
refute_err 'pr0xy-secret'
# "bob:pr0xy-secret" in base64
grep -qF 'Proxy-Authorization: Basic Ym9iOnByMHh5LXNlY3JldA==' "$TUNNEL_LOG" ||
    fail "the proxy did not get its credentials" "$(cat "$TUNNEL_LOG")"
! grep -q '^Authorization' "$TUNNEL_LOG" || fail "the proxy got ours"

begin "a proxy that is not there is named"
vms -H "$URL" --ca-file "$CA" --proxy http://127.0.0.1:1
connect_failed "the proxy '127.0.0.1:1'"

begin "a proxy's password in its URL is refused, and not shown"
vms -H "$URL" --ca-file "$CA" --proxy http://bob:pr0xy-secret@127.0.0.1:1
expect_status 2
expect_err '--proxy-user-file'
refute_err 'pr0xy-secret'

begin "a proxy that lets us through"
start_tunnel proxy
vms -H "$URL" --ca-file "$CA" --proxy "http://$TUNNEL"
expect_status 0
expect_out web1
expect_equal "what the proxy was asked" "$(head -n 1 "$TUNNEL_LOG" | tr -d '\r')" \
    "CONNECT ${URL#https://} HTTP/1.1"

begin "and a login on that connection"
if have_ntlm; then
    vms -H "$URL" --ca-file "$CA" --proxy "http://$TUNNEL" --auth ntlm
    expect_status 0
    expect_out web1
else
    skip "no gss-ntlmssp here"
fi

begin "clear HTTP goes through it sealed, or not at all"
if have_ntlm; then
    start_hvsim --listen http://127.0.0.1:0
    start_tunnel proxy
    vms -H "$URL" --proxy "http://$TUNNEL"
    expect_status 2
    expect_err 'needs TLS'
    expect_equal "what the proxy saw" "$(cat "$TUNNEL_LOG")" ''
    vms -H "$URL" --proxy "http://$TUNNEL" --auth ntlm
    expect_status 0
    expect_out web1
    expect_equal "what the proxy was asked" "$(head -n 1 "$TUNNEL_LOG" | tr -d '\r')" \
        "CONNECT ${URL#http://} HTTP/1.1"
    ! grep -q 'POST' "$TUNNEL_LOG" || fail "the proxy saw a request"
else
    skip "no gss-ntlmssp here"
fi
stop_tool

# --- IPv6

have_v6() {
    grep -q '^00000000000000000000000000000001 ' /proc/net/if_inet6 2>/dev/null ||
        ifconfig lo0 2>/dev/null | grep -q 'inet6 ::1 '
}

v6() {
    begin "an IPv6 address$1"
    if ! have_v6; then
        skip "no IPv6 loopback here"
        return
    fi
    start_hvsim --listen 'https://[::1]:0'
    vms -H "https://[::1$2]:${URL##*:}" --ca-file "$CA"
    expect_status 0
    expect_out web1
}
LOOPBACK=$(ip -o link 2>/dev/null | sed -n 's/^[0-9]*: \(lo[0-9]*\):.*/\1/p' | head -n 1)
v6 '' ''
v6 ' with a zone' "%${LOOPBACK:-lo}"
v6 ' with a zone as in a URL' "%25${LOOPBACK:-lo}"
finish
