#include "cli/tree.h"

#include "base/buf.h"
#include "cli/json.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NONE SIZE_MAX

/* Levels that are indented; what is deeper is drawn as if it were not. */
#define DEPTH_MAX 64

/* Where a parent was looked for. */
enum standing { UNKNOWN, ON_PATH, SETTLED };

struct node {
    const struct hvs_snapshot *snapshot;
    size_t parent, first, last, next; /* of the nodes */
    enum standing standing;
    const char *remark;
};

struct tree {
    struct table *table;
    struct node *nodes;
    size_t count;
    bool ascii;
    bool more[DEPTH_MAX]; /* does the line of that level go on below? */
    size_t depth;         /* of the node that is drawn now */
};

/* A node and its id, for sorting. */
struct key {
    const char *id;
    size_t node;
};

static int compare(const void *a, const void *b)
{
    return strcasecmp(((const struct key *)a)->id, ((const struct key *)b)->id);
}

/* Find each node's parent: by bisection, since a host may have thousands. */
static bool find_parents(struct tree *tree)
{
    struct key *keys = calloc(tree->count + 1, sizeof(*keys));
    const struct key *found;
    struct node *node;
    size_t i;

    if (!keys)
        return false;
    for (i = 0; i < tree->count; i++)
        keys[i] = (struct key){tree->nodes[i].snapshot->id, i};
    qsort(keys, tree->count, sizeof(*keys), compare);
    for (i = 0; i < tree->count; i++) {
        node = &tree->nodes[i];
        if (!node->snapshot->parent_id)
            continue;
        found = bsearch(&(struct key){node->snapshot->parent_id, 0}, keys, tree->count,
                        sizeof(*keys), compare);
        if (!found)
            node->remark = "its parent is not listed";
        else
            node->parent = found->node;
    }
    free(keys);
    return true;
}

/* Cut circles open: follow the parents up to a root or to what is known to have one. */
static void cut_circles(struct tree *tree)
{
    struct node *nodes = tree->nodes;
    size_t i, at, met;

    for (i = 0; i < tree->count; i++) {
        for (at = i; at != NONE && nodes[at].standing == UNKNOWN; at = nodes[at].parent)
            nodes[at].standing = ON_PATH;
        met = at != NONE && nodes[at].standing == ON_PATH ? at : NONE;
        for (at = i; at != NONE && nodes[at].standing == ON_PATH; at = nodes[at].parent)
            nodes[at].standing = SETTLED;
        if (met != NONE) {
            nodes[met].parent = NONE;
            nodes[met].remark = "its parents form a circle";
        }
    }
}

/* Hang each node below its parent, or into the list of roots of its VM. */
static void hang(struct tree *tree, struct node *above, size_t i)
{
    if (above->first == NONE)
        above->first = i;
    else
        tree->nodes[above->last].next = i;
    above->last = i;
}

static bool is(const char *a, const char *b)
{
    return a && b && strcasecmp(a, b) == 0;
}

/* What stands before a name at the present depth. */
static void indent(struct tree *tree, struct hvs_buf *out, bool last)
{
    size_t i;

    for (i = 0; i + 1 < tree->depth && i < DEPTH_MAX; i++) {
        if (!tree->more[i])
            hvs_buf_puts(out, "   ");
        else
            hvs_buf_puts(out, tree->ascii ? "|  " : "\u2502  ");
    }
    if (!tree->depth)
        return;
    if (tree->ascii)
        hvs_buf_puts(out, last ? "`- " : "|- ");
    else
        hvs_buf_puts(out, last ? "\u2514\u2500 " : "\u251c\u2500 ");
    if (tree->depth - 1 < DEPTH_MAX)
        tree->more[tree->depth - 1] = !last;
}

static void draw(struct tree *tree, const struct hvs_snapshot *s, const char *text,
                 const char *remark, bool last)
{
    struct hvs_buf before = HVS_BUF_INIT(4096);
    char created[32];

    indent(tree, &before, last);
    table_cell_after(tree->table, hvs_buf_str(&before), text);
    table_cell(tree->table, s ? time_local(s->created_ms, created) : "");
    table_cell(tree->table, s ? hvs_snapshot_kind_name(s->kind) : "");
    table_cell(tree->table, s ? s->id : "");
    table_cell(tree->table, remark ? remark : "");
    hvs_buf_clear(&before);
}

