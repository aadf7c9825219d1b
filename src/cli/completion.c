#include "cli/completion.h"

#include "cli/command.h"
#include "cli/settings.h"

#include <string.h>

static bool wants_file(const struct opt *row)
{
    return strcmp(row->value, "FILE") == 0;
}

/* "one two three" of "one|two|three" */
static void print_words(FILE *to, const char *words)
{
    for (; *words; words++)
        putc(*words == '|' ? ' ' : *words, to);
}

static void print_commands(FILE *to)
{
    const struct command *const *row;

    for (row = commands; *row; row++)
        fprintf(to, "%s ", (*row)->name);
}

/* --- bash: no `compgen -W`, which would expand the words that it is given ----------- */

static const char bash_head[] =
    "# bash completion of hvsnap, made by `hvsnap help completion-bash`.\n"
    "\n"
    "# Those of the arguments that begin as the word does; options only when it is one.\n"
    "_hvsnap_offer() {\n"
    "    local word\n"
    "    for word; do\n"
    "        [[ $word != \"$cur\"* || ($word == -* && $cur != -*) ]] ||\n"
    "            COMPREPLY+=(\"$before$word\")\n"
    "    done\n"
    "}\n"
    "\n"
    "_hvsnap_files() {\n"
    "    local name\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    while IFS= read -r name; do\n"
    "        COMPREPLY+=(\"$before$name\")\n"
    "    done < <(compgen -f -- \"$cur\")\n"
    "}\n"
    "\n"
    "# What an option of a command takes; fails where it takes nothing.\n"
    "_hvsnap_takes() {\n"
    "    words=() files=''\n"
    "    case $1:$2 in\n";

static const char bash_middle[] =
    "    *) return 1 ;;\n"
    "    esac\n"
    "}\n"
    "\n"
    "_hvsnap() {\n"
    "    local cur=$2 before='' verb=${COMP_WORDS[1]} option='' words files common i\n"
    "    COMPREPLY=()\n"
    "    for ((i = 2; i < COMP_CWORD; i++)); do\n"
    "        if [[ $option ]]; then\n"
    "            [[ ${COMP_WORDS[i]} == '=' ]] || option=''\n"
    "        elif [[ ${COMP_WORDS[i]} == -- ]]; then\n"
    "            return\n"
    "        elif _hvsnap_takes \"$verb\" \"${COMP_WORDS[i]}\"; then\n"
    "            option=${COMP_WORDS[i]}\n"
    "        fi\n"
    "    done\n"
    "    # Where = does not break words.\n"
    "    if [[ ! $option && $cur == --*=* ]]; then\n"
    "        option=${cur%%=*} before=${cur%%=*}= cur=${cur#*=}\n"
    "    fi\n"
    "    if [[ $option ]]; then\n"
    "        _hvsnap_takes \"$verb\" \"$option\" || return\n"
    "        _hvsnap_offer \"${words[@]}\"\n"
    "        [[ ! $files ]] || _hvsnap_files\n"
    "        return\n"
    "    fi\n";

static const char bash_end[] = "    *) return ;;\n"
                               "    esac\n"
                               "    _hvsnap_offer \"${words[@]}\"\n"
                               "}\n"
                               "\n"
                               "complete -F _hvsnap hvsnap\n";

/* The patterns of options that take something; `verb` may be "*". */
static void bash_takes(FILE *to, const char *verb, const struct opt *rows)
{
    for (; rows->name; rows++) {
        if (!rows->value)
            continue;
        fputs("    ", to);
        if (rows->letter)
            fprintf(to, "%s:-%c | ", verb, rows->letter);
        fprintf(to, "%s:--%s)", verb, rows->name);
        if (rows->words) {
            fputs(" words=(", to);
            print_words(to, rows->words);
            putc(')', to);
        } else if (wants_file(rows)) {
            fputs(" files=yes", to);
        }
        fputs(" ;;\n", to);
    }
}

static void bash_options(FILE *to, const struct opt *rows)
{
    for (; rows->name; rows++)
        fprintf(to, " --%s", rows->name);
}

static void print_bash(FILE *to)
{
    const struct command *const *row;

    fputs(bash_head, to);
    for (row = commands; *row; row++)
        bash_takes(to, (*row)->name, (*row)->opts);
    bash_takes(to, "*", setting_rows);
    fputs(bash_middle, to);
    fputs("    common=(", to);
    bash_options(to, setting_rows);
    fputs(")\n"
          "    case $COMP_CWORD:$verb in\n",
          to);
    fputs("    1:*) words=(", to);
    print_commands(to);
    fputs("help --help --version) ;;\n"
          "    2:help) words=(",
          to);
    print_commands(to);
    fputs("options) ;;\n", to);
    for (row = commands; *row; row++) {
        fprintf(to, "    *:%s) words=(\"${common[@]}\"", (*row)->name);
        bash_options(to, (*row)->opts);
        fputs(") ;;\n", to);
    }
    fputs(bash_end, to);
}

/* --- zsh: specifications for its _arguments ---------------------------------------- */

static const char zsh_head[] =
    "#compdef hvsnap\n"
    "# zsh completion of hvsnap, made by `hvsnap help completion-zsh`.\n"
    "\n"
    "_hvsnap() {\n"
    "    local verb=$words[2]\n"
    "    local -a commands common\n"
    "    commands=(\n";

