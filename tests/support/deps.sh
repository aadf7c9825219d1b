#!/bin/sh
# Find out what is missing, and have the system's package manager install it.
#
#   deps.sh build     to build hvsnap and hvsim
#   deps.sh demo      and to show them
#   deps.sh check     and to run the tests
#   deps.sh interop   and the servers and clients that others wrote
#   deps.sh ci        and what looks at the code: clang, valgrind, linters
#
# Prints the command before it runs it, with sudo when not root. Asks first on a terminal.
# DEPS=no forbids it: it then lists what is missing, and fails. DEPS=yes does not ask.
# Starts at once when nothing is missing. INTEROP_GO=1 adds the Go client (520 MB).
set -eu

stage=${1:-build}
support=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

has() {
    command -v "$1" >/dev/null
}

module() {
    has "${PKG_CONFIG:-pkg-config}" && "${PKG_CONFIG:-pkg-config}" --exists "$1"
}

header() {
    echo "#include <$1>" | "${CC:-cc}" -E - >/dev/null 2>&1
}

gss_ntlmssp() {
    for file in /etc/gss/mech.d/*ntlmssp* /usr/etc/gss/mech.d/*ntlmssp* \
        /usr/local/etc/gss/mech.d/*ntlmssp*; do
        [ -f "$file" ] && return 0
    done
    return 1
}

apache_gssapi() {
    [ -f /usr/lib/apache2/modules/mod_auth_gssapi.so ] ||
        [ -f /usr/lib64/httpd/modules/mod_auth_gssapi.so ]
}

# Debian's modules belong to Debian's Python, whichever comes first in PATH.
pywinrm() {
    /usr/bin/python3 -c 'import winrm' 2>/dev/null
}

schema_validator() {
    /usr/bin/python3 -c 'from jsonschema import Draft202012Validator' 2>/dev/null
}

# want STRENGTH PROBE apt dnf apk brew: packages may be several, or - for none.
# STRENGTH is needed, or wished: hvsnap does without, and says so.
want() {
    strength=$1 probe=$2
    shift 2
    $probe && return 0
    case $manager in
    apt-get) packages=$1 ;;
    dnf) packages=$2 ;;
    apk) packages=$3 ;;
    brew) packages=$4 ;;
    *) packages=$1 ;;
    esac
    if [ "$strength" = needed ]; then
        [ "$packages" != - ] || packages="(no package: $probe)"
        needed="$needed $packages"
    elif [ "$packages" != - ]; then
        wished="$wished $packages"
    fi
}

build_wants() {
    want needed 'has cc' gcc gcc gcc -
    want needed 'header stdio.h' libc6-dev glibc-devel musl-dev -
    want needed 'has ar' binutils binutils binutils -
    want needed 'has pkg-config' pkg-config pkgconf-pkg-config pkgconf pkgconf
    want needed 'module libcurl' libcurl4-openssl-dev libcurl-devel curl-dev curl
    want needed 'module libxml-2.0' libxml2-dev libxml2-devel libxml2-dev libxml2
    want needed 'module openssl' libssl-dev openssl-devel openssl-dev openssl@3
    want needed 'module jansson' libjansson-dev jansson-devel jansson-dev jansson
    want needed 'module inih' libinih-dev inih-devel inih-dev inih
    want wished 'module krb5-gssapi' libkrb5-dev krb5-devel krb5-dev krb5
}

check_wants() {
    want needed 'module cmocka' libcmocka-dev libcmocka-devel cmocka-dev cmocka
    want needed 'has openssl' openssl openssl openssl openssl@3
    want needed 'has cmp' diffutils diffutils diffutils -
}

interop_wants() {
    want wished 'has krb5kdc' 'krb5-kdc krb5-admin-server' krb5-server krb5-server -
    want wished 'has kinit' krb5-user krb5-workstation krb5 -
    want wished 'has curl' curl curl curl curl
    want wished apache_gssapi 'apache2 libapache2-mod-auth-gssapi' \
        'httpd mod_ssl mod_auth_gssapi' - -
    want wished pywinrm python3-winrm python3-winrm - -
    want wished schema_validator python3-jsonschema python3-jsonschema py3-jsonschema -
    want wished 'has zsh' zsh zsh zsh zsh
    want wished 'has fish' fish fish fish fish
    [ "${INTEROP_GO:-}" = 1 ] || return 0
    want wished 'has go' golang-go golang go go
    want wished 'test -d /usr/share/gocode/src/github.com/masterzen/winrm' \
        golang-github-masterzen-winrm-dev - - -
}

ci_wants() {
    want needed 'has clang' clang clang clang -
    want needed 'has valgrind' valgrind valgrind valgrind -
    want needed 'has clang-format' clang-format clang-tools-extra clang-extra-tools \
        clang-format
    want needed 'has clang-tidy' clang-tidy clang-tools-extra clang-extra-tools -
    want needed 'has cppcheck' cppcheck cppcheck cppcheck cppcheck
    want needed 'has shellcheck' shellcheck ShellCheck shellcheck shellcheck
    want wished 'has mandoc' mandoc mandoc mandoc mandoc
}

collect() {
    needed='' wished=''
    build_wants
    [ "$stage" = build ] || want wished gss_ntlmssp gss-ntlmssp gssntlmssp - -
    case $stage in
    check | interop | ci) check_wants ;;
    esac
    case $stage in
    interop | ci) interop_wants ;;
    esac
    [ "$stage" != ci ] || ci_wants
}

# The command, one step per line, for these packages.
steps() {
    case $manager in
    apt-get)
        echo "apt-get update -q"
        echo "env DEBIAN_FRONTEND=noninteractive apt-get install -q -y" \
            "--no-install-recommends $*"
        ;;
    dnf) echo "dnf install -y $*" ;;
    apk) echo "apk add $*" ;;
    brew) echo "brew install $*" ;;
    esac
}

# The servers among the packages would start, and at the next boot too: tests run their
# own. So Debian's policy-rc.d says no meanwhile (101: forbidden by policy).
install_packages() {
    sudo=
    [ "$(id -u)" = 0 ] || [ "$manager" = brew ] || sudo=sudo
    if [ -n "$sudo" ] && ! has sudo; then
        echo "there is no sudo here: run that as root" >&2
        return 1
    fi
    guard=
    case $manager-$stage in
    apt-get-interop | apt-get-ci) guard="$support/quiet-daemons.sh" ;;
    esac
    steps "$@" | while read -r step; do
        echo "+ ${sudo:+$sudo }$step"
        # shellcheck disable=SC2086 # words
        $sudo $guard $step </dev/null || exit 1
    done
}

manager=
for manager in apt-get dnf apk brew none; do
    has $manager && break
done
collect
all=$(echo "$needed $wished" | xargs)
[ -n "$all" ] || exit 0

if [ "${DEPS:-}" = no ] || [ "$manager" = none ]; then
    [ -z "$needed" ] || echo "missing:$needed" >&2
    [ -z "$wished" ] || echo "missing, but hvsnap does without:$wished" >&2
    [ "$manager" != none ] || echo "no package manager that is known here" >&2
    [ -z "$needed" ]
    exit
fi
echo "hvsnap needs packages that are not installed; this installs them:"
# shellcheck disable=SC2086 # words
steps $all | sed 's/^/    /'
if [ -t 0 ] && [ -t 1 ] && [ "${DEPS:-}" != yes ] && [ -z "${CI:-}" ]; then
    printf 'Run it? [Y/n] '
    read -r answer
    case $answer in
    [nN]*)
        [ -z "$needed" ]
        exit
        ;;
    esac
fi
# shellcheck disable=SC2086
if ! install_packages $all && [ -n "$wished" ]; then
    echo "that failed; once more, without what hvsnap can do without:$wished"
    [ -z "$needed" ] || install_packages $needed
fi
collect
[ -z "$needed" ] || { echo "still missing:$needed" >&2; exit 1; }
