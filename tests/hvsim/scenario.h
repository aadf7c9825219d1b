#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include "hvsim/world.h"

#include <jansson.h>

/* A scenario is the world's beginning, in JSON: docs/hvsim-scenario.md has the format. */

/* Fill a world from a file; NULL for the built-in small host. */
int sim_scenario_load(struct sim_world *world, const char *file, struct hvs_error *err);

/* The text of the built-in scenario. */
extern const char sim_scenario_builtin[];

/* Read "vms" and "generate" of a host. `where` names it in messages. */
int sim_scenario_vms(struct sim_host *host, const json_t *object, const char *where,
                     struct hvs_error *err);

/*
 * Readers of one member: it may be left out, but must be of the right type and range.
 * They return 0, or -1 with a message that names the member.
 */
int sim_json_keys(const json_t *object, const char *known, const char *where,
                  struct hvs_error *err); /* "a b c"; also that it is an object */
int sim_json_text(const json_t *object, const char *key, const char **out,
                  const char *where, struct hvs_error *err);
int sim_json_number(const json_t *object, const char *key, int64_t *out, int64_t least,
                    int64_t most, const char *where, struct hvs_error *err);
int sim_json_bool(const json_t *object, const char *key, bool *out, const char *where,
                  struct hvs_error *err);
int sim_json_array(const json_t *object, const char *key, const json_t **out,
                   const char *where, struct hvs_error *err);

/* A time: as in 2026-01-10T08:00:00Z, or seconds from the world's beginning. */
int sim_json_time(const json_t *object, const char *key, int64_t now, int64_t *out,
                  const char *where, struct hvs_error *err);

#endif
