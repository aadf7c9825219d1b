#include "base/err.h"
#include "hvsim/scenario.h"
#include "hvsim/times.h"

#include <string.h>

static bool among(const char *words, const char *word)
{
    size_t len = strlen(word), n;

    for (;; words += n + 1) {
        n = strcspn(words, " ");
        if (n == len && memcmp(words, word, n) == 0)
            return true;
        if (!words[n])
            return false;
    }
}

static int bad(const char *where, const char *key, const char *wanted,
               struct hvs_error *err)
{
    return hvs_err_set(err, HVS_USAGE, 0, "scenario: '%s' of %s must be %s", key, where,
                       wanted);
}

int sim_json_keys(const json_t *object, const char *known, const char *where,
                  struct hvs_error *err)
{
    const char *key;
    json_t *value;

    if (!json_is_object(object))
        return hvs_err_set(err, HVS_USAGE, 0, "scenario: %s must be an object", where);
    json_object_foreach((json_t *)object, key, value)
    {
        if (!among(known, key))
            return hvs_err_set_hint(err, HVS_USAGE, 0, known,
                                    "scenario: %s knows no '%s'", where, key);
    }
    return 0;
}

int sim_json_text(const json_t *object, const char *key, const char **out,
                  const char *where, struct hvs_error *err)
{
    const json_t *value = json_object_get(object, key);

    if (!value)
        return 0;
    if (!json_is_string(value))
        return bad(where, key, "a string", err);
    *out = json_string_value(value);
    return 0;
}

int sim_json_number(const json_t *object, const char *key, int64_t *out, int64_t least,
                    int64_t most, const char *where, struct hvs_error *err)
{
    const json_t *value = json_object_get(object, key);

    if (!value)
        return 0;
    if (!json_is_integer(value) || json_integer_value(value) < least ||
        json_integer_value(value) > most)
        return hvs_err_set(
            err, HVS_USAGE, 0,
            "scenario: '%s' of %s must be a whole number from %lld to %lld", key, where,
            (long long)least, (long long)most);
    *out = json_integer_value(value);
    return 0;
}

int sim_json_bool(const json_t *object, const char *key, bool *out, const char *where,
                  struct hvs_error *err)
{
    const json_t *value = json_object_get(object, key);

    if (!value)
        return 0;
    if (!json_is_boolean(value))
        return bad(where, key, "true or false", err);
    *out = json_is_true(value);
    return 0;
}

int sim_json_array(const json_t *object, const char *key, const json_t **out,
                   const char *where, struct hvs_error *err)
{
    *out = json_object_get(object, key);
    if (*out && !json_is_array(*out))
        return bad(where, key, "an array", err);
    return 0;
}

int sim_json_time(const json_t *object, const char *key, int64_t now, int64_t *out,
                  const char *where, struct hvs_error *err)
{
    const json_t *value = json_object_get(object, key);

    if (!value)
        return 0;
    if (json_is_integer(value)) {
        *out = now + json_integer_value(value) * 1000;
        return 0;
    }
    if (!json_is_string(value) || !sim_time_parse(json_string_value(value), out))
        return bad(where, key, "a time like 2026-01-10T08:00:00Z, or seconds from now",
                   err);
    return 0;
}
