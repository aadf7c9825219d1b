#include "hvsim/opt.h"

#include "base/err.h"

#include <getopt.h>
#include <string.h>

static const struct option options[] = {
    {"scenario", required_argument, NULL, 's'},
    {"listen", required_argument, NULL, 'l'},
    {"set", required_argument, NULL, 'e'},
    {"fault", required_argument, NULL, 'f'},
    {"cert", required_argument, NULL, 'c'},
    {"key", required_argument, NULL, 'k'},
    {"ca-out", required_argument, NULL, 'o'},
    {"client-ca", required_argument, NULL, 'C'},
    {"bad-cert", required_argument, NULL, 'b'},
    {"state", required_argument, NULL, 't'},
    {"keytab", required_argument, NULL, 'y'},
    {"log", no_argument, NULL, 'L'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'v'},
    {0},
};

static int usage(struct hvs_error *err, const char *what, const char *why)
{
    return hvs_err_set_hint(err, HVS_USAGE, 0, "hvsim --help lists the options", "%s%s",
                            what, why);
}

static int append(struct sim_list *list, const char *value, struct hvs_error *err)
{
    if (list->count == SIM_OPT_MANY)
        return usage(err, "too often: ", value);
    list->at[list->count++] = value;
    return 0;
}

static int take_flaw(struct sim_opts *out, const char *value, struct hvs_error *err)
{
    if (strcmp(value, "expired") == 0)
        out->flaw = SIM_FLAW_EXPIRED;
    else if (strcmp(value, "not-yet") == 0)
        out->flaw = SIM_FLAW_NOT_YET;
    else if (strcmp(value, "name") == 0)
        out->flaw = SIM_FLAW_NAME;
    else
        return usage(err, "--bad-cert is expired, not-yet or name, and not ", value);
    return 0;
}

static int take(struct sim_opts *out, int option, const char *value,
                struct hvs_error *err)
{
    switch (option) {
    case 's': out->scenario = value; return 0;
    case 'l': return append(&out->listen, value, err);
    case 'e': return append(&out->set, value, err);
    case 'f': return append(&out->fault, value, err);
    case 'c': out->cert = value; return 0;
    case 'k': out->key = value; return 0;
    case 'o': out->ca_out = value; return 0;
    case 'C': out->client_ca = value; return 0;
    case 'b': return take_flaw(out, value, err);
    case 't': out->state = value; return 0;
    case 'y': out->keytab = value; return 0;
    case 'L': out->log = true; return 0;
    case 'h': out->help = true; return 0;
    case 'v': out->version = true; return 0;
    default: return -1;
    }
}

int sim_opts_parse(struct sim_opts *out, int argc, char **argv, struct hvs_error *err)
{
    int option;

    *out = (struct sim_opts){0};
    opterr = 0;
    while ((option = getopt_long(argc, argv, "+:h", options, NULL)) != -1) {
        if (option == ':')
            return usage(err, "a value is missing behind ", argv[optind - 1]);
        if (option == '?')
            return usage(err, "unknown option ", argv[optind - 1]);
        if (take(out, option, optarg, err) < 0)
            return -1;
    }
    if (optind < argc)
        return usage(err, "hvsim takes options only, and not ", argv[optind]);
    if (!out->cert != !out->key)
        return usage(err, "--cert and --key go together", "");
    if (out->cert && (out->ca_out || out->flaw))
        return usage(err,
                     "--ca-out and --bad-cert are for a certificate of our own, "
                     "and not for --cert",
                     "");
    if (!out->listen.count)
        append(&out->listen, "https://127.0.0.1:0", err);
    return 0;
}

const char *sim_opts_help(void)
{
    return "usage: hvsim [options]\n"
           "\n"
           "A pretend Hyper-V host: it answers WS-Management (WinRM) as Windows would, "
           "with\n"
           "real logins, so that snapshot tools can be tried and tested without "
           "Windows.\n"
           "\n"
           "  --listen URL        http[s]://ADDRESS[:PORT][/HOST]; may be repeated. Port "
           "0\n"
           "                      takes a free one; HOST names one of the scenario's "
           "hosts,\n"
           "                      or is * for all, one port after the other\n"
           "                      (default https://127.0.0.1:0, the first host)\n"
           "  --scenario FILE     JSON with hosts, VMs, accounts, jobs, faults\n"
           "                      (default: a small built-in host)\n"
           "  --set NAME=VALUE    a switch: how this host behaves; may be repeated\n"
           "  --fault SPEC        make something go wrong; may be repeated\n"
           "  --state FILE        keep the truth there as JSON, new after every request\n"
           "  --ca-out FILE       write the certificate authority that clients must "
           "trust\n"
           "  --cert FILE         serve this certificate (PEM, with its chain)...\n"
           "  --key FILE          ...and its key, instead of making one\n"
           "  --bad-cert FLAW     make one that is wrong: expired, not-yet or name\n"
           "  --client-ca FILE    let in certificates that this CA signed (CN is the "
           "account)\n"
           "  --keytab FILE       keys of HTTP/name for Kerberos (default: KRB5_KTNAME)\n"
           "  --log               a line for each request on standard error\n"
           "  --help, --version   this text; the version and the logins that work here\n"
           "\n"
           "When it listens it prints one line, \"ready URL [URL...]\", with real ports. "
           "It\n"
           "ends on SIGINT or SIGTERM with status 0; 1: it failed; 2: wrong usage.\n"
           "\n"
           "In a pipeline:\n"
           "  hvsim --ca-out ca.pem --state truth.json > ready & pid=$!\n"
           "  until url=$(sed -n 's/^ready //p' ready) && [ \"$url\" ]; do\n"
           "      sleep 0.1\n"
           "  done\n"
           "  hvsnap vms -H \"$url\" --ca-file ca.pem ...\n"
           "  kill $pid\n"
           "\n"
           "The scenario is described in hvsim(1).\n";
}
