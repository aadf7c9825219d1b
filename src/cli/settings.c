#include "cli/settings.h"

#include <stdlib.h>

#define ROW(member, letter, name, value, traits, help) \
    OPT_ROW(struct settings, member, letter, name, value, NULL, traits, help)
#define WORDS(member, letter, name, value, words, more, help) \
    OPT_ROW(struct settings, member, letter, name, value, words, \
            OPT_ENV | OPT_FILE | (more), help)

const struct opt setting_rows[] = {
    ROW(host, 'H', "host", "HOST", OPT_ENV | OPT_OFTEN,
        "the host; targets are then names of VMs"),
    ROW(targets, 0, "targets", "FILE", OPT_PATH | OPT_OFTEN,
        "more targets, one a line; - is stdin"),
    ROW(inventory, 0, "inventory", "FILE",
        OPT_ENV | OPT_FILE | OPT_PATH | OPT_CALL | OPT_OFTEN,
        "what @GROUP and @KEY=VALUE stand for"),
    ROW(user, 'u', "user", "USER", OPT_ENV | OPT_FILE | OPT_OFTEN,
        "log in as DOMAIN\\USER or USER@REALM"),
    WORDS(auth, 0, "auth", "HOW", "negotiate|kerberos|ntlm|basic|certificate", 0, "by"),
    ROW(password_file, 0, "password-file", "FILE",
        OPT_ENV | OPT_FILE | OPT_PATH | OPT_OFTEN, "its first line is the password"),
    ROW(password_fd, 0, "password-fd", "N", 0, "read the password from descriptor N"),
    ROW(keytab, 0, "keytab", "FILE", OPT_ENV | OPT_FILE | OPT_PATH,
        "log in with the user's Kerberos key"),
    ROW(cert, 0, "cert", "FILE", OPT_ENV | OPT_FILE | OPT_PATH,
        "log in with this certificate (PEM)"),
    ROW(key, 0, "key", "FILE", OPT_ENV | OPT_FILE | OPT_PATH,
        "its key, where it is not in the same file"),
    ROW(ca_file, 0, "ca-file", "FILE", OPT_ENV | OPT_FILE | OPT_PATH,
        "trust the CAs in this PEM file"),
    ROW(insecure, 0, "insecure", NULL, OPT_FILE,
        "trust any certificate: never in earnest"),
    ROW(pin, 0, "pin", "sha256//...", OPT_ENV | OPT_FILE,
        "trust the host with this key; may be repeated"),
    ROW(tls_name, 0, "tls-name", "NAME", OPT_ENV | OPT_FILE,
        "the certificate names it so"),
    ROW(connect_to, 0, "connect-to", "HOST:PORT", OPT_ENV | OPT_FILE,
        "a tunnel to the host begins there"),
    ROW(proxy, 0, "proxy", "URL", OPT_ENV | OPT_FILE, "go through this proxy"),
    ROW(proxy_user_file, 0, "proxy-user-file", "FILE", OPT_ENV | OPT_FILE | OPT_PATH,
        "its first line is USER:PASSWORD"),
    ROW(port, 0, "port", "N", OPT_ENV | OPT_FILE,
        "port (5986; 5985 is clear HTTP, sealed)"),
    WORDS(spn, 0, "spn", "SERVICE", "HTTP|WSMAN|host", 0, "Kerberos service"),
    ROW(timeout, 't', "timeout", "TIME", OPT_ENV | OPT_FILE | OPT_CALL | OPT_OFTEN,
        "for the whole call: 90s, 5m, 2h; 0 is none"),
    WORDS(output, 'o', "output", "FORMAT", "table|wide|name|json|ndjson",
          OPT_CALL | OPT_OFTEN, "print"),
    ROW(trace, 0, "trace", NULL, 0, "show the messages on stderr, without secrets"),
    ROW(quiet, 'q', "quiet", NULL, OPT_FILE | OPT_CALL | OPT_OFTEN,
        "no progress and no remarks"),
    ROW(language, 0, "language", "TAG", OPT_ENV | OPT_FILE,
        "of the host's texts (en-US)"),
    ROW(retries, 0, "retries", "N", OPT_ENV | OPT_FILE,
        "send again what did not begin (2)"),
    ROW(parallel, 0, "parallel", "N", OPT_ENV | OPT_FILE | OPT_CALL,
        "targets at the same time, 0: all (500)"),
    ROW(per_host, 0, "per-host", "N", OPT_ENV | OPT_FILE | OPT_CALL,
        "of them on one host (4)"),
    ROW(help, 'h', "help", NULL, OPT_OFTEN, "this text"),
    ROW(version, 'V', "version", NULL, 0, "versions of the program and its libraries"),
    OPT_END,
};

/* "HVSNAP_CA_FILE" of "ca-file" */
static void env_name(char *out, size_t size, const char *name)
{
    char *c;

    snprintf(out, size, "HVSNAP_%s", name);
    for (c = out; *c; c++) {
        if (*c == '-')
            *c = '_';
        else if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    }
}

int settings_from_env(struct opt_set *set, struct hvs_error *err)
{
    struct settings values = SETTINGS_INIT;
    struct opt_set env = {.rows = setting_rows, .into = &values};
    const struct opt *row;
    const char *value;
    uint64_t bit = 1;
    char name[64];

    for (row = setting_rows; row->name; row++, bit <<= 1) {
        if (!(row->traits & OPT_ENV) || (set->seen & bit))
            continue;
        env_name(name, sizeof(name), row->name);
        value = getenv(name);
        if (!value || !*value)
            continue;
        if (opt_store(row, name, value, &values, err) < 0)
            return -1;
        env.seen |= bit;
    }
    opt_fill(set, &env);
    return 0;
}

const char *settings_service(const struct settings *settings)
{
    static const char *const services[] = {"HTTP", "WSMAN", "host"};

    return services[settings->spn];
}
