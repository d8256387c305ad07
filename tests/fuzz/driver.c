/* Two drivers over the targets: clang's libFuzzer (LLVMFuzzerTestOneInput, the target by FUZZ_TARGET), and, without it, one that
 * replays every seed and then mutates them: the same bytes in the same order for the same numbers.
 *
 *     fuzz [-n INPUTS] [-t SECONDS] [-s SEED] [-r FILE] [-w DIR] [TARGET…]
 *
 * -n: mutations of each target at most; -t: seconds of CPU for each at most; -s: another row of mutations; -r: one file as it is;
 * -w: writes the seeds to DIR/TARGET/N instead (scripts/fuzz gives them to libFuzzer).
 * A line "ok TARGET: N inputs" each. On a fault the input stands in build/fuzz/crash-TARGET; run it again with -r. */
#include "fuzz.h"

#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "io/file.h"

#define INPUT_MAX ((size_t)64 << 10)
#define HANGS_AFTER 30 /* seconds for one input */

static const struct target *find(const struct targets *all, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->items[i].name, name) == 0)
			return &all->items[i];
	return NULL;
}

#ifdef FUZZ_LIBFUZZER
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static const struct target *t;

	if (!t) {
		static struct targets all;
		const char *name = getenv("FUZZ_TARGET");
		fuzz_targets(arena_new(0), &all);
		t = find(&all, name ? name : "json");
		if (!t)
			fuzz_broken("FUZZ_TARGET names no target");
	}
	t->run(t, str_make((const char *)data, size));
	return 0;
}
#else

static struct {
	const struct target *target;
	const char *bytes;
	size_t len;
} now;

static void keep_input(void)
{
	char path[300];
	int fd;

	if (!now.target)
		return;
	snprintf(path, sizeof path, "%s/fuzz/crash-%s", getenv("BUILD") ? getenv("BUILD") : "build", now.target->name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd >= 0) {
		if (write(fd, now.bytes, now.len) < 0)
			_exit(71);
		close(fd);
	}
	dprintf(1, "not ok %s: a fault; its input is %s\n", now.target->name, path);
	now.target = NULL;
}

static void on_signal(int sig)
{
	keep_input();
	if (sig == SIGALRM)
		dprintf(2, "fuzz: no end after %d s\n", HANGS_AFTER);
	signal(sig, SIG_DFL);
	raise(sig == SIGALRM ? SIGKILL : sig);
}

void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static uint64_t state;

static uint64_t draw(void) /* xorshift64* */
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 2685821657736338717u;
}

static size_t below(size_t n)
{
	return n ? (size_t)(draw() >> 11) % n : 0;
}

struct input {
	char s[INPUT_MAX + 1];
	size_t len;
};

static void cut(struct input *x, size_t at, size_t n)
{
	memmove(x->s + at, x->s + at + n, x->len - at - n);
	x->len -= n;
}

static void insert(struct input *x, size_t at, const char *s, size_t n)
{
	if (n > INPUT_MAX - x->len)
		n = INPUT_MAX - x->len;
	memmove(x->s + at + n, x->s + at, x->len - at);
	memcpy(x->s + at, s, n);
	x->len += n;
}

static const char *const words[] = {
	"\"", "\\", "{", "}", "[", "]", ":", ",", "\n", "\r\n", "\t", "null", "true", "-1", "0", "1e999", "18446744073709551616", "''", "\"\"",
	"{}", "[]", "[[", "]]", "- ", "  ", "# ", "&a ", "*a", "<<: ", "\xef\xbb\xbf", "\xff\xfe", "\xc3", "\xed\xa0\x80", "\\u0000", "\\ud800",
	"<<<<<<< x\n", "=======\n", ">>>>>>> x\n", "/../", "//", "@", "%", "%00", "%2F", "?", "=", ".", "..", "*", "^", "~", ">=", "pkg:npm/a@1",
	"::error::x", "##[group]", "<a>", "</a>", "<![CDATA[", "&lt;", "\x1b[31m", "CVE-2024-1", "sha256:", "2026-13-40T25:61:61Z", "git+https://",
};

static void mutate(struct input *x, const struct str *seeds, size_t nseeds)
{
	for (size_t rounds = 1 + below(6); rounds; rounds--) {
		size_t at = below(x->len + 1), left = x->len - at, kind = below(9);
		if (kind == 0 && left) {
			x->s[at] ^= (char)(1 << below(8));
		} else if (kind == 1 && left) {
			x->s[at] = (char)below(256);
		} else if (kind == 2) {
			cut(x, at, below((left < 64 || below(4) == 0 ? left : 64) + 1));
		} else if (kind == 3) {
			x->len = at; /* the file ends here */
		} else if (kind == 4) {
			const char *w = words[below(sizeof words / sizeof words[0])];
			insert(x, at, w, strlen(w));
		} else if (kind == 5 && left) { /* a piece again, once or often */
			char piece[256];
			size_t n = 1 + below(left < sizeof piece ? left : sizeof piece), times = below(8) ? 1 : 1 + below(200);
			memcpy(piece, x->s + at, n);
			for (; times; times--)
				insert(x, at, piece, n);
		} else if (kind == 6) { /* a piece of another seed */
			const struct str *other = &seeds[below(nseeds)];
			size_t from = below(other->len + 1), n = below(other->len - from + 1);
			insert(x, at, other->s + from, n < 512 ? n : 512);
		} else if (kind == 7) { /* two pieces change places */
			size_t other = below(x->len + 1), n = below(64);
			if (at + n <= x->len && other + n <= x->len)
				for (size_t i = 0; i < n; i++) {
					char c = x->s[at + i];
					x->s[at + i] = x->s[other + i];
					x->s[other + i] = c;
				}
		} else if (left) { /* another digit or letter of the same sort */
			char *c = &x->s[at];
			*c = ascii_digit(*c) ? (char)('0' + below(10)) : ascii_alpha(*c) ? (char)('a' + below(26)) : *c;
		}
	}
}

