#include "wsman/challenge.h"

#include "base/base64.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* One piece between commas: a scheme and what follows it, or a parameter of the scheme
 * before. */
struct piece {
    const char *scheme, *rest;
    size_t scheme_len, rest_len;
};

/* The end of the piece at `at`: a comma outside quotes, a line's end, or the end. */
static const char *piece_end(const char *at)
{
    bool quoted = false;

    for (; *at && *at != '\n'; at++) {
        if (*at == '\\' && quoted && at[1] && at[1] != '\n')
            at++;
        else if (*at == '"')
            quoted = !quoted;
        else if (*at == ',' && !quoted)
            break;
    }
    return at;
}

/* Read the next piece that names a scheme; NULL at the end, else where to go on. */
static const char *next_piece(const char *at, struct piece *out)
{
    const char *end, *word;

    while (*at) {
        end = piece_end(at);
        while (at < end && (*at == ' ' || *at == '\t'))
            at++;
        for (word = at; word < end && *word != ' ' && *word != '='; word++)
            ;
        *out = (struct piece){.scheme = at, .scheme_len = (size_t)(word - at)};
        while (word < end && *word == ' ')
            word++;
        out->rest = word;
        out->rest_len = (size_t)(end - word);
        at = *end ? end + 1 : end;
        if (out->scheme_len && !(out->rest_len && *out->rest == '='))
            return at;
    }
    return NULL;
}

void hvs_challenge_schemes(const char *challenges, char *out, size_t size)
{
    struct piece piece;
    size_t used = 0;

    out[0] = '\0';
    while ((challenges = next_piece(challenges, &piece))) {
        if (used + piece.scheme_len + 3 > size)
            return;
        used += (size_t)snprintf(out + used, size - used, "%s%.*s", used ? ", " : "",
                                 (int)piece.scheme_len, piece.scheme);
    }
}

bool hvs_challenge_token(const char *challenges, const char *scheme,
                         struct hvs_buf *token)
{
    struct piece piece;

    while ((challenges = next_piece(challenges, &piece))) {
        if (piece.scheme_len != strlen(scheme) ||
            strncasecmp(piece.scheme, scheme, piece.scheme_len) != 0)
            continue;
        while (piece.rest_len && strchr(" \t\r", piece.rest[piece.rest_len - 1]))
            piece.rest_len--;
        return hvs_base64_decode(token, piece.rest, piece.rest_len);
    }
    return false;
}
