#ifndef SIM_DAMAGE_H
#define SIM_DAMAGE_H

#include <stddef.h>

/* The fields of a sealed reply; of a clear one they are others, of its envelope. */
enum { SIM_DAMAGE_FIELDS = 10 };

/* Spoil one field of a reply: of its Content-Type, or of its body, which may become
 * shorter. What is not there is not spoilt, and then the body's middle is. */
void sim_damage(char *type, char *body, size_t *len, int field);

#endif
