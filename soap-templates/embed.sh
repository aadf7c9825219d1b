#!/bin/sh
# Each soap-templates/NAME.xml becomes a row of hvs_templates[] (see wsman/template.h).
#
# What goes on the wire is one line: indentation and line breaks are dropped. A line that
# begins with a letter continues the tag before it, so it keeps one space. The text
# becomes numbers, since C does not promise that a string literal may be so long.
set -eu

symbol() {
    echo "t_$(basename "$1" .xml | tr -c 'A-Za-z0-9\n' '_')"
}

one_line() {
    awk '{
        sub(/\r$/, ""); sub(/^[ \t]+/, ""); sub(/[ \t]+$/, "")
        if (last != "" && last !~ />$/ && $0 ~ /^[A-Za-z_]/)
            printf " "
        printf "%s", $0
        if ($0 != "")
            last = $0
    }' "$1"
}

echo '#include "wsman/template.h"'
for file in "$@"; do
    echo "static const char $(symbol "$file")[] = {"
    one_line "$file" | od -An -v -tu1 | sed 's/  *\([0-9][0-9]*\)/\1,/g'
    echo '0};'
done
echo 'const struct hvs_template hvs_templates[] = {'
for file in "$@"; do
    echo "    {\"$(basename "$file" .xml)\", $(symbol "$file")},"
done
echo '    {0},'
echo '};'