static void draw_here(struct tree *tree, const char *remark)
{
    tree->depth++;
    draw(tree, NULL, tree->ascii ? "* you are here" : "\u25cf you are here", remark,
         true);
    tree->depth--;
}

/* Draw the tree whose roots hang below `top`. Goes by the links and not by recursion: a
 * chain may be as long as the reply. */
static void walk(struct tree *tree, const struct node *top, const char *here,
                 bool here_at_top)
{
    size_t at = top->first;
    const struct node *node, *above;
    bool last;

    while (at != NONE) {
        node = &tree->nodes[at];
        tree->depth++;
        above = node->parent == NONE ? top : &tree->nodes[node->parent];
        last = node->next == NONE &&
               !(above == top ? here_at_top : is(above->snapshot->id, here));
        draw(tree, node->snapshot, node->snapshot->name, node->remark, last);
        at = node->first;
        while (at == NONE && tree->depth) {
            if (is(node->snapshot->id, here))
                draw_here(tree, NULL);
            tree->depth--;
            at = node->next;
            if (at == NONE && node->parent == NONE)
                return;
            if (at == NONE)
                node = &tree->nodes[node->parent];
        }
    }
}

/* The line of the VM itself, with its id where others are called the same. */
static void draw_name(struct tree *tree, const struct hvs_snapshot_list *list,
                      const struct hvs_vm *vm, const char *host, bool empty)
{
    struct hvs_buf before = HVS_BUF_INIT(1024), name = HVS_BUF_INIT(4096);
    size_t i, same = 0;

    for (i = 0; i < list->vm_count; i++)
        same += strcmp(list->vms[i]->name, vm->name) == 0;
    if (host)
        hvs_buf_printf(&before, "%s/", host);
    hvs_buf_puts(&name, vm->name);
    if (same > 1)
        hvs_buf_printf(&name, " (%s)", vm->id);
    hvs_buf_puts(&name, empty ? ": no snapshots" : "");
    table_cell_after(tree->table, hvs_buf_str(&before), hvs_buf_str(&name));
    for (i = 1; i < TREE_COLUMNS; i++)
        table_cell(tree->table, "");
    hvs_buf_clear(&before);
    hvs_buf_clear(&name);
}

static void draw_vm(struct tree *tree, const struct hvs_snapshot_list *list,
                    const struct hvs_vm *vm, const char *host)
{
    struct node top = {.first = NONE};
    bool listed = false;
    size_t i;

    for (i = 0; i < tree->count; i++) {
        if (!is(tree->nodes[i].snapshot->vm_id, vm->id))
            continue;
        listed = listed || is(tree->nodes[i].snapshot->id, vm->current_id);
        if (tree->nodes[i].parent == NONE)
            hang(tree, &top, i);
    }
    tree->depth = 0;
    draw_name(tree, list, vm, host, top.first == NONE);
    walk(tree, &top, vm->current_id, !listed);
    tree->depth = 0;
    if (top.first != NONE && !listed)
        draw_here(tree, vm->current_id ? "on a snapshot that is not listed" : NULL);
}

void tree_add(struct table *table, const struct hvs_snapshot_list *list, const char *host,
              bool ascii)
{
    struct tree tree = {.table = table, .count = list->count, .ascii = ascii};
    size_t i;

    tree.nodes = calloc(list->count + 1, sizeof(*tree.nodes));
    if (!tree.nodes) {
        table->failed = true;
        return;
    }
    for (i = 0; i < list->count; i++) {
        tree.nodes[i].snapshot = list->items[i];
        tree.nodes[i].parent = tree.nodes[i].first = tree.nodes[i].next = NONE;
    }
    if (!find_parents(&tree))
        table->failed = true;
    cut_circles(&tree);
    for (i = 0; i < list->count; i++) {
        if (tree.nodes[i].parent != NONE)
            hang(&tree, &tree.nodes[tree.nodes[i].parent], i);
    }
    for (i = 0; i < list->vm_count; i++)
        draw_vm(&tree, list, list->vms[i], host);
    free(tree.nodes);
}
