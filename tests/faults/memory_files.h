#ifndef FAULTS_MEMORY_FILES_H
#define FAULTS_MEMORY_FILES_H

#include "faults/memory.h"

/* What the tries share: a folder with files, a KDC where there is one, the programs.
 * memory_open() makes them. */
void memory_files_close(void);

/* The path of a file in the folder, or, from 0 on, in that of a try; good until four more
 * are asked for. */
const char *memory_path(int number, const char *name);

const char *memory_hvsnap(void);
const char *memory_hvsim(void);

#endif
