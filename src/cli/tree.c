#include "cli/tree.h"

#include "base/buf.h"
#include "base/index.h"
#include "cli/json.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NONE SIZE_MAX

/* Levels that are indented, as many as Hyper-V has; what is deeper is drawn as if it were
 * not. */
#define DEPTH_MAX 50

/* What the name of a VM may come to, to be told with its host's. */
#define TITLE_MAX 65536

/* Where a parent was looked for. */
enum standing { UNKNOWN, ON_PATH, SETTLED };

struct node {
    const struct hvs_snapshot *snapshot;
    size_t parent, first, last, next; /* of the nodes */
    enum standing standing;
    bool drawn;
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

/* Find each node's parent. */
static bool find_parents(struct tree *tree)
{
    const struct hvs_index_entry *found;
    struct hvs_index ids;
    struct node *node;
    size_t i;

    if (hvs_index_init(&ids, tree->count, NULL) < 0)
        return false;
    for (i = 0; i < tree->count; i++)
        hvs_index_add(&ids, tree->nodes[i].snapshot->id, i);
    hvs_index_sort(&ids);
    for (i = 0; i < tree->count; i++) {
        node = &tree->nodes[i];
        if (!node->snapshot->parent_id)
            continue;
        found = hvs_index_find(&ids, node->snapshot->parent_id);
        if (!found)
            node->remark = "its parent is not listed";
        else
            node->parent = found->row;
    }
    hvs_index_clear(&ids);
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
    if (before.failed)
        tree->table->failed = true;
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

/* Is the VM beside it called the same? They are sorted by name. */
static bool is_namesake(const struct hvs_snapshot_list *list, size_t vm, size_t other)
{
    return other < list->vm_count &&
           strcmp(list->vms[other]->name, list->vms[vm]->name) == 0;
}

/* The line of the VM itself, with its id where others are called the same. */
static void draw_name(struct tree *tree, const struct hvs_snapshot_list *list, size_t i,
                      const char *host, bool empty)
{
    struct hvs_buf name = HVS_BUF_INIT(TITLE_MAX);
    const struct hvs_vm *vm = list->vms[i];

    if (host)
        hvs_buf_printf(&name, "%s/", host);
    hvs_buf_puts(&name, vm->name);
    if (is_namesake(list, i, i - 1) || is_namesake(list, i, i + 1))
        hvs_buf_printf(&name, " (%s)", vm->id);
    hvs_buf_puts(&name, empty ? ": no snapshots" : "");
    if (hvs_buf_no_memory(&name))
        tree->table->failed = true;
    table_cell(tree->table, name.failed ? vm->name : hvs_buf_str(&name));
    for (i = 1; i < TREE_COLUMNS; i++)
        table_cell(tree->table, "");
    hvs_buf_clear(&name);
}

/* Draw a VM: `ids` has the nodes by the ids of their VMs. */
static void draw_vm(struct tree *tree, const struct hvs_index *ids,
                    const struct hvs_snapshot_list *list, size_t i, const char *host)
{
    const struct hvs_vm *vm = list->vms[i];
    const struct hvs_index_entry *at;
    struct node top = {.first = NONE};
    bool listed = false;

    at = hvs_index_find(ids, vm->id);
    if (at && tree->nodes[at->row].drawn)
        at = NULL; /* two VMs of one id */
    for (; at; at = hvs_index_next(ids, at)) {
        tree->nodes[at->row].drawn = true;
        listed = listed || is(tree->nodes[at->row].snapshot->id, vm->current_id);
        if (tree->nodes[at->row].parent == NONE)
            hang(tree, &top, at->row);
    }
    tree->depth = 0;
    draw_name(tree, list, i, host, top.first == NONE);
    walk(tree, &top, vm->current_id, !listed);
    tree->depth = 0;
    if (top.first != NONE && !listed)
        draw_here(tree, vm->current_id ? "on a snapshot that is not listed" : NULL);
}

static void draw_vms(struct tree *tree, const struct hvs_snapshot_list *list,
                     const char *host)
{
    struct hvs_index ids;
    size_t i;

    if (hvs_index_init(&ids, tree->count, NULL) < 0) {
        tree->table->failed = true;
        return;
    }
    for (i = 0; i < tree->count; i++)
        hvs_index_add(&ids, tree->nodes[i].snapshot->vm_id, i);
    hvs_index_sort(&ids);
    for (i = 0; i < list->vm_count; i++)
        draw_vm(tree, &ids, list, i, host);
    hvs_index_clear(&ids);
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
    draw_vms(&tree, list, host);
    free(tree.nodes);
}
