#ifndef SIM_TEXT_H
#define SIM_TEXT_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

/* What the host says, in its languages. */
enum sim_language { SIM_ENGLISH, SIM_GERMAN, SIM_JAPANESE, SIM_LANGUAGES };

enum sim_text {
    TX_VM,
    TX_HOST,
    TX_HOST_LONG,
    TX_OK,
    TX_IN_SERVICE,
    TX_SETTINGS,
    TX_SETTINGS_ACTIVE,
    TX_SETTINGS_SNAPSHOT,
    TX_AUTOMATIC,
    TX_JOB_CREATE, /* what a job does; the same words tell what the VM is busy with */
    TX_JOB_APPLY,
    TX_JOB_DESTROY,
    TX_JOB_CLEAR,
    TX_JOB_MERGE,
    TX_JOB_MODIFY,
    TX_JOB_START,
    TX_JOB_OFF,
    TX_JOB_SAVE,
    TX_JOB_NEW,
    TX_JOB_RUNNING,
    TX_JOB_DONE,
    TX_JOB_DONE_WELL,
    TX_JOB_WARNINGS,
    TX_JOB_STOPPED,
    TX_JOB_FAILED,
    TX_FAILED_CREATE, /* {0} is the VM's name, {1} its id */
    TX_FAILED_OTHER,
    TX_WHY_DISABLED,
    TX_WHY_DISABLED_ID,
    TX_WHY_LIMIT,
    TX_WHY_VSS,
    TX_WHY_VSS_GUEST,
    TX_WHY_DISK,
    TX_WHY_STATE,
    TX_WHY_READ_ONLY,
    TX_WHY_HRESULT, /* {0} is the number */
    TX_WHY_OTHER,
    TX_COUNT
};

/* "de-DE" or "de" gives SIM_GERMAN. False when the language is not installed. */
bool sim_language_find(const char *tag, enum sim_language *out);

/* Its tag: "de-DE". */
const char *sim_language_tag(enum sim_language language);

const char *sim_text(enum sim_language language, enum sim_text id);

/* Append the text with {0} and {1} replaced. */
void sim_text_add(struct hvs_buf *out, enum sim_language language, enum sim_text id,
                  const char *first, const char *second);

/* The host's own name for a snapshot: its language, its local time, to the second. */
void sim_default_name(struct hvs_buf *out, enum sim_language language, const char *vm,
                      int64_t local_ms, bool automatic);

#endif
