#!/bin/sh
# Run a program under valgrind: any bad access, or memory that nothing points to, fails.
exec valgrind -q --error-exitcode=99 --num-callers=40 --leak-check=full \
    --errors-for-leak-kinds=definite --show-leak-kinds=definite \
    --suppressions=tests/support/valgrind.supp "$@"
