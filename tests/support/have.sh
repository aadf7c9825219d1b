#!/bin/sh
# have.sh MODULE... : succeed when pkg-config knows each, else say what to do.
pkg=${PKG_CONFIG:-pkg-config}
if ! command -v "$pkg" >/dev/null; then
    missing=" pkg-config"
else
    for module; do
        "$pkg" --exists "$module" || missing="$missing '$module'"
    done
fi
[ -z "$missing" ] && exit 0
{
    echo "hvsnap cannot be built, missing or too old:$missing"
    echo "'tests/support/deps.sh build' installs what is missing"
} >&2
exit 1