static const char zsh_middle[] =
    "    )\n"
    "    if (( CURRENT == 2 )) && [[ $PREFIX == -* ]]; then\n"
    "        compadd -- --help --version\n"
    "        return\n"
    "    fi\n"
    "    if (( CURRENT == 2 )); then\n"
    "        commands+=('help:what a command and its options do')\n"
    "        _describe -t commands command commands\n"
    "        return\n"
    "    fi\n"
    "    if (( CURRENT == 3 )) && [[ $verb == help ]]; then\n"
    "        commands+=('options:those of every command')\n"
    "        _describe -t commands command commands\n"
    "        return\n"
    "    fi\n"
    "    common=(\n";

static const char zsh_end[] = "    *) return 1 ;;\n"
                              "    esac\n"
                              "    _arguments -s -S : $common\n"
                              "}\n"
                              "\n"
                              "_hvsnap \"$@\"\n";

/* In single quotes, where []:\ mean something to a specification. */
static void zsh_text(FILE *to, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\'", to);
        else if (strchr("[]:\\", *text))
            putc('\\', to);
        putc(*text, to);
    }
}

/* An option under one of its names; `joint` is what may stand between it and its value.
 * One that counts once is not offered again under the other name. */
static void zsh_option(FILE *to, const struct opt *row, const char *name,
                       const char *joint)
{
    fputs("        '", to);
    if (row->kind == OPT_LIST)
        putc('*', to);
    else if (row->letter)
        fprintf(to, "(-%c --%s)", row->letter, row->name);
    fprintf(to, "%s%s[", name, row->value ? joint : "");
    zsh_text(to, row->help);
    putc(']', to);
    if (row->value) {
        putc(':', to);
        zsh_text(to, row->value);
        putc(':', to);
    }
    if (row->words) {
        putc('(', to);
        print_words(to, row->words);
        putc(')', to);
    } else if (row->value) {
        fputs(wants_file(row) ? "_files" : " ", to);
    }
    fputs("'\n", to);
}

static void zsh_options(FILE *to, const struct opt *rows)
{
    char name[64];

    for (; rows->name; rows++) {
        if (rows->letter) {
            snprintf(name, sizeof(name), "-%c", rows->letter);
            zsh_option(to, rows, name, "+");
        }
        snprintf(name, sizeof(name), "--%s", rows->name);
        zsh_option(to, rows, name, "=");
    }
}

static void print_zsh(FILE *to)
{
    const struct command *const *row;

    fputs(zsh_head, to);
    for (row = commands; *row; row++) {
        fprintf(to, "        '%s:", (*row)->name);
        zsh_text(to, (*row)->summary);
        fputs("'\n", to);
    }
    fputs(zsh_middle, to);
    zsh_options(to, setting_rows);
    fputs("    )\n"
          "    shift words\n"
          "    (( CURRENT-- ))\n"
          "    case $verb in\n",
          to);
    for (row = commands; *row; row++) {
        fprintf(to, "    %s)\n        common+=(\n", (*row)->name);
        zsh_options(to, (*row)->opts);
        fputs("        '*:", to);
        zsh_text(to, (*row)->operands);
        fputs(":( )'\n        )\n        ;;\n", to); /* a blank alone hinders options */
    }
    fputs(zsh_end, to);
}

/* --- fish: a line for each option of each command ----------------------------------- */

static const char fish_head[] =
    "# fish completion of hvsnap, made by `hvsnap help completion-fish`.\n"
    "\n"
    "function __hvsnap_is -d 'Is the command one of these?'\n"
    "    set -l words (commandline -opc)\n"
    "    contains -- \"$words[2]\" $argv\n"
    "end\n"
    "\n"
    "complete -c hvsnap -f\n"
    "complete -c hvsnap -n '__hvsnap_is \"\"' -l help -d 'all commands'\n"
    "complete -c hvsnap -n '__hvsnap_is \"\"' -l version -d 'of all parts'\n"
    "complete -c hvsnap -n '__hvsnap_is \"\"' -a help -d 'of a command'\n"
    "complete -c hvsnap -n '__hvsnap_is help' -a options -d 'of every command'\n";

static void fish_text(FILE *to, const char *text)
{
    putc('\'', to);
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            putc('\\', to);
        putc(*text, to);
    }
    putc('\'', to);
}

static void fish_options(FILE *to, const char *when, const struct opt *rows)
{
    for (; rows->name; rows++) {
        fprintf(to, "complete -c hvsnap -n '%s'", when);
        if (rows->letter)
            fprintf(to, " -s %c", rows->letter);
        fprintf(to, " -l %s", rows->name);
        if (rows->words) {
            fputs(" -x -a '", to);
            print_words(to, rows->words);
            putc('\'', to);
        } else if (rows->value) {
            fputs(wants_file(rows) ? " -r -F" : " -x", to);
        }
        fputs(" -d ", to);
        fish_text(to, rows->help);
        putc('\n', to);
    }
}

static void print_fish(FILE *to)
{
    const struct command *const *row;
    char when[64];

    fputs(fish_head, to);
    for (row = commands; *row; row++) {
        fputs("complete -c hvsnap -n '__hvsnap_is \"\" help'", to);
        fprintf(to, " -a %s -d ", (*row)->name);
        fish_text(to, (*row)->summary);
        putc('\n', to);
        snprintf(when, sizeof(when), "__hvsnap_is %s", (*row)->name);
        fish_options(to, when, (*row)->opts);
    }
    fish_options(to, "not __hvsnap_is \"\" help", setting_rows);
}

bool completion_print(FILE *to, const char *topic)
{
    static const struct {
        const char *topic;
        void (*print)(FILE *to);
    } shells[] = {
        {"completion-bash", print_bash},
        {"completion-zsh", print_zsh},
        {"completion-fish", print_fish},
    };
    size_t i;

    for (i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
        if (strcmp(topic, shells[i].topic) != 0)
            continue;
        shells[i].print(to);
        return true;
    }
    return false;
}
