#include "hvsim/damage.h"

#include <stdbool.h>
#include <string.h>

static char *find(char *in, size_t len, const char *what)
{
    size_t size = strlen(what), i;

    for (i = 0; i + size <= len; i++)
        if (memcmp(in + i, what, size) == 0)
            return in + i;
    return NULL;
}

static bool flip(char *at)
{
    if (at)
        *at ^= 1;
    return at != NULL;
}

/* The number behind "Length=" is one more, or less, or as good as. */
static bool miscount(char *body, size_t len, int by)
{
    char *at = find(body, len, "Length=");

    if (!at)
        return false;
    for (at += 7; at + 1 < body + len && at[1] >= '0' && at[1] <= '9'; at++)
        ;
    if (by > 0)
        *at = *at == '9' ? '8' : (char)(*at + 1);
    else
        *at = *at == '0' ? '1' : (char)(*at - 1);
    return true;
}

/* `skip` bytes behind the header of the sealed part: first the signature's length. */
static char *token(char *body, size_t len, size_t skip)
{
    static const char header[] = "octet-stream\r\n";
    char *at = find(body, len, header);

    at = at ? at + sizeof(header) - 1 + skip : NULL;
    return at && at < body + len ? at : NULL;
}

static bool damage_frame(char *type, char *body, size_t *len, int field)
{
    switch (field % SIM_DAMAGE_FIELDS) {
    case 0: return flip(find(type, strlen(type), "HTTP-SPNEGO"));
    case 1: return flip(find(type, strlen(type), "Encrypted Boundary"));
    case 2: return flip(find(body, *len, "OriginalContent"));
    case 3: return miscount(body, *len, -1);
    case 4: return miscount(body, *len, 1);
    case 5: return flip(find(body, *len, "octet-stream"));
    case 6: return flip(token(body, *len, 0));
    case 7: return flip(token(body, *len, 8));
    case 8: return flip(token(body, *len, 60));
    default: /* the end of the last boundary is missing */
        *len -= *len > 4 ? 4 : 0;
        return true;
    }
}

static bool damage_clear(char *type, char *body, size_t len, int field)
{
    static const char *const words[] = {"Envelope", "Body", "RelatesTo", "Action"};

    if (field % 5 == 4)
        return flip(find(type, strlen(type), "soap+xml"));
    return flip(find(body, len, words[field % 5]));
}

void sim_damage(char *type, char *body, size_t *len, int field)
{
    bool sealed = strstr(type, "encrypted");

    if (!(sealed ? damage_frame(type, body, len, field)
                 : damage_clear(type, body, *len, field)) &&
        *len)
        flip(body + *len / 2);
}
