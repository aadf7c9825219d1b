#ifndef SIM_WQL_H
#define SIM_WQL_H

#include "hvsim/class.h"

/*
 * The host's query language: SELECT with a WHERE, ASSOCIATORS OF and REFERENCES OF.
 */

enum sim_wql_kind { SIM_WQL_SELECT, SIM_WQL_ASSOCIATORS, SIM_WQL_REFERENCES };

enum sim_wql_op {
    SIM_AND,
    SIM_OR,
    SIM_NOT,
    SIM_EQ,
    SIM_NE,
    SIM_LT,
    SIM_LE,
    SIM_GT,
    SIM_GE,
    SIM_LIKE,
    SIM_IS_NULL,
};

/* AND and OR have both sides, NOT the left one; the others a property and, but for
 * IS NULL, the literal that it is compared with. */
struct sim_wql_node {
    enum sim_wql_op op;
    struct sim_wql_node *left, *right;
    char *name, *value;
};

struct sim_wql {
    enum sim_wql_kind kind;
    char **columns; /* none: all */
    size_t column_count;
    char *class_;
    struct sim_wql_node *where; /* NULL: no condition */
    char *path;                 /* what stood in braces */
    char *assoc_class, *result_class, *role, *result_role;
};

/* Why a query was not understood: the code of the fault. 0: it was. */
uint32_t sim_wql_parse(struct sim_wql *wql, const char *text);
void sim_wql_clear(struct sim_wql *wql);

/* A node with these sides, which it then owns; and its end. */
struct sim_wql_node *sim_wql_join(enum sim_wql_op op, struct sim_wql_node *left,
                                  struct sim_wql_node *right);
void sim_wql_free(struct sim_wql_node *where);

/* Split an object path into its class and keys. The caller frees *class_ and clears
 * *keys, also after a failure. */
bool sim_path_parse(const char *path, char **class_, struct sim_search *keys);

/* Can the condition be asked of this class at all? */
bool sim_wql_fits(const struct sim_wql_node *where, const struct sim_class *class_,
                  bool references);

/* Does the row meet the condition? NULL always is met. */
bool sim_wql_test(const struct sim_wql_node *where, struct sim_row *row);

/* Collect what the condition says every row must have. */
void sim_wql_narrow(const struct sim_wql_node *where, struct sim_search *search);

/* As the host compares text: case does not matter. */
int sim_text_compare(const char *a, const char *b);

#endif
