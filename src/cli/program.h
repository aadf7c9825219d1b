#ifndef HVS_CLI_PROGRAM_H
#define HVS_CLI_PROGRAM_H

/* All of hvsnap but what main() does to the process. Returns the exit status. */
int program_run(int argc, char **argv);

#endif
