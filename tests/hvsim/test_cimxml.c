#include "support/test.h"

#include "base/buf.h"
#include "hvsim/cimxml.h"

#include <string.h>

/* The text of one value, and what is read from it. */
struct value_case {
    const char *name;
    const char *text;
    int code;
    const char *value;
    bool entities, quotes;
};

static const struct value_case values[] = {
    {"plain", "before", 0, "before", false, false},
    {"empty", "", 0, "", false, false},
    {"spaces stay", "  a  b ", 0, "  a  b ", false, false},
    {"decimal", "a&#38;b&#60;c&#62;&#34;&#39;", 0, "a&b<c>\"'", false, false},
    {"hexadecimal", "one&#xA;two", 0, "one\ntwo", false, false},
    {"beyond the basic plane", "&#x1F4F7; &#128247;", 0,
     "\xf0\x9f\x93\xb7 \xf0\x9f\x93\xb7", false, false},
    {"raw UTF-8", "試験 ü", 0, "試験 ü", false, false},
    {"raw quotes and >", "\"a\" 'b' >", 0, "\"a\" 'b' >", false, false},
    {"gt", "a&gt;b", 0, "a>b", false, false},
    {"amp", "a&amp;b", 32768, NULL, false, false},
    {"lt", "a&lt;b", 32773, NULL, false, false},
    {"quot", "a&quot;b", 32768, NULL, false, false},
    {"apos", "a&apos;b", 32768, NULL, false, false},
    {"amp and lt, decoded", "a&amp;&lt;b", 0, "a&<b", true, false},
    {"quot and apos, decoded", "&quot;&apos;", 0, "\"'", false, true},
    {"unknown entity", "&nbsp;", 32768, NULL, true, true},
    {"bare ampersand", "a & b", 32768, NULL, false, false},
    {"reference to NUL", "&#0;", 32773, NULL, false, false},
    {"reference to a surrogate", "&#xD800;", 32773, NULL, false, false},
    {"reference beyond Unicode", "&#x110000;", 32773, NULL, false, false},
    {"reference without an end", "&#38", 32773, NULL, false, false},
    {"reference with a sign", "&#+38;", 32773, NULL, false, false},
    {"an element", "<b>bold</b>", 32773, NULL, false, false},
};

static void test_value(void **state)
{
    const struct value_case *row = *state;
    struct hvs_buf text = HVS_BUF_INIT(4096);
    struct sim_cim cim;

    hvs_buf_printf(
        &text,
        "<INSTANCE CLASSNAME=\"C\"><PROPERTY NAME=\"P\" TYPE=\"string\"><VALUE>%s"
        "</VALUE></PROPERTY></INSTANCE>",
        row->text);
    assert_int_equal(sim_cim_parse(&cim, hvs_buf_str(&text), row->entities, row->quotes),
                     row->code);
    if (row->value)
        assert_string_equal(sim_cim_find(&cim, "p")->values[0], row->value);
    sim_cim_clear(&cim);
    hvs_buf_clear(&text);
}

struct shape_case {
    const char *name;
    const char *text;
    int code;
    size_t properties;
    int values; /* of the last property; -1 when there is none */
};

#define P "<PROPERTY NAME=\"P\" TYPE=\"string\"><VALUE>v</VALUE></PROPERTY>"
#define A "<PROPERTY.ARRAY NAME=\"A\" TYPE=\"string\">"

