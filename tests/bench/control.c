/*
 * What hvsnap is measured against: the least program that posts the same bytes over the
 * same TLS with the same libraries and parses each reply. It understands nothing.
 *
 *     control URL CA_FILE USERPWD_FILE REQUEST...
 *
 * Each REQUEST is a file with one SOAP envelope; USERPWD_FILE holds "user:password".
 */
#include <curl/curl.h>
#include <libxml/parser.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text {
    char *data;
    size_t len;
};

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
    struct text *text = arg;
    char *data = realloc(text->data, text->len + size * count + 1);

    if (!data)
        return 0;
    memcpy(data + text->len, bytes, size * count);
    text->data = data;
    text->len += size * count;
    data[text->len] = '\0';
    return size * count;
}

static int read_file(const char *name, struct text *out)
{
    char block[4096];
    size_t n;
    FILE *file = fopen(name, "rb");

    if (!file)
        return -1;
    while ((n = fread(block, 1, sizeof(block), file)))
        on_body(block, 1, n, out);
    fclose(file);
    return out->data ? 0 : -1;
}

static int post(CURL *easy, const char *name)
{
    struct text request = {0}, reply = {0};
    xmlDoc *doc = NULL;
    CURLcode code = CURLE_READ_ERROR;

    if (read_file(name, &request) == 0) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.data);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)request.len);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, &reply);
        code = curl_easy_perform(easy);
    }
    if (code == CURLE_OK && reply.len)
        doc = xmlReadMemory(reply.data, (int)reply.len, NULL, NULL, XML_PARSE_NONET);
    if (!doc)
        fprintf(stderr, "%s: %s\n", name, curl_easy_strerror(code));
    xmlFreeDoc(doc);
    free(request.data);
    free(reply.data);
    return doc ? 0 : -1;
}

int main(int argc, char **argv)
{
    struct curl_slist *headers = NULL;
    struct text userpwd = {0};
    CURL *easy;
    int i, rc = 0;

    if (argc < 5 || read_file(argv[3], &userpwd) < 0) {
        fprintf(stderr, "usage: %s URL CA_FILE USERPWD_FILE REQUEST...\n", argv[0]);
        return 2;
    }
    userpwd.data[strcspn(userpwd.data, "\r\n")] = '\0';
    curl_global_init(CURL_GLOBAL_DEFAULT);
    easy = curl_easy_init();
    headers = curl_slist_append(headers,
                                "Content-Type: application/soap+xml;charset=UTF-8");
    headers = curl_slist_append(headers, "Expect:");
    curl_easy_setopt(easy, CURLOPT_URL, argv[1]);
    curl_easy_setopt(easy, CURLOPT_CAINFO, argv[2]);
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(easy, CURLOPT_USERPWD, userpwd.data);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    for (i = 4; i < argc && rc == 0; i++)
        rc = post(easy, argv[i]);
    curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
    curl_global_cleanup();
    xmlCleanupParser();
    free(userpwd.data);
    return rc < 0;
}
