/* libyaml's bare events over files, for scripts/bench-sources: what any reader of YAML that uses it has to spend. */
#include <stdio.h>
#include <yaml.h>

int main(int argc, char **argv)
{
	unsigned long n = 0;

	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		yaml_parser_t p;
		yaml_event_t e;
		int more = 1;
		if (!f || !yaml_parser_initialize(&p))
			return 1;
		yaml_parser_set_input_file(&p, f);
		while (more && yaml_parser_parse(&p, &e)) {
			more = e.type != YAML_STREAM_END_EVENT;
			yaml_event_delete(&e);
			n++;
		}
		yaml_parser_delete(&p);
		fclose(f);
	}
	return n ? 0 : 1;
}
