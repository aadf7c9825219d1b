#!/bin/sh
# The completions, in the shells that they are for: they offer what --help lists, and run
# nothing, whatever stands on the command line.
. "$SRCDIR/tests/support/lib.sh"

# A VM may be called anything. Whoever asks hvsnap itself is found out, too.
RAN=$TMPDIR/ran
EVIL="\$(touch $RAN)"
mkdir "$TMPDIR/bin" "$TMPDIR/files" "$TMPDIR/zsh"
printf '#!/bin/sh\ntouch "%s"\n' "$RAN" >"$TMPDIR/bin/hvsnap"
chmod +x "$TMPDIR/bin/hvsnap"
PATH=$TMPDIR/bin:$PATH

# --- what is expected: what --help lists

commands() {
    "$HVSNAP" --help | sed -n 's/^  \([a-z]*\)  *.*/\1/p'
}

# The options in a command's help, with those of all commands, for the next three.
read_options() {
    { "$HVSNAP" "$1" --help && cat "$TMPDIR/common"; } |
        grep '^  [- ].*--[a-z]' >"$TMPDIR/options"
}

options() {
    sed 's/^[^-]*\(-., \)*\(--[a-z-]*\).*/\2/' "$TMPDIR/options"
}

# "--output table wide": those whose line ends in a list of words.
word_options() {
    sed -nE 's/^.*(--[a-z-]+) .*: (([A-Za-z-]+, )+[A-Za-z-]+)$/\1 \2/p' \
        "$TMPDIR/options" | tr -d ,
}

# "--ca-file": those that want a FILE.
file_options() {
    sed -n 's/^.*\(--[a-z-]*\) FILE .*/\1/p' "$TMPDIR/options"
}

# expect LINE [WORD...]: a row of the table, which is the same for all shells.
expect() {
    row=$1
    shift
    printf '%s\n' "$row" >>"$TMPDIR/lines"
    for word; do
        printf '%s| %s\n' "$row" "$word" >>"$TMPDIR/expected"
    done
}

# shellcheck disable=SC2046,SC2086 # words
make_table() {
    expect "hvsnap " $(commands) help
    expect "hvsnap cre" create
    expect "hvsnap --" --help --version
    expect "hvsnap help " $(commands) options
    expect "hvsnap help vm" vms
    expect "hvsnap nosuch $EVIL "
    "$HVSNAP" help options >"$TMPDIR/common"
    for verb in $(commands); do
        read_options "$verb"
        expect "hvsnap $verb --" $(options)
        expect "hvsnap $verb $EVIL '$EVIL' \"$EVIL\" --" $(options)
        expect "hvsnap $verb $EVIL "
        expect "hvsnap $verb -- $EVIL --"
        word_options | while read -r option words; do
            expect "hvsnap $verb $EVIL $option " $words
            expect "hvsnap $verb $option=" $words
        done
        for option in $(file_options); do
            expect "hvsnap $verb $EVIL $option pl" plain
        done
    done
    expect "hvsnap list $EVIL -o n" name ndjson
    expect "hvsnap list $EVIL --output ndj" ndjson
    expect "hvsnap list --output json --tra" --trace
    expect "hvsnap list --host "
    sort -u -o "$TMPDIR/expected" "$TMPDIR/expected"
}

# What stands where the questions are asked.
cd "$TMPDIR/files" || exit 1
: >plain
# shellcheck disable=SC2016 # so it is called
: >'$(touch ran)'

# Hold the answers against the table: "LINE| WORD" for each; some say "--output=json".
compare() {
    sed 's/| .*=/| /' "$TMPDIR/answers" | sort -u >"$TMPDIR/got"
    diff "$TMPDIR/expected" "$TMPDIR/got" >"$TMPDIR/diff" || fail "$(cat "$TMPDIR/diff")"
    expect_nothing_ran
}

expect_nothing_ran() {
    [ ! -e "$RAN" ] && [ ! -e ran ] || fail "something was run"
    rm -f "$RAN" ran
}

# --- a shell on a terminal: util-linux's script, others take their arguments otherwise

have_terminal() {
    script --version 2>/dev/null | grep -q util-linux
}

# on_terminal KEYS COMMAND...: and ^T, which has the shell say what the line then is.
on_terminal() {
    keys=$1
    shift
    rm -f "$TMPDIR/answers"
    printf '%b' "$keys" | script -qec "$*" "$TMPDIR/typescript" >"$TMPDIR/out" 2>&1
    [ -s "$TMPDIR/answers" ] || fail "no answer" "$(cat "$TMPDIR/out")"
}

