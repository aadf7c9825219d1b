# GNU make (gmake on the BSDs). `make help` lists the targets; V=1 shows commands.
VERSION := 0.1.0
SONAME  := 0

PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
INSTALL    ?= install
PKG_CONFIG ?= pkg-config
BUILD      ?= build
CFLAGS     ?= -O2 -g

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
        -Wwrite-strings -Wpointer-arith -Wvla -Wformat=2 -Wimplicit-fallthrough
ifeq ($(WERROR),1)
WARN += -Werror
endif
ifneq ($(V),1)
Q := @
say = @echo "  $(1)  $(2)"
endif
ifeq ($(shell uname -s),Darwin)
SO := $(BUILD)/libhvsnap.$(SONAME).dylib
SOFLAGS := -dynamiclib -Wl,-install_name,$(LIBDIR)/$(notdir $(SO))
else
SO := $(BUILD)/libhvsnap.so.$(SONAME)
SOFLAGS := -shared -Wl,-soname,$(notdir $(SO))
endif

DEPS := libcurl libxml-2.0 libcrypto
ifneq ($(shell $(PKG_CONFIG) --exists krb5-gssapi && echo yes),)
DEPS += krb5-gssapi
GSSAPI := -DHVS_GSSAPI
endif
override CPPFLAGS += -Iinclude -Isrc -D_POSIX_C_SOURCE=200809L $(GSSAPI) \
                     -DHVS_VERSION='"$(VERSION)"' $(shell $(PKG_CONFIG) --cflags $(DEPS))
ALL_CFLAGS := -std=c11 -fPIC -fvisibility=hidden $(WARN) $(CFLAGS)
LIBS       := $(shell $(PKG_CONFIG) --libs $(DEPS))
TEST_LIBS   = $(shell $(PKG_CONFIG) --libs cmocka)

