#!/bin/sh
# Apache with mod_auth_gssapi on loopback, as any user, all in one folder: a second server
# that decides by itself who gets in.
#
#   httpd.sh start DIR    prints the lines to source: HTTPD_TLS and HTTPD_PLAIN (URLs
#                         without a path) and HTTPD_CA
#   httpd.sh stop DIR
#
# KRB5_CONFIG and KRB5_KTNAME as kdc.sh gave them; NTLM_USER_FILE when NTLM shall work.
# Paths: /wsman takes Kerberos and NTLM, the login belongs to the connection; /krbonly
# Kerberos; /basic a Kerberos password; /notbound wants a login at each request. The reply
# is one line of text that says who logged in. Exits 77 when Apache or its module is not
# installed.
set -eu

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
support=$(cd "$(dirname "$0")" && pwd)

usage() {
    echo "usage: httpd.sh start DIR | httpd.sh stop DIR" >&2
    exit 2
}

stop() {
    [ -f "$dir/shell.pid" ] || return 0
    pid=$(cat "$dir/shell.pid")
    rm -f "$dir/shell.pid"
    kill "$pid" 2>/dev/null || return 0
    tries=0
    while kill -0 "$pid" 2>/dev/null && [ $tries -lt 200 ]; do
        tries=$((tries + 1))
        sleep 0.02
    done
}

# Only Apache's own bind can tell that a port is free, so start() tries again.
some_port() {
    echo $((10000 + $(od -An -N2 -tu2 /dev/urandom) % 20000))
}

find_apache() {
    for apache in apache2 httpd; do
        command -v $apache >/dev/null && break
        apache=
    done
    for modules in /usr/lib/apache2/modules /usr/lib64/httpd/modules /usr/lib/apache2; do
        [ -f "$modules/mod_auth_gssapi.so" ] && break
        modules=
    done
    if [ -z "$apache" ] || [ -z "$modules" ]; then
        echo "no Apache with mod_auth_gssapi here" >&2
        exit 77
    fi
}

write_cgi() {
    cat >"$dir/cgi/wsman" <<'END'
#!/bin/sh
body=$(wc -c)
printf 'Content-Type: text/plain\r\n\r\n'
printf 'user=%s auth=%s len=%s method=%s https=%s port=%s\n' "$REMOTE_USER" "$AUTH_TYPE" \
    "$body" "$REQUEST_METHOD" "${HTTPS:-off}" "$REMOTE_PORT"
END
    chmod 755 "$dir/cgi/wsman"
}

load_modules() {
    for module in mpm_event authn_core authz_core authz_user cgid ssl socache_shmcb \
        session session_cookie auth_gssapi env alias unixd; do
        [ -f "$modules/mod_$module.so" ] || continue
        echo "LoadModule ${module}_module $modules/mod_$module.so"
    done
}

# The keytab comes from KRB5_KTNAME: a GssapiCredStore goes to gss-ntlmssp too, whose
# acceptor of version 1.2.0 then crashes.
location() {
    echo "ScriptAlias /$1 $dir/cgi/wsman"
    echo "<Location /$1>"
    shift
    printf '  %s\n' 'AuthType GSSAPI' 'AuthName hvsnap' 'GssapiSSLonly Off' \
        'Require valid-user' 'GssapiPublishErrors On' "$@"
    echo "</Location>"
}

# A session cache or a mutex elsewhere would need rights that a user does not have.
write_config() {
    {
        load_modules
        [ "$(id -u)" != 0 ] ||
            printf 'User %s\nGroup %s\n' "$worker" "$(id -gn "$worker")"
        cat <<END
ServerName localhost
DefaultRuntimeDir $dir/run
PidFile $dir/httpd.pid
ScriptSock $dir/run/cgisock
Mutex file:$dir/run
ErrorLog $dir/error.log
LogLevel warn auth_gssapi:debug mpm_event:notice
LogFormat "%p %{remote}p %u \"%r\" %>s keepalive=%k" plain
CustomLog $dir/access.log plain
StartServers 1
ServerLimit 2
ThreadsPerChild 8
MaxRequestWorkers 16
Listen 127.0.0.1:$tls
Listen 127.0.0.1:$plain
SSLSessionCache none
<VirtualHost 127.0.0.1:$tls>
  SSLEngine on
  SSLCertificateFile $dir/srv.pem
  SSLCertificateKeyFile $dir/srv.key
</VirtualHost>
END
        location wsman 'GssapiAllowedMech krb5' 'GssapiAllowedMech ntlmssp' \
            'GssapiConnectionBound On'
        location notbound 'GssapiAllowedMech krb5' 'GssapiAllowedMech ntlmssp'
        location krbonly 'GssapiAllowedMech krb5' 'GssapiConnectionBound On'
        # not ntlmssp: checking a Basic password with it kills mod_auth_gssapi 1.6.4
        location basic 'GssapiAllowedMech krb5' 'GssapiBasicAuth On' \
            'GssapiBasicAuthMech krb5'
    } >"$dir/httpd.conf"
}

# Started by root, Apache works as another user, who must get at the folder.
hand_over() {
    [ "$(id -u)" = 0 ] || return 0
    for worker in www-data apache nobody; do
        id "$worker" >/dev/null 2>&1 && break
    done
    chown "$worker" "$dir/host.keytab"
    chmod a+x "$dir"
    # the folder that the test's runner made is for one user alone
    [ "$(dirname "$dir")" != "${TMPDIR:-}" ] || chmod a+x "$TMPDIR"
    chmod 755 "$dir/cgi"
    if [ -n "${NTLM_USER_FILE:-}" ]; then
        cp "$NTLM_USER_FILE" "$dir/ntlm.users"
        chown "$worker" "$dir/ntlm.users"
        export NTLM_USER_FILE="$dir/ntlm.users"
    fi
}

# 0 once it serves; 1 when it ended instead.
launch() {
    : >"$dir/error.log"
    env -u KRB5CCNAME -u KRB5_CLIENT_KTNAME KRB5_KTNAME="FILE:$dir/host.keytab" \
        KRB5RCACHENAME=none: "$apache" -f "$dir/httpd.conf" -DFOREGROUND \
        </dev/null >"$dir/httpd.out" 2>&1 &
    pid=$!
    tries=0
    while [ $tries -lt 500 ]; do
        if grep -q 'resuming normal operations' "$dir/error.log"; then
            echo $pid >"$dir/shell.pid"
            return 0
        fi
        kill -0 $pid 2>/dev/null || return 1
        tries=$((tries + 1))
        sleep 0.02
    done
    kill $pid
    return 1
}

start() {
    find_apache
    mkdir -p "$dir/cgi" "$dir/run"
    "$support/ca.sh" "$dir" localhost hv01.hvsnap.test
    cp "${KRB5_KTNAME#FILE:}" "$dir/host.keytab"
    write_cgi
    hand_over
    attempts=0
    while :; do
        tls=$(some_port)
        plain=$(some_port)
        write_config
        launch && break
        attempts=$((attempts + 1))
        if [ $attempts -ge 10 ]; then
            echo "httpd.sh: Apache does not start:" >&2
            cat "$dir/httpd.out" "$dir/error.log" >&2
            exit 1
        fi
    done
    cat <<END
export HTTPD_TLS='https://localhost:$tls'
export HTTPD_PLAIN='http://localhost:$plain'
export HTTPD_CA='$dir/ca.pem'
END
}

[ $# -eq 2 ] || usage
mkdir -p "$2"
dir=$(cd "$2" && pwd)
case $1 in
start) start ;;
stop) stop ;;
*) usage ;;
esac
