#include "faults/alloc.h"

#include <libxml/parser.h>
#include <libxml/xmlmemory.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *old);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t most);
void __wrap_free(void *old);

/* What is live: an open hash of addresses, since not all that is freed came from us. */
enum { SLOTS = 1 << 20 };
static void *slots[SLOTS];
static size_t live;

static struct alloc_plan plan;
static unsigned long counts[ALLOC_ALL_OF_US];
static bool armed, failed;

/* A ticket is fetched on a thread of its own. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static size_t slot_of(const void *at)
{
    return (size_t)(((uintptr_t)at >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 44) % SLOTS;
}

static void *keep(void *at)
{
    size_t i = slot_of(at);

    if (!at)
        return NULL;
    pthread_mutex_lock(&lock);
    if (live > SLOTS / 2)
        abort();
    while (slots[i])
        i = (i + 1) % SLOTS;
    slots[i] = at;
    live++;
    pthread_mutex_unlock(&lock);
    return at;
}

static void drop_locked(const void *at)
{
    size_t i = slot_of(at), next, home;

    while (slots[i] && slots[i] != at)
        i = (i + 1) % SLOTS;
    if (!slots[i])
        return;
    live--;
    /* close the gap, or what was put behind it is never found again */
    for (next = (i + 1) % SLOTS; slots[next]; next = (next + 1) % SLOTS) {
        home = slot_of(slots[next]);
        if ((next - home) % SLOTS >= (next - i) % SLOTS) {
            slots[i] = slots[next];
            i = next;
        }
    }
    slots[i] = NULL;
}

static void drop(const void *at)
{
    pthread_mutex_lock(&lock);
    drop_locked(at);
    pthread_mutex_unlock(&lock);
}

static bool fails(enum alloc_whose whose)
{
    bool yes = false;

    pthread_mutex_lock(&lock);
    if (armed) {
        unsigned long count = ++counts[whose];

        yes = failed ? plan.on : plan.whose == whose && plan.at == count;
        failed = failed || yes;
    }
    pthread_mutex_unlock(&lock);
    return yes;
}

static void *allocate(enum alloc_whose whose, size_t size)
{
    return fails(whose) ? NULL : keep(__real_malloc(size));
}

static void *allocate_again(enum alloc_whose whose, void *old, size_t size)
{
    void *at;

    if (fails(whose))
        return NULL;
    drop(old);
    at = __real_realloc(old, size);
    keep(at ? at : old);
    return at;
}

static char *copy(enum alloc_whose whose, const char *text, size_t len)
{
    char *at = allocate(whose, len + 1);

    if (at) {
        memcpy(at, text, len);
        at[len] = '\0';
    }
    return at;
}

void *__wrap_malloc(size_t size)
{
    return allocate(ALLOC_OURS, size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails(ALLOC_OURS) ? NULL : keep(__real_calloc(count, size));
}

void *__wrap_realloc(void *old, size_t size)
{
    return allocate_again(ALLOC_OURS, old, size);
}

char *__wrap_strdup(const char *text)
{
    return copy(ALLOC_OURS, text, strlen(text));
}

char *__wrap_strndup(const char *text, size_t most)
{
    return copy(ALLOC_OURS, text, strnlen(text, most));
}

void __wrap_free(void *old)
{
    drop(old);
    __real_free(old);
}

static void *xml_malloc(size_t size)
{
    return allocate(ALLOC_LIBXML, size);
}

static void *xml_realloc(void *old, size_t size)
{
    return allocate_again(ALLOC_LIBXML, old, size);
}

static char *xml_strdup(const char *text)
{
    return copy(ALLOC_LIBXML, text, strlen(text));
}

void alloc_setup(void)
{
    if (xmlMemSetup(__wrap_free, xml_malloc, xml_realloc, xml_strdup) != 0)
        abort();
    xmlInitParser();
}

void alloc_begin(const struct alloc_plan *wanted)
{
    plan = *wanted;
    counts[ALLOC_OURS] = counts[ALLOC_LIBXML] = 0;
    failed = false;
}

bool alloc_arm(bool yes)
{
    bool was = armed;

    armed = yes;
    return was;
}

unsigned long alloc_count(enum alloc_whose whose)
{
    return counts[whose];
}

bool alloc_failed(void)
{
    return failed;
}

size_t alloc_live(void)
{
    xmlResetLastError(); /* libxml2 keeps its text, for each thread */
    return live;
}
