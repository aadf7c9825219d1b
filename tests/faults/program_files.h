#ifndef FAULTS_PROGRAM_FILES_H
#define FAULTS_PROGRAM_FILES_H

/* All of a file, or "" where there is none; yours to free. */
char *program_read(const char *path);
void program_write(const char *path, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
