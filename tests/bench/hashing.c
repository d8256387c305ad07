/* CPU seconds of hashing the files given, by the static binary's own SHA-256 (with the processor's instructions where it has them), each right
 * after it was read, as the binary does: what scripts/bench-sources takes off to time hashing apart. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/sha256.h"

static double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	double sum = 0;
	unsigned seen = 0;

	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		uint8_t digest[32];
		long n;
		if (!f || fseek(f, 0, SEEK_END) != 0 || (n = ftell(f)) < 0) {
			perror(argv[i]);
			return 1;
		}
		rewind(f);
		char *text = malloc((size_t)n + 1);
		if (!text || fread(text, 1, (size_t)n, f) != (size_t)n) {
			perror(argv[i]);
			return 1;
		}
		fclose(f);
		double start = cpu();
		sha256_of(str_make(text, (size_t)n), digest);
		sum += cpu() - start;
		seen += digest[0]; /* so that none is left out */
		free(text);
	}
	printf("%.6f %u\n", sum, seen);
	return 0;
}