static const struct shape_case shapes[] = {
    {"minimal", "<INSTANCE CLASSNAME=\"C\">" P "</INSTANCE>", 0, 1, 1},
    {"empty", "<INSTANCE CLASSNAME=\"C\"/>", 0, 0, -1},
    {"declaration and white space",
     "<?xml version=\"1.0\"?>\n<INSTANCE CLASSNAME='C'>\n  " P
     "\n  <!-- x -->\n</INSTANCE>\n",
     0, 1, 1},
    {"attributes that WMI adds",
     "<INSTANCE CLASSNAME=\"C\"><PROPERTY NAME=\"P\" CLASSORIGIN=\"B\" "
     "PROPAGATED=\"true\" "
     "TYPE=\"uint16\"><VALUE>4</VALUE></PROPERTY></INSTANCE>",
     0, 1, 1},
    {"qualifiers",
     "<INSTANCE CLASSNAME=\"C\"><QUALIFIER NAME=\"q\" TYPE=\"string\"><VALUE>x</VALUE>"
     "</QUALIFIER>" P "</INSTANCE>",
     0, 1, 1},
    {"null",
     "<INSTANCE CLASSNAME=\"C\"><PROPERTY NAME=\"P\" TYPE=\"string\"/></INSTANCE>", 0, 1,
     0},
    {"null with an end",
     "<INSTANCE CLASSNAME=\"C\"><PROPERTY NAME=\"P\" "
     "TYPE=\"string\"></PROPERTY></INSTANCE>",
     0, 1, 0},
    {"array",
     "<INSTANCE CLASSNAME=\"C\">" A "<VALUE.ARRAY><VALUE>1</VALUE> <VALUE>2</VALUE>"
     "</VALUE.ARRAY></PROPERTY.ARRAY></INSTANCE>",
     0, 1, 2},
    {"array without elements",
     "<INSTANCE CLASSNAME=\"C\">" A "<VALUE.ARRAY/></PROPERTY.ARRAY></INSTANCE>", 0, 1,
     0},
    {"nothing", "", 32773, 0, -1},
    {"some text", "hello", 32773, 0, -1},
    {"another element", "<p:Class xmlns:p=\"u\"><p:P>v</p:P></p:Class>", 32773, 0, -1},
    {"a wrapper",
     "<VALUE.NAMEDINSTANCE><INSTANCE CLASSNAME=\"C\"/></VALUE.NAMEDINSTANCE>", 32773, 0,
     -1},
    {"no class", "<INSTANCE>" P "</INSTANCE>", 32773, 0, -1},
    {"no name", "<INSTANCE CLASSNAME=\"C\"><PROPERTY TYPE=\"string\"/></INSTANCE>", 32773,
     0, -1},
    {"no end", "<INSTANCE CLASSNAME=\"C\">" P, 32773, 0, -1},
    {"another end", "<INSTANCE CLASSNAME=\"C\">" P "</PROPERTY>", 32773, 0, -1},
    {"something behind", "<INSTANCE CLASSNAME=\"C\"/>x", 32773, 0, -1},
    {"a value in no element",
     "<INSTANCE CLASSNAME=\"C\"><PROPERTY NAME=\"P\" "
     "TYPE=\"string\">v</PROPERTY></INSTANCE>",
     32773, 0, -1},
    {"an array's value alone",
     "<INSTANCE CLASSNAME=\"C\">" A "<VALUE>1</VALUE></PROPERTY.ARRAY></INSTANCE>", 32773,
     0, -1},
    {"an attribute without quotes", "<INSTANCE CLASSNAME=C/>", 32773, 0, -1},
    {"a DOCTYPE", "<!DOCTYPE INSTANCE><INSTANCE CLASSNAME=\"C\"/>", 32773, 0, -1},
};

static void test_shape(void **state)
{
    const struct shape_case *row = *state;
    struct sim_cim cim;

    assert_int_equal(sim_cim_parse(&cim, row->text, false, false), row->code);
    if (!row->code) {
        assert_string_equal(cim.class_, "C");
        assert_int_equal(cim.count, row->properties);
        if (row->values >= 0)
            assert_int_equal(cim.properties[cim.count - 1].count, row->values);
    }
    sim_cim_clear(&cim);
}

/* Cut anywhere it is refused, and reads nothing beyond its end. */
static void test_cut(void **state)
{
    static const char whole[] = "<?xml version=\"1.0\"?><INSTANCE CLASSNAME=\"C\">" P A
                                "<VALUE.ARRAY><VALUE>&#38;</VALUE></VALUE.ARRAY>"
                                "</PROPERTY.ARRAY></INSTANCE>";
    char text[sizeof(whole)];
    struct sim_cim cim;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(whole) - 1; i++) {
        memcpy(text, whole, i);
        text[i] = '\0';
        assert_int_not_equal(sim_cim_parse(&cim, text, false, false), 0);
        sim_cim_clear(&cim);
    }
    assert_int_equal(sim_cim_parse(&cim, whole, false, false), 0);
    sim_cim_clear(&cim);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(values) + COUNT(shapes) + 1] = {
        cmocka_unit_test(test_cut),
    };

    CASES(tests + 1, values, test_value);
    CASES(tests + 1 + COUNT(values), shapes, test_shape);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