# The directories are the module lists: a new file needs no edit here.
LIB_SRCS  := $(sort $(foreach d,base xml auth transport wsman hyperv,$(wildcard src/$(d)/*.c)))
CLI_SRCS  := $(sort $(wildcard src/cli/*.c))
TEMPLATES := $(sort $(wildcard soap-templates/*.xml))
FUZZ_SRCS := $(sort $(wildcard tests/fuzz/fuzz_*.c))
TESTS     := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/*/test_*.c)))
REPLAYS   := $(FUZZ_SRCS:%.c=$(BUILD)/%.replay)
LIB_OBJS  := $(LIB_SRCS:%.c=$(BUILD)/%.o) $(BUILD)/templates.o
SUPPORT   := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/support/*.c))
LIB       := $(BUILD)/libhvsnap.a

.PHONY: all check sanitize coverage fuzz lint install clean help
.SECONDARY:
all: $(BUILD)/hvsnap $(LIB) $(SO) ## build the program and both libraries

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC  ,$<)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/%.o: $(BUILD)/%.c
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/tests/%.o: override CPPFLAGS += -Itests

# Each soap-templates/NAME.xml becomes a row of hvs_templates[]. POSIX tools only.
$(BUILD)/templates.c: $(TEMPLATES) Makefile
	@mkdir -p $(@D)
	$(call say,GEN ,$@)
	@{ echo '#include "wsman/template.h"'; \
	for t in $(TEMPLATES); do echo "static const char t_$$(basename $$t .xml | tr - _)[] = {"; \
	od -An -v -tu1 $$t | sed 's/  *\([0-9][0-9]*\)/\1,/g'; echo '0};'; done; \
	echo 'const struct hvs_template hvs_templates[] = {'; \
	for t in $(TEMPLATES); do n=$$(basename $$t .xml); \
	echo "{\"$$n\", t_$$(echo $$n | tr - _)},"; done; echo '{0}};'; } > $@.tmp && mv $@.tmp $@

$(LIB): $(LIB_OBJS)
	$(call say,AR  ,$@)
	$(Q)$(RM) $@ && $(AR) rcs $@ $^
$(SO): $(LIB_OBJS)
	$(call say,LD  ,$@)
	$(Q)$(CC) $(SOFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) $(LDLIBS)
$(BUILD)/hvsnap: $(CLI_SRCS:%.c=$(BUILD)/%.o) $(LIB)
	$(call say,LD  ,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) $(LDLIBS)
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(SUPPORT) $(LIB)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) $(TEST_LIBS) $(LDLIBS)
$(BUILD)/tests/fuzz/%.replay: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/replay.o $(LIB)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) $(LDLIBS)

check: all $(TESTS) $(REPLAYS) ## run every test, and each fuzz target over its corpus
	@set -e; for t in $(TESTS); do $$t; done
	@set -e; for r in $(REPLAYS); do $$r tests/fuzz/corpus/*; done
sanitize: ## the same under the address and undefined-behaviour sanitizers
	@$(MAKE) check BUILD=$(BUILD)/san \
	CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all'
coverage: ## the same, then the line coverage of each file
	@$(MAKE) check BUILD=$(BUILD)/cov CFLAGS='-O0 -g --coverage'
	@cd $(BUILD)/cov && for o in $(LIB_SRCS:.c=.gcda); do gcov -n $$o; done 2>/dev/null | awk \
	-F"['%:]" '/^File .src/ {f = $$2} /^Lines/ && f {printf "%6.1f%%  %s\n", $$2, f; f = ""}'
fuzz: $(BUILD)/templates.c ## run each fuzz target for FUZZ_TIME seconds (clang)
	@set -e; for f in $(FUZZ_SRCS); do b=$(BUILD)/$$(basename $$f .c); mkdir -p $$b.corpus; \
	clang $(CPPFLAGS) -std=c11 -g -O1 -fsanitize=fuzzer,address,undefined -o $$b $$f \
	$(LIB_SRCS) $< $(LIBS); \
	$$b -max_total_time=$(or $(FUZZ_TIME),30) $$b.corpus tests/fuzz/corpus; done

SOURCES = $$(find src include -name '*.[ch]')
LAYERS := base 0 xml 1 auth 1 transport 1 wsman 2 hyperv 3 cli 4
BANNED := strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|sscanf|system|alloca
lint: ## includes point downward, no banned calls, nothing too long
	@grep -n '^#include "' $(SOURCES) | awk -F'[/:"]' -v layers='$(LAYERS)' ' \
	BEGIN {n = split(layers, l, " "); for (i = 1; i < n; i += 2) rank[l[i]] = l[i + 1]} \
	$$6 != $$2 && (rank[$$6] >= rank[$$2] || ($$2 == "cli" && $$6 != "base")) \
	{print "upward include: " $$0; bad = 1} END {exit bad}'
	@! grep -nE '(^|[^[:alnum:]_])($(BANNED)) *\(' $(SOURCES)
	@awk 'length > 90 {print FILENAME ":" FNR ": long line"; bad = 1} /^{/ {start = FNR} \
	/^}/ && start {if (FNR - start > 60) {print FILENAME ":" start ": long function"; bad = 1} \
	start = 0} FNR == 451 {print FILENAME ": long file"; bad = 1} END {exit bad}' $(SOURCES)

install: all ## honours DESTDIR, PREFIX, BINDIR, LIBDIR, INCLUDEDIR
	$(INSTALL) -d $(addprefix $(DESTDIR),$(BINDIR) $(LIBDIR)/pkgconfig $(INCLUDEDIR)/hvsnap)
	$(INSTALL) -m 755 $(BUILD)/hvsnap $(DESTDIR)$(BINDIR)
	$(INSTALL) -m 644 $(LIB) $(SO) $(DESTDIR)$(LIBDIR)
	ln -sf $(notdir $(SO)) $(DESTDIR)$(LIBDIR)/$(subst .$(SONAME),,$(notdir $(SO)))
	$(INSTALL) -m 644 include/hvsnap/*.h $(DESTDIR)$(INCLUDEDIR)/hvsnap
	printf '%s\n' 'Name: hvsnap' 'Description: Hyper-V snapshots over WS-Management' \
	'Version: $(VERSION)' 'Requires.private: $(DEPS)' 'Libs: -L$(LIBDIR) -lhvsnap' \
	'Cflags: -I$(INCLUDEDIR)' > $(DESTDIR)$(LIBDIR)/pkgconfig/hvsnap.pc
clean:
	$(RM) -r $(BUILD)
help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  %-9s %s\n", $$1, $$2}' Makefile

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
