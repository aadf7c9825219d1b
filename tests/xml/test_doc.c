#include "support/test.h"

#include "base/buf.h"
#include "xml/doc.h"

#include <stdlib.h>
#include <string.h>

struct bad_case {
    const char *name;
    const char *bytes;
    size_t len; /* 0: as long as the text */
    const char *error;
};

#define UTF16(text) text, sizeof(text) - 1

static const struct bad_case bad_cases[] = {
    {"empty", "", 0, "malformed XML: no document"},
    {"blanks", " \n ", 0, "malformed XML"},
    {"no element", "<!-- x -->", 0, "malformed XML"},
    {"text", "hello", 0, "malformed XML"},
    {"truncated", "<a><b>", 0, "malformed XML"},
    {"two roots", "<a/><b/>", 0, "malformed XML"},
    {"crossed", "<a><b></a></b>", 0, "malformed XML"},
    {"an end too many", "<a></a></a>", 0, "malformed XML"},
    {"ends alone", "</a></a></a>", 0, "malformed XML"},
    {"ends before tags with namespaces", "</a></a></a><a xmlns='u'/>", 0,
     "malformed XML"},
    {"a prefix without a namespace", "<p:a xmlns:q='urn:q'><p:b></p:a>", 0,
     "malformed XML"},
    {"an attribute twice", "<a b='1' b='2'/>", 0, "malformed XML"},
    {"an unknown entity", "<a>&x;</a>", 0, "malformed XML"},
    {"a bare ampersand", "<a>a & b</a>", 0, "malformed XML"},
    {"a comment that never ends", "<a><!-- </a>", 0, "malformed XML"},
    {"a CDATA section that never ends", "<a><![CDATA[ </a>", 0, "malformed XML"},
    {"an instruction that never ends", "<a><?x </a>", 0, "malformed XML"},
    {"a quote that never ends", "<a b='></a>", 0, "malformed XML"},
    {"a tag that never ends", "<a", 0, "malformed XML"},
    {"a control character", "<a>\x01</a>", 0, "malformed XML"},
    {"a reference to one", "<a>&#1;</a>", 0, "malformed XML"},
    {"not UTF-8", "<a>\xff</a>", 0, "malformed XML"},
    {"a cut character", "<a>\xe4\xbb</a>", 0, "malformed XML"},
    {"Latin-1, said to be so", "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xfc</a>",
     0, "malformed XML"},
    {"a NUL", "<a>\0</a>", 8, "a NUL byte"},
    {"a NUL behind", "<a/>\0", 5, "a NUL byte"},
    {"UTF-16, little end first", UTF16("\xff\xfe<\0a\0/\0>\0"), "a NUL byte"},
    {"UTF-16, big end first", UTF16("\xfe\xff\0<\0a\0/\0>"), "a NUL byte"},
    {"UTF-16 without any ASCII", UTF16("\xff\xfe\xee\x4e\xf3\x60"), "malformed XML"},

    {"a DOCTYPE", "<!DOCTYPE a><a/>", 0, "DOCTYPE"},
    {"of a file", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", 0, "DOCTYPE"},
    {"of a URL", "<!DOCTYPE a PUBLIC 'x' 'http://127.0.0.1/x'><a/>", 0, "DOCTYPE"},
    {"an external entity",
     "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", 0, "DOCTYPE"},
    {"a parameter entity",
     "<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://127.0.0.1/'>%x;]><a/>", 0, "DOCTYPE"},
    {"an entity bomb", "<!DOCTYPE a [<!ENTITY x 'ha'><!ENTITY y '&x;&x;&x;'>]><a>&y;</a>",
     0, "DOCTYPE"},
    {"behind the declaration", "<?xml version='1.0'?><!DOCTYPE a><a/>", 0, "DOCTYPE"},
    {"behind a comment", "<!-- x --><!DOCTYPE a><a/>", 0, "DOCTYPE"},
    {"behind a comment with a tag", "<!-- <a> --><!DOCTYPE a><a/>", 0, "DOCTYPE"},
    {"behind an instruction", "<?x <!-- ?><!DOCTYPE a><a/>", 0, "DOCTYPE"},
    {"behind white space", " \r\n\t<!DOCTYPE a><a/>", 0, "DOCTYPE"},
    {"behind a byte order mark", "\xef\xbb\xbf<!DOCTYPE a><a/>", 0, "DOCTYPE"},
    {"in lower case", "<!doctype html><html/>", 0, "DOCTYPE"},
    {"with a blank before it", "<! DOCTYPE a><a/>", 0, "DOCTYPE"},
    {"cut", "<!DOC", 0, "DOCTYPE"},
    {"an entity without a DOCTYPE", "<!ENTITY x 'y'><a/>", 0, "DOCTYPE"},
    {"in the middle", "<a><!DOCTYPE a></a>", 0, "DOCTYPE"},
    {"behind the end", "<a/><!DOCTYPE a>", 0, "DOCTYPE"},
    {"after a quote that hides nothing", "<a b=\"'\"/><!DOCTYPE a>", 0, "DOCTYPE"},
    {"after a CDATA section", "<a><![CDATA[ ]] > ]]><!DOCTYPE a></a>", 0, "DOCTYPE"},
};

static void test_bad(void **state)
{
    const struct bad_case *row = *state;
    struct hvs_error err = {0};

    assert_null(
        hvs_xml_parse(row->bytes, row->len ? row->len : strlen(row->bytes), &err));
    assert_err(&err, HVS_XML, row->error);
}

struct good_case {
    const char *name;
    const char *xml;
    const char *text; /* below the root, to the letter */
    const char *word;
};

static const struct good_case good_cases[] = {
    {"an empty element", "<a/>", "", ""},
    {"nothing in it", "<a></a>", "", ""},
    {"blanks are kept", "<a>  two  words \n</a>", "  two  words \n", "two  words"},
    {"nothing but blanks", "<a> \t\n </a>", " \t\n ", ""},
    {"a carriage return is a line feed", "<a>x\r\ny</a>", "x\ny", "x\ny"},
    {"unless it is written as a reference", "<a>x&#13;</a>", "x\r", "x"},
    {"the five entities", "<a>&lt;&gt;&amp;&quot;&apos;</a>", "<>&\"'", "<>&\"'"},
    {"references", "<a>&#20206;&#x60F3;</a>", "\xe4\xbb\xae\xe6\x83\xb3",
     "\xe4\xbb\xae\xe6\x83\xb3"},
    {"CDATA", "<a><![CDATA[<b>&amp;</b><!DOCTYPE x>]]></a>", "<b>&amp;</b><!DOCTYPE x>",
     "<b>&amp;</b><!DOCTYPE x>"},
    {"a comment hides what is in it", "<a>x<!-- <b> </c> <!DOCTYPE x> \" -->y</a>", "xy",
     "xy"},
    {"an instruction hides what is in it", "<a>x<?p <b> <!DOCTYPE x> ' ?>y</a>", "xy",
     "xy"},
    {"attributes hide signs", "<a b='>' c=\"/a>'\" d='=====' e='/>'>x</a>", "x", "x"},
    {"what is below", "<a>x<b>y<c/></b>z</a>", "xyz", "xyz"},
    {"a byte order mark", "\xef\xbb\xbf<a>x</a>", "x", "x"},
    {"a declaration",
     "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<a>x</a>\n", "x", "x"},
    {"what it claims of its encoding counts for nothing",
     "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xc3\xbc</a>", "\xc3\xbc",
     "\xc3\xbc"},
    {"beyond the first plane", "<a>\xf0\x9f\x92\xbe</a>", "\xf0\x9f\x92\xbe",
     "\xf0\x9f\x92\xbe"},
};

static void test_good(void **state)
{
    const struct good_case *row = *state;
    struct hvs_error err = {0};
    xmlDoc *doc = hvs_xml_parse(row->xml, strlen(row->xml), &err);
    char *text, *word;

    assert_string_equal(err.message, "");
    assert_non_null(doc);
    text = hvs_xml_string(xmlDocGetRootElement(doc));
    word = hvs_xml_word(xmlDocGetRootElement(doc));
    assert_string_equal(text, row->text);
    assert_string_equal(word, row->word);
    free(text);
    free(word);
    xmlFreeDoc(doc);
}

struct bound_case {
    const char *name;
    const char *open, *each, *close; /* `each` comes `count` times */
    const char *end;                 /* and this as often, after `close` */
    unsigned count;
    const char *error; /* NULL: it is taken */
};

static const struct bound_case bound_cases[] = {
    {"64 attributes", "<a", " b%u='x'", "/>", "", 64, NULL},
    {"65 attributes", "<a", " b%u='x'", "/>", "", 65, "too many attributes"},
    {"65 namespaces", "<a", " xmlns:b%u='urn:%u'", "/>", "", 65, "too many namespaces"},
    {"65 attributes, the rest cut", "<a", " b%u='x'", "", "", 65, "too many attributes"},
    {"80,000 attributes", "<a", " b%u='x'", "/>", "", 80000, "too many attributes"},
    {"50,000 namespaces", "<a", " xmlns:b%u=''", "/>", "", 50000, "too many namespaces"},
    {"50,000 levels", "", "<a>", "", "</a>", 50000, "nested too deep"},
    {"64 namespaces in force", "<a", " xmlns:b%u='u'", "><b/></a>", "", 64, NULL},
    {"64 namespaces, and one more below", "<a", " xmlns:b%u='u'", "><b xmlns='v'/></a>",
     "", 64, "too many namespaces"},
    {"65 namespaces, each below the other", "", "<a xmlns:b%u='u'>", "", "</a>", 65,
     "too many namespaces"},
    {"64 namespaces, each below the other", "", "<a xmlns:b%u='u'>", "", "</a>", 64,
     NULL},
    {"1000 namespaces beside each other", "<a>", "<b xmlns='u'/><c xmlns:d='v'></c>",
     "</a>", "", 500, NULL},
    {"the names of namespaces in values", "<a b='", " xmlns:b%u=", "'/>", "", 65, NULL},
    {"150,000 nodes", "<a>", "<b/>x<c>y</c>", "</a>", "", 37499, NULL},
    {"more nodes than that", "<a>", "<b/>x<c>y</c>", "</a>", "", 37500,
     "too many elements"},
    {"more attributes", "<a>", "<b c='1' d='2'/>", "</a>", "", 30000,
     "too many elements"},
    {"more comments", "<a>", "<!---->", "</a>", "", 150000, "too many elements"},
    {"more CDATA sections", "<a>", "<![CDATA[x]]>", "</a>", "", 100000, NULL},
    {"more instructions", "<a>", "<?b?>", "</a>", "", 150000, "too many elements"},
    {"65 signs in a value", "<a b='", "=", "'/>", "", 65, NULL},
    {"100 levels", "", "<a>", "", "</a>", 100, NULL},
    {"101 levels", "", "<a>", "", "</a>", 101, "nested too deep"},
    {"101 levels, the rest cut", "", "<a>", "", "", 101, "nested too deep"},
    {"101 levels behind a comment", "<!-- </a></a></a> -->", "<a>", "", "</a>", 101,
     "nested too deep"},
    {"101 levels around a CDATA section", "", "<a><![CDATA[</a>]]>", "", "</a>", 101,
     "nested too deep"},
    {"101 levels with ends in attributes", "", "<a b='</a>' c=\"/>\">", "", "</a>", 101,
     "nested too deep"},
    {"1000 elements beside each other", "<a>", "<b/><c></c>", "</a>", "", 1000, NULL},
    {"1000 empty elements with attributes", "<a>", "<b c='/'/>", "</a>", "", 1000, NULL},
};

static void test_bound(void **state)
{
    const struct bound_case *row = *state;
    struct hvs_buf text = HVS_BUF_INIT(2 << 20);
    struct hvs_error err = {0};
    unsigned i;
    xmlDoc *doc;

    hvs_buf_puts(&text, row->open);
    for (i = 0; i < row->count; i++) {
        const char *at, *next;

        for (at = row->each; (next = strstr(at, "%u")); at = next + 2) {
            hvs_buf_add(&text, at, (size_t)(next - at));
            hvs_buf_printf(&text, "%u", i);
        }
        hvs_buf_puts(&text, at);
    }
    hvs_buf_puts(&text, row->close);
    for (i = 0; i < row->count; i++)
        hvs_buf_puts(&text, row->end);
    doc = hvs_xml_parse(hvs_buf_str(&text), text.len, &err);
    assert_int_equal(doc != NULL, row->error == NULL);
    if (row->error)
        assert_err(&err, HVS_XML, row->error);
    xmlFreeDoc(doc);
    hvs_buf_clear(&text);
}

/* A list, of whose rows a and b are wanted. */
struct rows_case {
    const char *name;
    const char *xml;
    const char *text; /* what is left; NULL: it is refused */
    const char *error;
};

#define ROW(inside) "<E><Items><r>" inside "</r></Items></E>"

static const struct rows_case rows_cases[] = {
    {"what is wanted stays", ROW("<a>1</a><x>2</x><b>3</b>"), "13", NULL},
    {"prefixes do not matter",
     "<e:E xmlns:e='urn:e' xmlns:p='urn:p'><e:Items><p:r><p:x>2</p:x><p:a>1</p:a></p:r>"
     "</e:Items></e:E>",
     "1", NULL},
    {"each row", "<E><Items><r><x>1</x></r><r><a>2</a></r><r><y/></r></Items></E>", "2",
     NULL},
    {"outside of a list all stays", "<E><r><x>1</x><y><z>2</z></y></r></E>", "12", NULL},
    {"and behind it", "<E><Items><r><x>1</x></r></Items><F><g><x>2</x></g></F></E>", "2",
     NULL},
    {"a list that is empty", "<E><Items/><F><g><x>2</x></g></F></E>", "2", NULL},
    {"text of rows stays", ROW("1<x>2</x>3"), "13", NULL},
    {"empty ones", ROW("<x/><x nil='true'/><x a='/>'/><a/>1"), "1", NULL},
    {"what is below goes with it", ROW("<x><a>1</a><x>2</x>3</x><a>4</a>"), "4", NULL},
    {"what is below a wanted one stays", ROW("<a><x>1</x><y/></a>"), "1", NULL},
    {"names that begin alike", ROW("<ab>1</ab><a>2</a><a.b>3</a.b>"), "2", NULL},
    {"blanks in tags", ROW("<x\n b='1' >1</x\t><a >2</a >"), "2", NULL},
    {"ends that are none",
     ROW("<x>1<!-- </x> --><![CDATA[</x>]]><?p </x>?>2</x><a>3</a>"), "3", NULL},
    {"one that ends as another", ROW("<x>1</y>"), NULL, "does not end where it should"},
    {"one that ends in another", ROW("<x><y>1</x></y>"), NULL, "does not end where"},
    {"one that does not end", "<E><Items><r><x>1<y>2</y>", NULL, "malformed XML"},
    {"a tag that does not end", "<E><Items><r><x", NULL, "malformed XML"},
    {"a value that does not end", "<E><Items><r><x a='1></x>", NULL, "malformed XML"},
    {"an end too many", ROW("<x/></r>"), NULL, "malformed XML"},
    {"a wanted one that is malformed", ROW("<a>&x;</a>"), NULL, "malformed XML"},
    {"a DOCTYPE in what is left out", ROW("<x><!DOCTYPE a></x>"), NULL, "DOCTYPE"},
};

static bool is_wanted(const char *name)
{
    return strcmp(name, "a") == 0 || strcmp(name, "b") == 0;
}

static void test_rows(void **state)
{
    const struct rows_case *row = *state;
    struct hvs_error err = {0};
    xmlDoc *doc = hvs_xml_parse_rows(row->xml, strlen(row->xml), is_wanted, &err);
    char *text;

    assert_int_equal(doc != NULL, row->text != NULL);
    if (!doc) {
        assert_err(&err, HVS_XML, row->error);
        return;
    }
    text = hvs_xml_string(xmlDocGetRootElement(doc));
    assert_string_equal(text, row->text);
    free(text);
    xmlFreeDoc(doc);
}

/* What is left out does not count: the tree does not have it. */
static void test_many_rows(void **state)
{
    struct hvs_buf text = HVS_BUF_INIT(2 << 20);
    struct hvs_error err = {0};
    xmlDoc *doc;
    int i;

    (void)state;
    hvs_buf_puts(&text, "<E><Items><r>");
    for (i = 0; i < 100000; i++)
        hvs_buf_puts(&text, "<x y='1'>z</x>");
    hvs_buf_puts(&text, "<a>1</a></r></Items></E>");
    doc = hvs_xml_parse_rows(hvs_buf_str(&text), text.len, is_wanted, &err);
    assert_non_null(doc);
    xmlFreeDoc(doc);
    doc = hvs_xml_parse(hvs_buf_str(&text), text.len, &err);
    assert_null(doc);
    assert_err(&err, HVS_XML, "too many elements");
    hvs_buf_clear(&text);
}

static void test_walk(void **state)
{
    static const char xml[] =
        "<p:a xmlns:p='urn:1' xmlns:q='urn:2' xmlns='urn:3'> text <!-- c "
        "--><q:b/>x<p:b/><b/><?pi ?><p:b n='2'/></p:a>";
    struct hvs_error err = {0};
    xmlDoc *doc = hvs_xml_parse(xml, sizeof(xml) - 1, &err);
    const xmlNode *root = xmlDocGetRootElement(doc), *node;
    char names[5] = "";
    size_t n = 0;

    (void)state;
    for (node = hvs_xml_first(root); node; node = hvs_xml_next(node))
        names[n++] = ((const char *)node->ns->href)[4];
    assert_string_equal(names, "2131");
    assert_true(hvs_xml_is(root, "urn:1", "a"));
    assert_false(hvs_xml_is(root, "urn:3", "a"));
    assert_false(hvs_xml_is(root, "urn:1", "b"));
    assert_ptr_equal(hvs_xml_child(root, "urn:1", "b"),
                     hvs_xml_next(hvs_xml_first(root)));
    assert_null(hvs_xml_child(root, "urn:4", "b"));
    assert_null(hvs_xml_first(hvs_xml_first(root)));
    xmlFreeDoc(doc);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(bad_cases) + COUNT(good_cases) + COUNT(bound_cases) +
                            COUNT(rows_cases) + 2];
    struct CMUnitTest *at = tests;

    CASES(at, bad_cases, test_bad);
    CASES(at += COUNT(bad_cases), good_cases, test_good);
    CASES(at += COUNT(good_cases), bound_cases, test_bound);
    CASES(at += COUNT(bound_cases), rows_cases, test_rows);
    at += COUNT(rows_cases);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_many_rows);
    *at = (struct CMUnitTest)cmocka_unit_test(test_walk);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
