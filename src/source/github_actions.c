/* GitHub Actions: `uses:` of workflows and of action files, images of jobs, services and docker actions (GitHub's "Workflow
 * syntax" and "Metadata syntax"). The version is the ref that is pinned; what a comment says beside a commit proves nothing and
 * becomes a property. */
#include "source/container.h"
#include "source/reading_yaml.h"

static bool is_sha(struct str ref)
{
	for (size_t i = 0; i < ref.len; i++)
		if (ascii_hex(ref.s[i]) < 0)
			return false;
	return ref.len == 40 || ref.len == 64;
}

/* "# v4.2.2" behind the value: the version in it, absent where there is none. */
static struct str comment_version(struct reading *r, const struct value *uses)
{
	struct str rest = str_from(r->text, uses->offset), line = str_cut(&rest, '\n');
	size_t hash = str_find(line, STR(" #"), 0);

	if (hash == STR_NOT_FOUND || str_has(str_sub(line, 0, hash), STR("'#")))
		return STR_NONE;
	line = str_trim(str_from(line, hash + 2));
	for (size_t i = 0; i < line.len; i++) {
		bool starts = i == 0 || !(ascii_alpha(line.s[i - 1]) || ascii_digit(line.s[i - 1]) || line.s[i - 1] == '.');
		size_t v = line.s[i] == 'v' ? i + 1 : i, end = v;
		while (end < line.len && (ascii_digit(line.s[end]) || ascii_alpha(line.s[end]) || line.s[end] == '.' || line.s[end] == '-' ||
					  line.s[end] == '+'))
			end++;
		if (starts && v < line.len && ascii_digit(line.s[v]))
			return str_sub(line, i, end - i);
	}
	return STR_NONE;
}

static void add_action(struct reading *r, const struct value *uses, struct str text)
{
	size_t at = str_rchr(text, '@');
	struct str what = str_sub(text, 0, at), ref = at == STR_NOT_FOUND ? STR("") : str_from(text, at + 1);
	size_t slash = str_chr(what, '/');
	struct str shown = str_sub(text, 0, 200);

	if (str_has(text, STR("${{"))) {
		reading_notice(r, uses->offset, "\"%.*s\" is known only when the workflow runs, and is not listed", STR_ARG(shown));
		return;
	}
	if (slash == STR_NOT_FOUND || slash == 0 || slash + 1 == what.len || !ref.len) {
		reading_problem(r, uses->offset, "\"%.*s\" is no owner/repository@ref: GitHub would not run it", STR_ARG(shown));
		return;
	}
	struct str owner = str_sub(what, 0, slash), repo = str_from(what, slash + 1);
	size_t path = str_chr(repo, '/');
	uint32_t c = reading_add(r, owner, str_sub(repo, 0, path), ref, uses->offset);
	struct component *it = &r->bom->components[c];
	it->purl_type = STR("github");
	if (path != STR_NOT_FOUND)
		component_add_more(r->arena, it)->subpath = str_from(repo, path + 1);
	it->scope = SCOPE_BUILD;
	it->direct = it->direct_known = true;
	if (is_sha(ref)) {
		struct str comment = comment_version(r, uses);
		it->commit = ref;
		if (comment.len)
			bom_property(r->bom, c, "bomgate:comment-version", comment);
	}
}

static void add_uses(struct reading *r, const struct value *uses)
{
	struct str text = value_text(uses);

	if (!uses)
		return;
	if (uses->type != VALUE_STRING || !text.len)
		reading_problem(r, uses->offset, "`uses` must be a text such as owner/repository@ref");
	else if (str_starts(text, STR("docker://")))
		container_add(r, str_from(text, 9), uses->offset, SCOPE_BUILD);
	else if (!str_starts(text, STR("./")) && !str_starts(text, STR("../")) && !str_starts(text, STR(".\\")))
		add_action(r, uses, str_trim(text));
}

static void add_image(struct reading *r, const struct value *v)
{
	struct str text = value_text(v);

	if (text.len)
		container_add(r, str_starts(text, STR("docker://")) ? str_from(text, 9) : text, v->offset, SCOPE_BUILD);
}

static void add_steps(struct reading *r, const struct value *steps)
{
	if (steps && steps->type != VALUE_LIST && steps->type != VALUE_NULL)
		reading_problem(r, steps->offset, "`steps` must be a list");
	for (VALUE_EACH(step, steps && steps->type == VALUE_LIST ? steps : NULL))
		add_uses(r, value_get(step, "uses"));
}

enum result source_github_workflow(struct reading *r)
{
	const struct value *root = reading_yaml(r, true);

	if (!root)
		return FAILED;
	const struct value *jobs = value_get(root, "jobs");
	if (jobs && jobs->type != VALUE_TABLE)
		return reading_error(r, jobs->offset, "`jobs` must be a mapping");
	for (VALUE_EACH(job, jobs)) {
		const struct value *container = value_get(job, "container");
		add_uses(r, value_get(job, "uses"));
		add_image(r, container && container->type == VALUE_TABLE ? value_get(container, "image") : container);
		for (VALUE_EACH(service, value_get(job, "services")))
			add_image(r, value_get(service, "image"));
		add_steps(r, value_get(job, "steps"));
	}
	return reading_done(r);
}

enum result source_github_action(struct reading *r)
{
	const struct value *root = reading_yaml(r, true);

	if (!root)
		return FAILED;
	const struct value *runs = value_get(root, "runs");
	struct str image = value_get_text(runs, "image");
	add_steps(r, value_get(runs, "steps"));
	if (str_starts(image, STR("docker://")))
		add_image(r, value_get(runs, "image"));
	return reading_done(r);
}
