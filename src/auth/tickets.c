#include "auth/tickets.h"

#include "auth/gss_cache.h"
#include "base/secret.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct hvs_tickets {
    pthread_mutex_t count_lock, lock;
    unsigned holders;
    struct hvs_share *first;
};

struct hvs_tickets *hvs_tickets_new(void)
{
    struct hvs_tickets *tickets = calloc(1, sizeof(*tickets));

    if (!tickets)
        return NULL;
    pthread_mutex_init(&tickets->count_lock, NULL);
    pthread_mutex_init(&tickets->lock, NULL);
    tickets->holders = 1;
    return tickets;
}

struct hvs_tickets *hvs_tickets_hold(struct hvs_tickets *tickets)
{
    if (tickets) {
        pthread_mutex_lock(&tickets->count_lock);
        tickets->holders++;
        pthread_mutex_unlock(&tickets->count_lock);
    }
    return tickets;
}

static void share_free(struct hvs_share *share)
{
    if (!share)
        return;
#ifdef HVS_GSSAPI
    hvs_cache_destroy(share->cache);
#endif
    if (share->password)
        hvs_wipe(share->password, strlen(share->password));
    free(share->user);
    free(share->domain);
    free(share->password);
    free(share->keytab);
    free(share);
}

void hvs_tickets_free(struct hvs_tickets *tickets)
{
    struct hvs_share *next;
    unsigned left;

    if (!tickets)
        return;
    pthread_mutex_lock(&tickets->count_lock);
    left = --tickets->holders;
    pthread_mutex_unlock(&tickets->count_lock);
    if (left)
        return;
    for (; tickets->first; tickets->first = next) {
        next = tickets->first->next;
        share_free(tickets->first);
    }
    pthread_mutex_destroy(&tickets->count_lock);
    pthread_mutex_destroy(&tickets->lock);
    free(tickets);
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* A copy of `from`, or NULL for NULL. */
static bool keep(char **out, const char *from)
{
    *out = from ? strdup(from) : NULL;
    return *out || !from;
}

static struct hvs_share *share_new(const struct hvs_credentials *who)
{
    struct hvs_share *share = calloc(1, sizeof(*share));

    if (share && keep(&share->user, who->user) && keep(&share->domain, who->domain) &&
        keep(&share->password, who->password) && keep(&share->keytab, who->keytab))
        return share;
    share_free(share);
    return NULL;
}

struct hvs_share *hvs_tickets_enter(struct hvs_tickets *tickets,
                                    const struct hvs_credentials *who)
{
    struct hvs_share *share;

    pthread_mutex_lock(&tickets->lock);
    for (share = tickets->first; share; share = share->next)
        if (same(share->user, who->user) && same(share->domain, who->domain) &&
            same(share->password, who->password) && same(share->keytab, who->keytab))
            return share;
    share = share_new(who);
    if (share) {
        share->next = tickets->first;
        tickets->first = share;
    } else {
        pthread_mutex_unlock(&tickets->lock);
    }
    return share;
}

void hvs_tickets_leave(struct hvs_tickets *tickets)
{
    pthread_mutex_unlock(&tickets->lock);
}