static void run(const struct target *t, const char *s, size_t n)
{
	char *exact = malloc(n + 1); /* exactly as long, so that a sanitiser sees its end */

	memcpy(exact, s, n);
	now.target = t;
	now.bytes = exact;
	now.len = n;
	alarm(HANGS_AFTER);
	t->run(t, str_make(exact, n));
	alarm(0);
	now.target = NULL;
	free(exact);
}

static void collect(struct arena *a, struct str dir, struct str **files, size_t *n)
{
	struct file_entries list = { 0 };
	struct str why;

	if (!file_list(a, dir.s, &list, &why))
		return;
	for (size_t i = 0; i < list.n; i++) {
		struct str path = file_join(a, dir, list.items[i].name);
		if (list.items[i].kind == FILE_FOLDER) {
			collect(a, path, files, n);
		} else if (list.items[i].kind == FILE_REGULAR) {
			*files = arena_grow(a, *files, *n, *n + 1, sizeof **files);
			(*files)[(*n)++] = path;
		}
	}
}

static void write_seeds(const struct target *t, const char *dir, const struct str *seeds, size_t n)
{
	char path[600];
	struct str why;

	snprintf(path, sizeof path, "%s/%s", dir, t->name);
	bool good = file_make_folders(path, &why);
	for (size_t i = 0; i < n && good; i++) {
		snprintf(path, sizeof path, "%s/%s/%zu", dir, t->name, i);
		good = file_write_atomic(path, seeds[i], &why);
	}
	printf("%s %s: %zu seeds\n", good ? "ok" : "not ok", t->name, n);
}

static void fuzz(const struct target *t, const char *write_to, const struct str *files, const struct str *texts, size_t nfiles, size_t inputs, double seconds, uint64_t seed)
{
	static struct input x;
	struct arena *a = arena_new(0);
	struct str *seeds = NULL;
	size_t n = 0, done = 0;
	clock_t start = clock();

	for (size_t i = 0; i < nfiles; i++)
		if (fuzz_seed(t, files[i], texts[i])) {
			seeds = arena_grow(a, seeds, n, n + 1, sizeof *seeds);
			seeds[n++] = texts[i];
		}
	fuzz_made_seeds(a, t, &seeds, &n);
	if (!n) {
		printf("not ok %s: no seed\n", t->name);
		arena_free(a);
		return;
	}
	if (write_to) {
		write_seeds(t, write_to, seeds, n);
		arena_free(a);
		return;
	}
	for (; done < n; done++)
		run(t, seeds[done].s, seeds[done].len);
	state = str_hash(str_of(t->name)) + seed * 0x9e3779b97f4a7c15u + 1;
	for (size_t i = 0; i < inputs && (double)(clock() - start) / CLOCKS_PER_SEC < seconds; i++, done++) {
		const struct str *from = &seeds[below(n)];
		x.len = from->len < INPUT_MAX ? from->len : INPUT_MAX;
		memcpy(x.s, from->s, x.len);
		mutate(&x, seeds, n);
		run(t, x.s, x.len);
	}
	printf("ok %s: %zu seeds, %zu inputs\n", t->name, n, done);
	fflush(stdout);
	arena_free(a);
}

int main(int argc, char **argv)
{
	struct arena *a = arena_new(0);
	struct targets all = { 0 };
	struct str *files = NULL, *texts, why;
	size_t nfiles = 0, inputs = 100000;
	double seconds = 0.35;
	uint64_t seed = 0;
	const char *replay = NULL, *write_to = NULL;

	for (int c; (c = getopt(argc, argv, "n:t:s:r:w:")) != -1;) {
		if (c == 'n')
			inputs = strtoul(optarg, NULL, 10);
		else if (c == 't')
			seconds = strtod(optarg, NULL);
		else if (c == 's')
			seed = strtoul(optarg, NULL, 10);
		else if (c == 'r')
			replay = optarg;
		else if (c == 'w')
			write_to = optarg;
		else
			return 2;
	}
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(keep_input);
	signal(SIGALRM, on_signal);
	signal(SIGABRT, on_signal);
	fuzz_targets(a, &all);
	static const char *const folders[] = { "tests/golden", "tests/data", "tests/fuzz/seeds", "examples" };
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
		collect(a, str_of(folders[i]), &files, &nfiles);
	texts = arena_array(a, nfiles, sizeof *texts);
	for (size_t i = 0; i < nfiles; i++)
		if (!file_read(a, files[i].s, 1 << 22, &texts[i], &why))
			texts[i] = STR("");
	for (int i = optind; i < argc; i++)
		if (!find(&all, argv[i])) {
			fprintf(stderr, "fuzz: there is no target %s\n", argv[i]);
			return 2;
		}
	for (size_t i = 0; i < all.n; i++) {
		bool asked = optind >= argc;
		struct str one;
		for (int k = optind; k < argc; k++)
			asked |= find(&all, argv[k]) == &all.items[i];
		if (!asked)
			continue;
		if (!replay)
			fuzz(&all.items[i], write_to, files, texts, nfiles, inputs, seconds, seed);
		else if (file_read(a, replay, INPUT_MAX, &one, &why))
			run(&all.items[i], one.s, one.len);
	}
	arena_free(a);
	return 0;
}
#endif