KEYS="hvsnap delete $EVIL --tra\t-o nd\t\024hvsnap cre\t--output=js\t\024"
KEYS="${KEYS}hvsnap list --output=\tw\t\024hvsnap list --ca-file pl\t\024"
KEYS="${KEYS}hvsnap list --ca-file \\\\\$\t\024exit\n"
cat >"$TMPDIR/typed" <<END
hvsnap delete $EVIL --trace -o ndjson 
hvsnap create --output=json 
hvsnap list --output=wide 
hvsnap list --ca-file plain 
hvsnap list --ca-file \\\$\\(touch\\ ran\\) 
END

expect_typed() {
    diff "$TMPDIR/typed" "$TMPDIR/answers" >"$TMPDIR/diff" || fail "$(cat "$TMPDIR/diff")"
    expect_nothing_ran
}

# --- the shells

cat >"$TMPDIR/ask.bash" <<'END'
. "$1"
complete -p hvsnap >&2 || exit 1
while IFS= read -r line; do
    read -ra COMP_WORDS <<<"$line"
    [[ $line != *' ' ]] || COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _hvsnap hvsnap "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    for word in "${COMPREPLY[@]}"; do
        printf '%s| %s\n' "$line" "$word"
    done
done <"$2"
END
cat >"$TMPDIR/bashrc" <<END
. "$BUILD/completion.bash"
say() { printf '%s\n' "\$READLINE_LINE" >>"$TMPDIR/answers"; READLINE_LINE=; }
bind -x '"\C-t": say'
END

in_bash() {
    begin "bash offers what --help lists"
    command -v bash >/dev/null || { skip "no bash here" && return; }
    run bash "$TMPDIR/ask.bash" "$BUILD/completion.bash" "$TMPDIR/lines"
    expect_status 0
    expect_err "complete -F _hvsnap hvsnap"
    mv "$TMPDIR/out" "$TMPDIR/answers"
    compare
    begin "bash completes on a terminal, and runs nothing"
    have_terminal || { skip "no util-linux script here" && return; }
    on_terminal "$KEYS" bash --noprofile --rcfile "$TMPDIR/bashrc" -i
    expect_typed
}

cat >"$TMPDIR/ask.fish" <<'END'
source $argv[1]
for line in (cat $argv[2])
    for match in (complete -C $line)
        printf '%s| %s\n' $line (string split \t -- $match)[1]
    end
end
END

in_fish() {
    begin "fish offers what --help lists, and runs nothing"
    command -v fish >/dev/null || { skip "no fish here" && return; }
    export HOME="$TMPDIR" XDG_CONFIG_HOME="$TMPDIR" XDG_DATA_HOME="$TMPDIR"
    run fish --no-config "$TMPDIR/ask.fish" "$BUILD/completion.fish" "$TMPDIR/lines"
    expect_status 0
    mv "$TMPDIR/out" "$TMPDIR/answers"
    compare
    begin "fish completes names of files where a FILE is wanted"
    run fish --no-config -c "source $BUILD/completion.fish
        complete -C 'hvsnap list --ca-file '; complete -C 'hvsnap doctor --report=pl'"
    expect_status 0
    expect_out plain
    expect_out '--report=plain'
    expect_out '(touch ran)'
    expect_nothing_ran
}

cp "$BUILD/completion.zsh" "$TMPDIR/zsh/_hvsnap"
cat >"$TMPDIR/zsh/.zshrc" <<END
fpath=("$TMPDIR/zsh" \$fpath)
autoload -Uz compinit && compinit -D -u
unsetopt auto_menu auto_list
answers=$TMPDIR/answers lines=$TMPDIR/lines
END
cat >>"$TMPDIR/zsh/.zshrc" <<'END'
bindkey '^I' complete-word
compadd() {
    local -a hits
    if [[ -n $asked && ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
        builtin compadd -O hits "$@"
        (( ! $#hits )) || print -rl -- "$asked| "$^hits >>$answers
    fi
    builtin compadd "$@"
}
ask() {
    for asked in "${(@f)$(<$lines)}"; do
        BUFFER=$asked CURSOR=$#asked
        zle complete-word
    done
    exit
}
say() { print -r -- "$BUFFER" >>$answers; BUFFER= }
zle -N ask && bindkey '^A' ask
zle -N say && bindkey '^T' say
END

in_zsh() {
    begin "zsh offers what --help lists, and runs nothing"
    command -v zsh >/dev/null || { skip "no zsh here" && return; }
    have_terminal || { skip "no util-linux script here" && return; }
    export ZDOTDIR="$TMPDIR/zsh"
    on_terminal '\001' zsh -d -i
    compare
    begin "zsh completes on a terminal"
    on_terminal "$KEYS" zsh -d -i
    expect_typed
}

make_table
in_bash
in_zsh
in_fish
finish
