#!/bin/sh
# A real MIT KDC for the realm HVSNAP.TEST on loopback, as any user, all in one folder.
#
#   kdc.sh start DIR [PORT]   prints the lines to source: KRB5_CONFIG, KRB5_KTNAME, ...
#   kdc.sh stop DIR
#
# Users: hvuser and hvother, password 'Passw0rd!'; DIR/user.keytab holds hvuser's key.
# Services: HTTP/ and WSMAN/ of each name in KDC_HOSTS, WSMAN/wsman.hvsnap.test and
# host/host.hvsnap.test; HTTP/aes128.hvsnap.test, whose keys and tickets are AES128;
# DIR/host.keytab holds their keys.
# Without KRB5_CLIENT_KTNAME=FILE:DIR/user.keytab there is no ticket until somebody asks.
# Tickets last KDC_LIFE at the most, or 10h.
# Without a PORT it takes a free one. Exits 77 when no KDC is installed.
set -eu

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
hosts=${KDC_HOSTS:-localhost hv01.hvsnap.test}
aes128='aes128-cts-hmac-sha1-96:normal'

usage() {
    echo "usage: kdc.sh start DIR [PORT] | kdc.sh stop DIR" >&2
    exit 2
}

stop() {
    [ -f "$dir/krb5kdc.pid" ] || return 0
    pid=$(cat "$dir/krb5kdc.pid")
    rm -f "$dir/krb5kdc.pid"
    kill "$pid" 2>/dev/null || return 0
    tries=0
    while kill -0 "$pid" 2>/dev/null && [ $tries -lt 100 ]; do
        tries=$((tries + 1))
        sleep 0.02
    done
}

# Below the ports that systems hand out for outgoing connections. Only the bind of the
# KDC itself can tell that one is free, so start() tries again with another.
some_port() {
    echo $((10000 + $(od -An -N2 -tu2 /dev/urandom) % 20000))
}

write_config() {
    cat >"$dir/krb5.conf" <<END
[libdefaults]
  default_realm = HVSNAP.TEST
  dns_lookup_realm = false
  dns_lookup_kdc = false
  dns_canonicalize_hostname = false
  rdns = false
  default_ccache_name = FILE:$dir/ccache
  default_keytab_name = FILE:$dir/host.keytab
  udp_preference_limit = 1
  forwardable = true
[realms]
  HVSNAP.TEST = {
    kdc = 127.0.0.1:$port
  }
[domain_realm]
  localhost = HVSNAP.TEST
  .hvsnap.test = HVSNAP.TEST
END
    cat >"$dir/kdc.conf" <<END
[kdcdefaults]
  kdc_listen = 127.0.0.1:$port
  kdc_tcp_listen = 127.0.0.1:$port
[realms]
  HVSNAP.TEST = {
    database_name = $dir/principal
    key_stash_file = $dir/stash
    acl_file = $dir/kadm5.acl
    max_life = ${KDC_LIFE:-10h}
    supported_enctypes = aes256-cts-hmac-sha1-96:normal aes128-cts-hmac-sha1-96:normal
  }
[logging]
  kdc = FILE:$dir/kdc.log
END
}

make_database() {
    : >"$dir/kadm5.acl"
    kdb5_util create -s -r HVSNAP.TEST -P "master of $$" >"$dir/kdb5.log" 2>&1
    {
        for host in $hosts; do
            for service in HTTP WSMAN; do
                echo "addprinc -randkey $service/$host"
                echo "ktadd -k $dir/host.keytab $service/$host"
            done
        done
        # hosts of which the KDC knows one service alone
        for one in WSMAN/wsman.hvsnap.test host/host.hvsnap.test; do
            echo "addprinc -randkey $one"
            echo "ktadd -k $dir/host.keytab $one"
        done
        # without session_enctypes the KDC takes it that everybody can do AES256
        echo "addprinc -randkey -e $aes128 HTTP/aes128.hvsnap.test"
        echo "setstr HTTP/aes128.hvsnap.test session_enctypes aes128-cts-hmac-sha1-96"
        echo "ktadd -k $dir/host.keytab -e $aes128 HTTP/aes128.hvsnap.test"
        echo "addprinc -pw Passw0rd! hvuser"
        echo "addprinc -pw Passw0rd! hvother"
        echo "ktadd -k $dir/user.keytab -norandkey hvuser"
    } | kadmin.local -r HVSNAP.TEST >"$dir/kadmin.log" 2>&1
}

# 0 once the KDC listens; 1 when it ended instead.
launch() {
    : >"$dir/kdc.log"
    krb5kdc -n -r HVSNAP.TEST </dev/null >"$dir/krb5kdc.out" 2>&1 &
    pid=$!
    tries=0
    while [ $tries -lt 500 ]; do
        if grep -q 'commencing operation' "$dir/kdc.log"; then
            echo $pid >"$dir/krb5kdc.pid"
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
    for tool in kdb5_util kadmin.local krb5kdc; do
        if ! command -v $tool >/dev/null; then
            echo "no MIT KDC here ($tool is missing)" >&2
            exit 77
        fi
    done
    export KRB5_CONFIG="$dir/krb5.conf" KRB5_KDC_PROFILE="$dir/kdc.conf"
    port=${wanted:-$(some_port)}
    write_config
    make_database
    attempts=0
    until launch; do
        attempts=$((attempts + 1))
        if [ -n "$wanted" ] || [ $attempts -ge 20 ]; then
            echo "kdc.sh: krb5kdc does not start:" >&2
            cat "$dir/krb5kdc.out" "$dir/kdc.log" >&2
            exit 1
        fi
        port=$(some_port)
        write_config
    done
    # KRB5RCACHEDIR: an acceptor's replay cache would otherwise go to /var/tmp
    cat <<END
export KRB5_CONFIG='$dir/krb5.conf'
export KRB5_KTNAME='FILE:$dir/host.keytab'
export KRB5CCNAME='FILE:$dir/ccache'
export KRB5RCACHEDIR='$dir'
END
}

[ $# -ge 2 ] || usage
mkdir -p "$2"
dir=$(cd "$2" && pwd)
wanted=${3:-}
case $1 in
start) start ;;
stop) stop ;;
*) usage ;;
esac
