# One Makefile, not recursive. `make help` lists the targets.
CC ?= gcc
BUILD ?= build$(if $(WITH_PG),-pg)
CCACHE := $(shell command -v ccache 2>/dev/null)
PKGS = libgit2 libcjson libcurl yaml-0.1 expat libarchive sqlite3 zlib libzstd libsodium
COMMIT := $(shell git rev-parse --short=12 HEAD 2>/dev/null)

WARN = -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Wno-unused-parameter $(WERROR)
WERROR ?= -Werror
OPT ?= -O2 -g
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
CPPFLAGS += -Isrc -D_GNU_SOURCE $(PKG_CFLAGS)
CFLAGS_ALL = -std=c17 $(OPT) $(WARN) -fno-strict-aliasing $(CFLAGS)
SAN = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
ifdef WITH_PG # the index of `where` in PostgreSQL, by libpq
PG_CFLAGS := -DWITH_PG $(shell pkg-config --cflags libpq)
PG_LIBS := $(shell pkg-config --libs libpq)
CPPFLAGS += $(PG_CFLAGS)
endif
LIBS = $(PKG_LIBS) $(PG_LIBS) -lmbedx509 -lmbedcrypto -lm

SRC := $(filter-out $(if $(WITH_PG),,src/io/postgres.c),$(wildcard src/*/*.c src/*/*/*.c))
LIB_OBJ = $(SRC:src/%.c=$(BUILD)/obj/%.o)
SAN_OBJ = $(SRC:src/%.c=$(BUILD)/san/%.o)
UNIT := $(wildcard tests/unit/test_*.c)
UNIT_BIN = $(UNIT:tests/unit/%.c=$(BUILD)/unit/%)

FUZZ_SRC := $(wildcard tests/fuzz/*.c)

.PHONY: all help demo test unit san fuzz fuzz-driver static action bench release clean check-layers
all: $(BUILD)/bomgate ## build bomgate with the distribution's libraries (WITH_PG=1: in build-pg, with PostgreSQL)

help: ## this list
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

$(BUILD)/bomgate: $(BUILD)/obj/main.o $(LIB_OBJ)
	@echo "  LD $@"; $(CC) $(OPT) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/bomgate-san: $(BUILD)/san/main.o $(SAN_OBJ)
	@echo "  LD $@"; $(CC) $(SAN) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CCACHE) $(CC) $(CPPFLAGS) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(BUILD)/san/%.o: src/%.c
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CCACHE) $(CC) $(CPPFLAGS) -std=c17 -O1 -g $(WARN) -fno-strict-aliasing $(SAN) -MMD -MP -c -o $@ $<

# Only the command `version` knows the commit, so that a commit does not rebuild everything.
$(BUILD)/obj/cmd/version.o $(BUILD)/san/cmd/version.o: CPPFLAGS += -DBOMGATE_COMMIT='"$(or $(COMMIT),unknown commit)"'

$(BUILD)/unit/%: tests/unit/%.c $(SAN_OBJ)
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CCACHE) $(CC) $(CPPFLAGS) -Itests/unit -std=c17 -O1 -g $(WARN) $(SAN) -MMD -MP -c -o $@.o $<
	@echo "  LD $@"; $(CC) $(SAN) -o $@ $@.o $(SAN_OBJ) $(LIBS)

unit: $(UNIT_BIN) ## build the unit tests (under ASan and UBSan)
san: $(BUILD)/bomgate-san ## build bomgate under ASan and UBSan

# ---- a target for each row of each table (tests/fuzz/fuzz.h)
fuzz-driver: $(BUILD)/fuzz/fuzz ## build the driver that replays and mutates the seeds, under ASan and UBSan
fuzz: fuzz-driver ## the same, and clang's libFuzzer where it is at hand
	@if command -v clang >/dev/null; then $(MAKE) --no-print-directory $(BUILD)/fuzz/libfuzzer; else echo "fuzz: no clang here: only $(BUILD)/fuzz/fuzz"; fi

$(BUILD)/fuzz/%.o: tests/fuzz/%.c
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CCACHE) $(CC) $(CPPFLAGS) -Itests/fuzz -std=c17 -O1 -g $(WARN) $(SAN) -MMD -MP -c -o $@ $<
$(BUILD)/fuzz/fuzz: $(FUZZ_SRC:tests/fuzz/%.c=$(BUILD)/fuzz/%.o) $(SAN_OBJ)
	@echo "  LD $@"; $(CC) $(SAN) -o $@ $^ $(LIBS)

$(BUILD)/libfuzzer/%.o: src/%.c
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CCACHE) clang $(CPPFLAGS) -std=c17 -O1 -g $(WARN) -fno-strict-aliasing -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -MMD -MP -c -o $@ $<
$(BUILD)/fuzz/libfuzzer: $(FUZZ_SRC) $(SRC:src/%.c=$(BUILD)/libfuzzer/%.o)
	@echo "  LD $@"; clang $(CPPFLAGS) -Itests/fuzz -std=c17 -O1 -g $(WARN) -DFUZZ_LIBFUZZER -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -o $@ $^ $(LIBS)

# ---- one fully static binary by musl; its libraries come from pinned sources (scripts/deps)
HOST_ARCH := $(patsubst aarch64,arm64,$(patsubst x86_64,x64,$(shell uname -m)))
ARCH ?= $(HOST_ARCH)
STATIC = $(BUILD)/static$(if $(filter-out $(HOST_ARCH),$(ARCH)),-$(ARCH))
PREFIX = $(STATIC)/prefix
STATIC_CC = $(PREFIX)/bin/musl-gcc
STATIC_OBJ = $(SRC:src/%.c=$(STATIC)/obj/%.o) $(STATIC)/obj/main.o
STATIC_FLAGS = -std=c17 -O2 -g0 -fPIE -fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections -fstack-protector-strong -fno-strict-aliasing \
	-ffile-prefix-map=$(CURDIR)=. $(if $(filter $(HOST_ARCH),$(ARCH)),$(WARN),-w) # another compiler's opinions are not asked for here
STATIC_LIBS = -larchive -lgit2 -lhttp_parser -lcurl -lmbedtls -lmbedx509 -lmbedcrypto -lsodium -lz -lzstd -llzma -lexpat -lyaml -lcjson -lsqlite3 -lm

static: ## one fully static, stripped binary by musl (Debian 12 and later); ARCH=arm64 cross-compiles by zig
	./scripts/deps $(ARCH)
	$(MAKE) --no-print-directory $(STATIC)/bomgate
	@./scripts/check-static $(STATIC)/bomgate

$(STATIC)/obj/%.o: src/%.c $(PREFIX)/.complete
	@mkdir -p $(@D)
	@echo "  CC $<"; $(CCACHE) $(STATIC_CC) -Isrc -isystem $(PREFIX)/include -isystem $(PREFIX)/include/cjson -D_GNU_SOURCE $(STATIC_CPPFLAGS) $(STATIC_FLAGS) -MMD -MP -c -o $@ $<
$(STATIC)/obj/cmd/version.o: STATIC_CPPFLAGS = -DBOMGATE_COMMIT='"$(or $(COMMIT),unknown commit)"'

ifeq ($(ARCH),$(HOST_ARCH))
STATIC_LINK = gcc -static-pie -nostdlib -nostartfiles -s $(STATIC_LDFLAGS) -Wl,--build-id=none -L$(PREFIX)/lib -o $@ $(PREFIX)/lib/rcrt1.o $(PREFIX)/lib/crti.o \
	$(sort $(STATIC_OBJ)) $(STATIC_LIBS) -lc -lgcc $(PREFIX)/lib/crtn.o && strip -s -R .comment $@
else # zig knows its own start files, and strips by -s
STATIC_LINK = $(STATIC_CC) -fPIE -pie -s $(STATIC_LDFLAGS) -L$(PREFIX)/lib -o $@ $(sort $(STATIC_OBJ)) $(STATIC_LIBS)
endif
STATIC_LDFLAGS = -Wl,--gc-sections -Wl,-z,relro,-z,now,-z,noexecstack

$(STATIC)/bomgate: $(STATIC_OBJ)
	@echo "  LD $@"; $(STATIC_LINK)

action: static ## put the static binary where the action looks for it (bin/); TO=FOLDER: the whole action there, for `uses: ./FOLDER`
	@to="$(or $(TO),.)" && mkdir -p "$$to/bin" "$$to/scripts" && cp $(STATIC)/bomgate "$$to/bin/bomgate-linux-$(ARCH)" && \
		{ [ . -ef "$$to" ] || cp action.yml "$$to/"; } && { [ . -ef "$$to" ] || cp scripts/action.mjs "$$to/scripts/"; } && echo "action: $$to/bin/bomgate-linux-$(ARCH)"

bench: static ## measure against the peers, as ratios in the same run
	@code=0; for b in scripts/bench scripts/bench-*; do [ -x "$$b" ] || continue; echo "== $$b"; "$$b" || code=1; done; exit $$code

$(BUILD)/bench_decide: tests/bench/decide.c $(LIB_OBJ)
	@$(CC) $(CPPFLAGS) -std=c17 -O2 -o $@ $^ $(LIBS)

release: ## both binaries built twice, the release commit and its tag, SHA256SUMS (build/release)
	./scripts/release all

test: ## set up, build, run all tests
	./scripts/test
demo: ## set up, build, run the main job on a real example
	./scripts/demo
check-layers: ## includes never point back
	./scripts/check-layers
clean: ## remove the build folder
	rm -rf $(BUILD)

-include $(STATIC_OBJ:.o=.d) $(LIB_OBJ:.o=.d) $(SAN_OBJ:.o=.d) $(BUILD)/obj/main.d $(BUILD)/san/main.d $(wildcard $(BUILD)/fuzz/*.d) $(UNIT_BIN:=.o.d) $(UNIT_BIN:=.d)
