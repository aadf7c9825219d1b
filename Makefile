# GNU make (gmake on the BSDs). `make help` lists the targets; V=1 shows commands.
VERSION := 0.1.0
SONAME  := 0

PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR    ?= $(PREFIX)/share
MANDIR     ?= $(DATADIR)/man
BASHDIR    ?= $(DATADIR)/bash-completion/completions
ZSHDIR     ?= $(DATADIR)/zsh/site-functions
FISHDIR    ?= $(DATADIR)/fish/vendor_completions.d
INSTALL    ?= install
PKG_CONFIG ?= pkg-config
BUILD      ?= build
CFLAGS     ?= -O2 -g
FUZZ_TIME  ?= 30
NPROC      := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
        -Wwrite-strings -Wpointer-arith -Wvla -Wformat=2 -Wimplicit-fallthrough
ifeq ($(WERROR),1)
WARN += -Werror
endif
ifneq ($(V),1)
Q := @
say = @echo "  $(1)  $(2)"
endif

, := ,
ifeq ($(shell uname -s),Darwin)
# Homebrew keeps these out of the way of what macOS brings along.
KEGS := $(wildcard $(foreach k,curl libxml2 krb5 openssl@3,\
        $(shell brew --prefix 2>/dev/null)/opt/$(k)/lib/pkgconfig))
empty :=
export PKG_CONFIG_PATH := $(subst $(empty) ,:,$(strip $(KEGS) $(PKG_CONFIG_PATH)))
SO      := $(BUILD)/libhvsnap.$(SONAME).dylib
# Its linker has no --wrap.
NO_WRAP := tests/faults/test_alloc% tests/faults/test_memory%
SOFLAGS := -dynamiclib -Wl,-install_name,$(LIBDIR)/$(notdir $(SO))
else
SO      := $(BUILD)/libhvsnap.so.$(SONAME)
SOFLAGS := -shared -Wl,-soname,$(notdir $(SO)) -Wl,-z,defs -Wl,--as-needed
PIE     := -pie
ALL_LDFLAGS := -Wl,-z,relro,-z,now -Wl,--as-needed
endif

LIB_NEEDS := libcurl libxml-2.0 libcrypto
ifneq ($(shell $(PKG_CONFIG) --exists krb5-gssapi 2>/dev/null && echo yes),)
GSS_NEEDS := krb5-gssapi krb5
GSSAPI    := -DHVS_GSSAPI
endif
CLI_NEEDS := jansson inih
SIM_NEEDS := jansson openssl libxml-2.0 $(GSS_NEEDS)
NEEDS     := $(LIB_NEEDS) $(GSS_NEEDS) $(CLI_NEEDS) openssl
libs_of    = $(shell $(PKG_CONFIG) --libs $(1) 2>/dev/null) -pthread
LIB_LIBS  := $(call libs_of,$(LIB_NEEDS) $(GSS_NEEDS))
CLI_LIBS  := $(call libs_of,$(LIB_NEEDS) $(GSS_NEEDS) $(CLI_NEEDS))
SIM_LIBS  := $(call libs_of,$(SIM_NEEDS))
TEST_LIBS  = $(call libs_of,$(NEEDS) cmocka)

# Where a long has 32 bits, a file's number may have more.
override CPPFLAGS += -Iinclude -Isrc -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 \
    $(GSSAPI) -DHVS_VERSION='"$(VERSION)"' \
    $(shell $(PKG_CONFIG) --cflags $(NEEDS) 2>/dev/null)
