#include "faults/memory_files.h"

#include "faults/program.h"
#include "faults/program_files.h"
#include "support/kdc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* web1 alone, since the whole state is written at each reply. */
static const char scenario[] =
    "{\"hosts\": [{\"name\": \"HV%%d\", \"count\": %d,\n"
    "  \"duration_ms\": 0, \"merge_ms\": 0, \"vms\": [\n"
    "  {\"name\": \"web1\", \"id\": \"0F6B2C44-7D0E-4B3E-9C51-2A61D5F0A1B2\", \"state\": "
    "\"running\",\n"
    "   \"notes\": \"front end\", \"snapshots\": [\n"
    "    {\"name\": \"fresh install\", \"id\": \"" PROGRAM_ROOT "\",\n"
    "     \"type\": \"standard\", \"created\": \"2026-01-10T08:00:00Z\"},\n"
    "    {\"name\": \"before 2.4\", \"id\": \"" PROGRAM_SNAPSHOT "\",\n"
    "     \"created\": \"2026-01-12T08:00:00Z\",\n"
    "     \"notes\": \"mine\\n--- hvsnap: snapshot " PROGRAM_SNAPSHOT " ---\\n"
    "label: env=prod\\n--- hvsnap: end ---\"}]}]}]}\n";

static const struct {
    const char *name, *text;
} files[] = {
    {"password", "Passw0rd!\n"},
    {"hosts.ini", "[web]\nweb1 tier=1\n[prod:children]\nweb\n"},
    {"hosts.json", "{\"_meta\": {\"hostvars\": {\"web1\": {\"tier\": \"1\"}}},\n"
                   " \"all\": {\"children\": [\"prod\"]}, \"prod\": {\"children\":\n"
                   " [\"web\"]}, \"web\": {\"hosts\": [\"web1\"]}}\n"},
    {"targets", "# one\nweb1\n"},
};

static char dir[100], program[400], hvsim[400];
static struct kdc kdc;
static bool has_kdc;
static const char *lacks[LOGIN_KRB5 + 1];

const char *memory_path(int number, const char *name)
{
    static char paths[4][300];
    static unsigned next;
    char *path = paths[next++ % 4];

    if (number < 0)
        snprintf(path, sizeof(paths[0]), "%s/%s", dir, name);
    else
        snprintf(path, sizeof(paths[0]), "%s/%d/%s", dir, number, name);
    return path;
}

/* Tries have folders of their own. */
static void find_programs(void)
{
    const char *build = getenv("BUILD");
    char here[200] = "";

    if (!build)
        build = "build";
    if (*build != '/' && !getcwd(here, sizeof(here)))
        abort();
    snprintf(program, sizeof(program), "%s%s%.150s/tests/faults/hvsnap-memory", here,
             *here ? "/" : "", build);
    snprintf(hvsim, sizeof(hvsim), "%s%s%.150s/hvsim", here, *here ? "/" : "", build);
}

/* A KDC, a keytab, and a ticket. NULL, or why not. */
static const char *start_kdc(void)
{
    const char *why = kdc_start(&kdc);
    char command[900];
    FILE *out;

    has_kdc = !why;
    if (why)
        return why;
    snprintf(command, sizeof(command), "cp '%s' '%s' && kinit -k -t '%s' hvuser 2>&1",
             kdc_path(&kdc, "user.keytab"), memory_path(-1, "user.keytab"),
             memory_path(-1, "user.keytab"));
    out = popen(command, "r");
    return out && pclose(out) == 0 ? NULL : "no ticket";
}

static const char *look_for_ntlm(void)
{
    char command[500], text[1000];
    size_t len;
    FILE *out;

    snprintf(command, sizeof(command), "'%s' --version", hvsim);
    out = popen(command, "r");
    if (!out)
        return "no shell";
    len = fread(text, 1, sizeof(text) - 1, out);
    text[len] = '\0';
    pclose(out);
    return strstr(text, " and NTLM") ? NULL : "no gss-ntlmssp";
}

void memory_open(void)
{
    const char *tmp = getenv("TMPDIR");
    size_t i;

    find_programs();
    umask(077);
    snprintf(dir, sizeof(dir), "%.60s/hvsnap-memory.XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(dir))
        abort();
    for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        program_write(memory_path(-1, files[i].name), "%s", files[i].text);
    program_write(memory_path(-1, "scenario"), scenario, MEMORY_HOSTS);
    mkdir(memory_path(-1, "hvsnap"), 0700);
    program_write(memory_path(-1, "hvsnap/config"),
                  "[default]\nauth = basic\nca-file = %s/ca\n[host 127.0.0.1]\n"
                  "user = HVTEST\\hvuser\npassword-file = %s/password\n",
                  dir, dir);
    lacks[LOGIN_NTLM] = lacks[LOGIN_SEALED] = look_for_ntlm();
    lacks[LOGIN_KRB5] = start_kdc();
}

const char *memory_lacks(enum memory_login login)
{
    return lacks[login];
}

const char *memory_hvsnap(void)
{
    return program;
}

const char *memory_hvsim(void)
{
    return hvsim;
}

void memory_files_close(void)
{
    char command[200];
    FILE *out;

    snprintf(command, sizeof(command), "rm -rf '%s'", dir);
    out = popen(command, "r");
    if (out)
        pclose(out);
    if (has_kdc)
        kdc_stop(&kdc);
}