HARDEN := -fstack-protector-strong
ifeq ($(findstring -fsanitize,$(CFLAGS)),)
ifneq ($(filter -O1 -O2 -O3 -Os,$(CFLAGS)),)
HARDEN += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
endif
endif
ALL_CFLAGS := -std=c11 -fPIC -fvisibility=hidden -pthread $(WARN) $(HARDEN) $(CFLAGS)
COMPILE     = $(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP
LINK        = $(CC) $(CFLAGS) $(PIE) $(ALL_LDFLAGS) $(LDFLAGS)

# The folders are the module lists: a new file needs no edit here.
sources    = $(sort $(wildcard $(addsuffix /*.c,$(1))))
objects    = $(patsubst %.c,$(BUILD)/%.o,$(1))
LIB_SRCS  := $(call sources,$(addprefix src/,base xml auth transport wsman hyperv))
CLI_SRCS  := $(call sources,src/cli)
SIM_SRCS  := $(filter-out %/main.c tests/hvsim/test_%,$(call sources,tests/hvsim))
TEST_SRCS := $(filter-out $(NO_WRAP),$(sort $(wildcard tests/*/test_*.c)))
FUZZ_SRCS := $(sort $(wildcard tests/fuzz/fuzz_*.c))
TEMPLATES := $(sort $(wildcard soap-templates/*.xml))
MANUALS   := $(sort $(wildcard docs/*.[135]))
LIB_OBJS  := $(call objects,$(LIB_SRCS)) $(BUILD)/templates.o
SIM_OBJS  := $(call objects,$(SIM_SRCS) $(call sources,src/base) src/xml/doc.c \
             src/xml/scan.c)
FAKES     := $(call objects,$(filter-out tests/cli/test_%,$(wildcard tests/cli/*.c)))
FAULTS    := $(call objects,$(filter-out tests/faults/test_% tests/faults/program%,\
             $(wildcard tests/faults/*.c)))
FAULTS_BY_PROGRAM := $(call objects,$(filter-out %_resolver.c %_memory.c,\
             $(wildcard tests/faults/program*.c)))
SUPPORT   := $(BUILD)/libsupport.a
LIB       := $(BUILD)/libhvsnap.a
PROGRAMS  := $(BUILD)/hvsnap $(BUILD)/hvsim
TESTS     := $(TEST_SRCS:%.c=$(BUILD)/%)
REPLAYS   := $(FUZZ_SRCS:%.c=$(BUILD)/%.replay)
FUZZERS   := $(FUZZ_SRCS:%.c=$(BUILD)/%.fuzz)
EXAMPLES  := $(patsubst %.c,$(BUILD)/%,$(wildcard contrib/examples/*.c))
TOOLS     := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/tools/*.c))
BENCHES   := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/*.c))
COMPLETIONS := $(addprefix $(BUILD)/completion.,bash zsh fish)
SCRIPTS   := $(sort $(wildcard tests/e2e/*.sh tests/hvsim/*.sh tests/interop/*.sh))

# T=word runs only the tests whose name holds that word.
run_tests = BUILD=$(BUILD) T='$(T)' tests/support/run.sh
# A second make of our own uses every core, unless the user said how many.
again     = $(MAKE) --no-print-directory \
            $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(NPROC))
SANITIZE  = -O1 -g -fno-sanitize-recover=all -fsanitize=
export DEPS

.PHONY: all check check-tests check-interop check-unit check-clang check-valgrind \
        sanitize check-tsan check-threads check-arch analyze check-faults faults \
        check-memory coverage corpus fuzz fuzzers soak bench demo lint format install \
        install-files uninstall clean help FORCE
.SECONDARY:
.DELETE_ON_ERROR:
all: $(PROGRAMS) $(LIB) $(SO) $(COMPLETIONS) ## build hvsnap, hvsim and both libraries

# What everything was compiled with: other flags or libraries build anew. The one place
# that looks whether the libraries are there.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@PKG_CONFIG='$(PKG_CONFIG)' tests/support/have.sh 'libcurl >= 7.88' \
	$(filter-out libcurl,$(NEEDS))
	@printf '%s\n' '$(subst ','\'',$(CC) $(CPPFLAGS) $(ALL_CFLAGS))' | \
	cmp -s - $@ || printf '%s\n' '$(subst ','\'',$(CC) $(CPPFLAGS) $(ALL_CFLAGS))' >$@

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC  ,$<)
	$(Q)$(COMPILE) $(if $(filter tests/%,$<),-Itests) -c -o $@ $<
$(BUILD)/templates.o: $(BUILD)/templates.c $(BUILD)/flags
	$(Q)$(COMPILE) -c -o $@ $<
$(BUILD)/templates.c: $(TEMPLATES) soap-templates/embed.sh
	@mkdir -p $(@D)
	$(call say,GEN ,$@)
	$(Q)soap-templates/embed.sh $(TEMPLATES) >$@

$(LIB): $(LIB_OBJS)
	$(call say,AR  ,$@)
	$(Q)$(RM) $@ && $(AR) rcs $@ $^
# An archive: a test takes what it needs of it, and no part of the library with it.
$(SUPPORT): $(call objects,$(wildcard tests/support/*.c))
	$(Q)$(RM) $@ && $(AR) rcs $@ $^
$(BUILD)/libsim.a: $(SIM_OBJS)
	$(Q)$(RM) $@ && $(AR) rcs $@ $^
$(SO): $(LIB_OBJS)
	$(call say,LD  ,$@)
	$(Q)$(CC) $(SOFLAGS) $(CFLAGS) $(ALL_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LIB_LIBS) $(LDLIBS)
$(BUILD)/hvsnap: $(call objects,$(CLI_SRCS)) $(LIB)
	$(call say,LD  ,$@)
	$(Q)$(LINK) -o $@ $^ $(CLI_LIBS) $(LDLIBS)
# What completes its command line, by itself.
$(BUILD)/completion.%: $(BUILD)/hvsnap
	$(Q)$< help completion-$* >$@
$(BUILD)/hvsim: $(BUILD)/tests/hvsim/main.o $(BUILD)/libsim.a
	$(call say,LD  ,$@)
	$(Q)$(LINK) -o $@ $^ $(SIM_LIBS) $(LDLIBS)
# Those of hvsim see no other part of the library than hvsim does.
$(BUILD)/tests/hvsim/test_%: $(BUILD)/tests/hvsim/test_%.o $(SUPPORT) $(BUILD)/libsim.a
	$(Q)$(LINK) -o $@ $^ $(TEST_LIBS) $(LDLIBS)
# Those of the program have its objects too, but for main(), and may bring fakes along.
$(BUILD)/libcli.a: $(call objects,$(filter-out src/cli/main.c,$(CLI_SRCS)))
	$(Q)$(RM) $@ && $(AR) rcs $@ $^
$(BUILD)/libfake.a: $(FAKES)
	$(Q)$(RM) $@ && $(AR) rcs $@ $^
$(BUILD)/tests/cli/test_%: $(BUILD)/tests/cli/test_%.o $(SUPPORT) \
                           $(BUILD)/libcli.a $(BUILD)/libfake.a $(LIB)
	$(Q)$(LINK) -o $@ $^ $(TEST_LIBS) $(LDLIBS)
# The library and a host of hvsim in one process.
$(BUILD)/libfaults.a: $(FAULTS)
	$(Q)$(RM) $@ && $(AR) rcs $@ $^
$(BUILD)/tests/faults/test_%: $(BUILD)/tests/faults/test_%.o $(BUILD)/libfaults.a \
                              $(SUPPORT) $(LIB) $(BUILD)/libsim.a
	$(Q)$(LINK) -o $@ $^ $(TEST_LIBS) $(LDLIBS)
# Memory runs out for what they arm: the calls of a driver, but not what the host does.
WRAPPED := malloc calloc realloc free strdup strndup
$(BUILD)/tests/faults/test_alloc: WRAPPED += hvs_run_answer hvs_session_ask \
                                  sim_create sim_job_start sim_host_advance
$(BUILD)/tests/faults/test_alloc $(BUILD)/tests/faults/test_alloc_parts: \
    LDFLAGS += $(addprefix -Wl$(,)--wrap=,$(WRAPPED))
# The same through the program, which one variant keeps from finding any address.
$(BUILD)/tests/faults/program: $(FAULTS_BY_PROGRAM)
	$(Q)$(LINK) -o $@ $^ $(CLI_LIBS) $(LDLIBS)
$(BUILD)/tests/faults/hvsnap-hung: $(BUILD)/tests/faults/program_resolver.o \
                                   $(call objects,$(CLI_SRCS)) $(LIB)
	$(Q)$(LINK) -o $@ $^ $(CLI_LIBS) $(LDLIBS)
# The program with memory that runs out, and who runs it beside a host.
MEMORY    := $(BUILD)/tests/faults/hvsnap-memory
$(MEMORY): LDFLAGS += $(addprefix -Wl$(,)--wrap=,$(WRAPPED))
$(MEMORY): $(BUILD)/tests/faults/program_memory.o $(BUILD)/tests/faults/alloc.o \
           $(call objects,$(CLI_SRCS)) $(LIB)
	$(Q)$(LINK) -o $@ $^ $(CLI_LIBS) $(LDLIBS)
$(BUILD)/tests/faults/test_memory: $(patsubst %,$(BUILD)/tests/faults/program_%.o,files \
                                   judge judge_jobs judge_several truth verdict) | \
                                   $(BUILD)/hvsim $(MEMORY)
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(SUPPORT) $(LIB) $(BUILD)/libsim.a
	$(Q)$(LINK) -o $@ $^ $(TEST_LIBS) $(LDLIBS)
$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(LIB)
	$(Q)$(LINK) -o $@ $^ $(CLI_LIBS) $(LDLIBS)
$(BUILD)/tests/tools/%: $(BUILD)/tests/tools/%.o $(LIB)
	$(Q)$(LINK) -o $@ $^ $(SIM_LIBS) $(LDLIBS)
$(BUILD)/contrib/examples/%: $(BUILD)/contrib/examples/%.o $(LIB)
	$(Q)$(LINK) -o $@ $^ $(LIB_LIBS) $(LDLIBS)
$(BUILD)/tests/fuzz/%.replay: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/replay.o \
                              $(BUILD)/libcli.a $(LIB) $(BUILD)/libsim.a
	$(Q)$(LINK) -o $@ $^ $(CLI_LIBS) $(LDLIBS)
$(BUILD)/tests/fuzz/%.fuzz: $(BUILD)/tests/fuzz/%.o $(BUILD)/libcli.a $(LIB) \
                            $(BUILD)/libsim.a
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $^ $(CLI_LIBS) $(LDLIBS)

demo: ## install what is missing, take a snapshot on a pretend host, show the tree
	@tests/support/deps.sh demo
	@$(again) all
	@BUILD=$(BUILD) tests/support/demo.sh
check: ## install what is missing, run every test (T=word: those whose name holds it)
	@tests/support/deps.sh check
	@$(again) check-tests
check-tests: all $(TESTS) $(REPLAYS) $(EXAMPLES) $(TOOLS)
	@$(run_tests) $(TESTS) $(SCRIPTS) $(REPLAYS)
check-interop: ## the same, with a real KDC, Apache, foreign clients and another libcurl
	@tests/support/deps.sh interop
	@tests/support/backports.sh $(BUILD)/backports
	@$(again) check-tests
check-unit: $(TESTS) $(REPLAYS) ## only the tests that need no program
	@$(run_tests) $(TESTS) $(REPLAYS)
check-clang: ## the same, built by clang
	@$(again) check-unit BUILD=$(BUILD)/clang CC=clang
check-valgrind: ## the same, under valgrind
	@WRAP=tests/support/valgrind.sh FAULTS_CASES=150 ALLOC_TRIES=2 MEMORY_TRIES=1 LIMIT=600 \
	$(again) check-unit
# Without -Werror: gcc warns of more, wrongly, when it instruments.
sanitize: ## every test under the address and undefined-behaviour sanitizers
	@ALLOC_TRIES=2 MEMORY_TRIES=1 LIMIT=600 $(again) check-tests BUILD=$(BUILD)/san WERROR= \
	CFLAGS='-fno-omit-frame-pointer $(SANITIZE)address,undefined'
# Those that have threads: tickets are fetched on one of their own.
THREADED  = $(addprefix $(BUILD)/tests/,wsman/test_blocker auth/test_gss \
            auth/test_gss_cache hyperv/test_ticket hyperv/test_deadline \
            hyperv/test_fleet transport/test_pool transport/test_http \
            transport/test_tls)
check-tsan: ## the tests that have threads, under the thread sanitizer
	@TSAN_OPTIONS=suppressions=tests/support/tsan.txt:halt_on_error=1 $(again) \
	check-threads BUILD=$(BUILD)/tsan WERROR= \
	CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=thread'
check-threads: $(THREADED)
	@$(run_tests) $(THREADED)
# Leaks are found by running (sanitize, check-valgrind): gcc 12 sees them in every list.
ANALYZE = -O2 -fanalyzer -DHVS_ANALYZE -Wno-analyzer-malloc-leak -Wno-unused-value \
          -Wno-pedantic
TIDY    = $(filter-out -DHVS_VERSION=%,$(CPPFLAGS)) -DHVS_VERSION=\"\"
analyze: ## gcc -fanalyzer and clang-tidy over src/; each finding is an error
	@WERROR=1 $(again) BUILD=$(BUILD)/analyze CC=gcc CFLAGS='$(ANALYZE)' \
	$(BUILD)/analyze/libhvsnap.a $(BUILD)/analyze/hvsnap
	@printf '%s\n' $(LIB_SRCS) $(CLI_SRCS) | xargs -n 4 -P $(NPROC) sh -c \
	'clang-tidy --quiet "$$@" -- -std=c11 -DHVS_ANALYZE $(TIDY) 2>&1 | \
	sed "/warnings generated/d;/Suppressed /d;/Use -header-filter/d" | (! grep .)' sh
check-arch: ## on s390x, armhf and arm64, emulated (ARCH=s390x: there alone; needs Debian)
check-arch: all $(TOOLS)
	@tests/support/arch.sh $(BUILD) $(ARCH)
check-faults: ## what is claimed, held against a host whatever breaks; then planted faults
	@$(again) $(addprefix $(BUILD)/,hvsim tests/faults/test_matrix tests/faults/program)
	@$(again) faults BUILD=$(BUILD)/san PLAIN=$(BUILD) WERROR= \
	CFLAGS='-fno-omit-frame-pointer $(SANITIZE)address,undefined'
	@BUILD=$(BUILD) tests/faults/planted.sh
# So many, and 500 through the program, are what five minutes on two cores are enough for.
faults: $(addprefix $(BUILD)/,hvsnap tests/faults/hvsnap-hung tests/faults/test_matrix)
	@$(BUILD)/tests/faults/test_matrix --cases 5300 --line --jobs $(NPROC)
	@SRCDIR=. HVSIM=$(PLAIN)/hvsim HVSNAP=$(BUILD)/hvsnap \
	HVSNAP_HUNG=$(BUILD)/tests/faults/hvsnap-hung $(PLAIN)/tests/faults/program 500 4
check-memory: ## memory runs out at every place of the library and of the program: an hour
check-memory: $(addprefix $(BUILD)/tests/faults/test_,alloc alloc_parts memory)
	@ALLOC_TRIES=0 $(BUILD)/tests/faults/test_alloc
	@$(BUILD)/tests/faults/test_alloc_parts
	@MEMORY_TRIES=0 BUILD=$(BUILD) $(BUILD)/tests/faults/test_memory
coverage: ## every test, then the line coverage of each file
	@$(RM) -r $(BUILD)/cov
	@$(again) check-tests BUILD=$(BUILD)/cov CFLAGS='-O0 -g --coverage'
	@BUILD=$(BUILD)/cov tests/support/coverage.sh
fuzzers: $(FUZZERS)
fuzz: ## run each fuzz target for FUZZ_TIME seconds (needs clang)
	@$(again) fuzzers BUILD=$(BUILD)/fuzz CC=clang \
	CFLAGS='$(SANITIZE)fuzzer-no-link,address,undefined'
	@BUILD=$(BUILD)/fuzz T='$(T)' FUZZ_TIME=$(FUZZ_TIME) tests/support/fuzz.sh
corpus: ## how much of each parser the kept corpora of the fuzz targets come by
	@$(RM) -r $(BUILD)/corpus
	@$(again) $(REPLAYS:$(BUILD)/%=$(BUILD)/corpus/%) BUILD=$(BUILD)/corpus \
	CFLAGS='-O0 -g --coverage'
	@BUILD=$(BUILD)/corpus tests/fuzz/coverage.sh
soak: ## create, list, delete on one session, ROUNDS (100,000) times: no memory is lost
soak: $(addprefix $(BUILD)/,hvsim tests/bench/soak)
	@$(BUILD)/tests/bench/soak $(BUILD)/hvsim $(ROUNDS)
bench: all $(BENCHES) ## measure hvsnap against a program that does nothing else
	@BUILD=$(BUILD) tests/bench/run.sh
lint: $(SO) ## layers, banned calls, lengths, symbols, format, manuals, cppcheck, ...
	@BUILD=$(BUILD) SO=$(SO) GSSAPI=$(GSSAPI) tests/support/lint.sh
format: ## lay out every file as .clang-format says
	@clang-format -i $$(find src tests contrib -name '*.c' 2>/dev/null)

DIRS = $(addprefix $(DESTDIR),$(BINDIR) $(LIBDIR)/pkgconfig $(INCLUDEDIR)/hvsnap \
       $(foreach s,1 3 5,$(MANDIR)/man$(s)) $(DATADIR)/hvsnap $(dir $(COMPLETE)))
COMPLETE := $(BASHDIR)/hvsnap $(ZSHDIR)/_hvsnap $(FISHDIR)/hvsnap.fish
man_dir   = $(MANDIR)/man$(subst .,,$(suffix $(1)))
LINKNAME := $(subst .$(SONAME),,$(notdir $(SO)))
define PKGCONFIG
Name: hvsnap
Description: Hyper-V snapshots over WS-Management
Version: $(VERSION)
Requires.private: $(LIB_NEEDS) $(GSS_NEEDS)
Libs: -L$(LIBDIR) -lhvsnap
Libs.private: -pthread
Cflags: -I$(INCLUDEDIR)
endef
export PKGCONFIG
install: all ## honours DESTDIR, PREFIX, BINDIR, LIBDIR, INCLUDEDIR, DATADIR, MANDIR
	@$(MAKE) --no-print-directory install-files
install-files:
	$(INSTALL) -d $(DIRS)
	$(INSTALL) -m 755 $(PROGRAMS) $(DESTDIR)$(BINDIR)
	$(INSTALL) -m 644 $(LIB) $(SO) $(DESTDIR)$(LIBDIR)
	ln -sf $(notdir $(SO)) $(DESTDIR)$(LIBDIR)/$(LINKNAME)
	$(INSTALL) -m 644 include/hvsnap/*.h $(DESTDIR)$(INCLUDEDIR)/hvsnap
	printf '%s\n' "$$PKGCONFIG" >$(DESTDIR)$(LIBDIR)/pkgconfig/hvsnap.pc
	$(foreach m,$(MANUALS),$(INSTALL) -m 644 $(m) $(DESTDIR)$(call man_dir,$(m)) &&) :
	$(INSTALL) -m 644 docs/*.schema.json $(DESTDIR)$(DATADIR)/hvsnap
	$(INSTALL) -m 644 $(BUILD)/completion.bash $(DESTDIR)$(BASHDIR)/hvsnap
	$(INSTALL) -m 644 $(BUILD)/completion.zsh $(DESTDIR)$(ZSHDIR)/_hvsnap
	$(INSTALL) -m 644 $(BUILD)/completion.fish $(DESTDIR)$(FISHDIR)/hvsnap.fish
uninstall: ## remove what install put there
	$(RM) $(addprefix $(DESTDIR)$(BINDIR)/,hvsnap hvsim) \
	$(addprefix $(DESTDIR)$(LIBDIR)/,libhvsnap.a $(notdir $(SO)) $(LINKNAME)) \
	$(DESTDIR)$(LIBDIR)/pkgconfig/hvsnap.pc \
	$(foreach m,$(MANUALS),$(DESTDIR)$(call man_dir,$(m))/$(notdir $(m))) \
	$(addprefix $(DESTDIR),$(COMPLETE))
	$(RM) -r $(DESTDIR)$(INCLUDEDIR)/hvsnap $(DESTDIR)$(DATADIR)/hvsnap
clean: ## remove everything that was built
	$(RM) -r $(BUILD)
help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  %-15s %s\n", $$1, $$2}' Makefile

-include $(patsubst %.c,$(BUILD)/%.d,$(wildcard src/*/*.c tests/*/*.c contrib/*/*.c))
