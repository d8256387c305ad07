/* The index of `where`: built from stored SBOMs. */
#include <sys/stat.h>

#include "base/map.h"
#include "base/timestamp.h"
#include "cmd/where.h"
#include "identity/purl.h"
#include "match/match.h"
#include "report/changes.h"
#include "source/source.h"

#define INDEX_FORMAT "1"

static const char schema[] =
	"create table if not exists meta(key text primary key, value text);"
	"create table if not exists sbom(id integer primary key, path text unique, stamp text, sha256 text, product text, version text, made text,"
	" source text, owner text, stated integer);"
	"create table if not exists package(id integer primary key, ecosystem text, name text, version text, purl text, weak integer, title text,"
	" unique(ecosystem, name, version, purl));"
	"create index if not exists package_name on package(name);"
	"create index if not exists package_title on package(title);"
	"create table if not exists word(id integer primary key, text text unique);"
	"create table if not exists holds(package integer, sbom integer, service integer, via integer, primary key(package, sbom)) without rowid;"
	"create index if not exists sbom_stated on sbom(stated) where stated=1;"
	"create index if not exists holds_sbom on holds(sbom);"
	"create table if not exists touched(id text, package integer, shown text, fixed text, primary key(id, package)) without rowid;"
	"create table if not exists unjudged(package integer primary key, why text);";

bool where_open(struct where *w, const char *path, bool read_only)
{
	struct str why;

	w->db = sqlite_begin(w->arena, path, read_only, &why);
	if (!w->db) {
		complain("%s: %.*s", path, STR_ARG(why));
		return false;
	}
	if (!read_only)
		sqlite_run(w->db, "pragma journal_mode=wal; pragma synchronous=normal; pragma cache_size=-65536;");
	if (!read_only)
		sqlite_run(w->db, schema);
	struct sqlite_query *q = sqlite_prepare(w->db, "select value from meta where key='format'");
	struct str format = sqlite_next(q) ? sqlite_text(q, w->arena, 0) : STR_NONE;
	sqlite_stop(q);
	if (!read_only && !format.s && !sqlite_error(w->db).s)
		sqlite_run(w->db, "insert into meta values('format', '" INDEX_FORMAT "')");
	if (sqlite_error(w->db).s || (format.s && !str_is(format, INDEX_FORMAT))) {
		complain("%s: %.*s", path, STR_ARG(sqlite_error(w->db).s ? sqlite_error(w->db) : STR("is the index of another version of bomgate; remove it")));
		return false;
	}
	return true;
}

/* ---- adding */

struct adding {
	struct where *w;
	struct arena *arena; /* of one SBOM */
	struct sqlite_query *find_sbom, *drop_holds, *drop_sbom, *add_sbom, *add_package, *find_package, *add_word, *find_word, *add_hold;
	struct fleet_read read;
	int64_t sbom;
};

static int64_t id_of(struct sqlite_query *find)
{
	int64_t id = sqlite_next(find) ? sqlite_number(find, 0) : 0;

	sqlite_stop(find);
	return id;
}

static int64_t word(struct adding *x, struct str text)
{
	if (!text.len)
		return 0;
	sqlite_put(x->find_word, 1, text);
	int64_t id = id_of(x->find_word);
	if (id)
		return id;
	sqlite_put(x->add_word, 1, text);
	sqlite_do(x->add_word);
	return sqlite_last_id(x->w->db);
}

static int64_t package(struct adding *x, const struct component *c)
{
	struct str name = purl_advisory_name(x->arena, c), title = component_title(x->arena, c);
	struct str version = purl_match_version(x->arena, c);
	struct str parts[4] = { c->ecosystem, name.len ? name : arena_lower(x->arena, title), version.len ? version : c->version, c->purl };

	for (int i = 0; i < 4; i++)
		parts[i] = parts[i].s ? parts[i] : STR("");
	for (int i = 0; i < 4; i++)
		sqlite_put(x->find_package, i + 1, parts[i]);
	int64_t id = id_of(x->find_package);
	if (id)
		return id;
	for (int i = 0; i < 4; i++)
		sqlite_put(x->add_package, i + 1, parts[i]);
	sqlite_put_number(x->add_package, 5, c->weak);
	sqlite_put(x->add_package, 6, title);
	sqlite_do(x->add_package);
	x->w->packages++;
	return sqlite_last_id(x->w->db);
}

/* The service by the files that name the component, as the record's policy told them apart. */
static struct str service_of(struct adding *x, const struct component *c)
{
	const struct bom *b = x->read.bom;

	for (JSON_EACH(s, json_path(x->read.result, "basis.services")))
		for (JSON_EACH(g, json_get(s, "paths")))
			for (VEC_EACH(const struct evidence, e, &c->evidence))
				if (e->input < b->inputs.n && path_glob(json_string(g), b->inputs.items[e->input].path))
					return json_get_string(s, "name");
	return STR_NONE;
}

static void add_components(struct adding *x)
{
	const struct bom *b = x->read.bom;
	uint32_t *ways = dependency_ways(b, x->arena), *path;

	for (uint32_t i = 0; i < b->ncomponents; i++) {
		const struct component *c = &b->components[i];
		if (c->first_party || c->type == COMPONENT_FILE || !c->name.len)
			continue;
		size_t n = dependency_path(b, ways, x->arena, i, &path);
		sqlite_put_number(x->add_hold, 1, package(x, c));
		sqlite_put_number(x->add_hold, 2, x->sbom);
		sqlite_put_number(x->add_hold, 3, word(x, service_of(x, c)));
		sqlite_put_number(x->add_hold, 4, n > 1 ? word(x, component_title(x->arena, &b->components[path[0]])) : 0);
		sqlite_do(x->add_hold);
	}
}

/* What tells that a file is the one that was read: its size and time; so nothing is read twice. */
static struct str stamp_of(struct arena *a, const struct fleet_unit *u)
{
	struct stat s;

	if (stat(arena_cstr(a, u->path), &s) != 0)
		return STR("");
	return arena_printf(a, "%lld.%09ld %lld", (long long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec, (long long)s.st_size);
}

static void drop(struct adding *x, int64_t id)
{
	sqlite_put_number(x->drop_holds, 1, id);
	sqlite_do(x->drop_holds);
	sqlite_put_number(x->drop_sbom, 1, id);
	sqlite_do(x->drop_sbom);
}

static void add_unit(struct adding *x, const struct fleet_unit *u)
{
	struct str key = u->repository.len ? u->shown : u->path, stamp = stamp_of(x->arena, u);

	sqlite_put(x->find_sbom, 1, key);
	int64_t id = sqlite_next(x->find_sbom) ? sqlite_number(x->find_sbom, 0) : 0;
	bool same = id && str_eq(sqlite_text(x->find_sbom, x->arena, 1), stamp);
	sqlite_stop(x->find_sbom);
	if (same) {
		x->w->known++;
		return;
	}
	if (!fleet_open(&x->w->fleet, x->arena, u, &x->read))
		return;
	if (id)
		drop(x, id);
	struct str values[] = { key, stamp, x->read.sha256, x->read.product, x->read.version, x->read.timestamp, u->shown, u->owner };
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
		sqlite_put(x->add_sbom, (int)i + 1, values[i].s ? values[i] : STR(""));
	sqlite_put_number(x->add_sbom, 9, u->is_list);
	sqlite_do(x->add_sbom);
	x->sbom = sqlite_last_id(x->w->db);
	add_components(x);
	x->w->added++;
}

void where_add(struct where *w)
{
	struct adding x = { .w = w };

	x.find_sbom = sqlite_prepare(w->db, "select id, stamp from sbom where path=?");
	x.drop_holds = sqlite_prepare(w->db, "delete from holds where sbom=?");
	x.drop_sbom = sqlite_prepare(w->db, "delete from sbom where id=?");
	x.add_sbom = sqlite_prepare(w->db, "insert into sbom(path,stamp,sha256,product,version,made,source,owner,stated) values(?,?,?,?,?,?,?,?,?)");
	x.find_package = sqlite_prepare(w->db, "select id from package where ecosystem=? and name=? and version=? and purl=?");
	x.add_package = sqlite_prepare(w->db, "insert into package(ecosystem,name,version,purl,weak,title) values(?,?,?,?,?,?)");
	x.find_word = sqlite_prepare(w->db, "select id from word where text=?");
	x.add_word = sqlite_prepare(w->db, "insert into word(text) values(?)");
	x.add_hold = sqlite_prepare(w->db, "insert or ignore into holds values(?,?,?,?)");
	sqlite_run(w->db, "begin immediate");
	for (size_t i = 0; i < w->fleet.units.n && !sqlite_error(w->db).s; i++) {
		x.arena = arena_new(0);
		add_unit(&x, &w->fleet.units.items[i]);
		arena_free(x.arena);
		if (i % 500 == 499) /* a killed run keeps what it has read */
			sqlite_run(w->db, "commit; begin immediate");
	}
	sqlite_run(w->db, "commit");
}

/* ---- matching */

bool where_match(struct where *w, struct vuln_db *db)
{
	struct arena *a = arena_new(0);
	struct diags d;
	struct findings f = { 0 };
	struct str digest = vuln_about(db)->digest;
	VEC(int64_t) ids = { 0 };

	diag_init(&d, a);
	struct bom *b = bom_new(a, &d);
	struct sqlite_query *q = sqlite_prepare(w->db, "select value from meta where key='database'");
	bool same = sqlite_next(q) && str_eq(sqlite_text(q, a, 0), digest);
	sqlite_stop(q);
	sqlite_run(w->db, "begin immediate");
	if (!same)
		sqlite_run(w->db, "delete from touched; delete from unjudged; delete from meta where key in ('database','matched')");
	q = sqlite_prepare(w->db, "select id, ecosystem, title, version, purl, weak from package where id > coalesce((select cast(value as integer) from meta"
				  " where key='matched'), 0) order by id");
	while (sqlite_next(q)) {
		struct component *c = bom_add(b);
		*VEC_ADD(a, &ids) = sqlite_number(q, 0);
		c->purl = sqlite_text(q, a, 4);
		if (!c->purl.len) {
			c->purl = STR_NONE;
			c->ecosystem = sqlite_text(q, a, 1);
			c->name = sqlite_text(q, a, 2);
			c->version = sqlite_text(q, a, 3);
		}
		c->weak = sqlite_number(q, 5) != 0;
		c->ecosystem = sqlite_text(q, a, 1).len ? sqlite_text(q, a, 1) : STR_NONE;
	}
	purl_complete_all(b);
	bool good = !ids.n || match_run(b, db, a, &d, &f) != FAILED;
	struct sqlite_query *touch = sqlite_prepare(w->db, "insert or ignore into touched values(?,?,?,?)");
	for (VEC_EACH(const struct finding, x, &f.list))
		for (VEC_EACH(const struct str, id, &x->ids)) {
			sqlite_put(touch, 1, *id);
			sqlite_put_number(touch, 2, ids.items[x->component]);
			sqlite_put(touch, 3, x->id);
			sqlite_put(touch, 4, x->fixed);
			sqlite_do(touch);
		}
	struct sqlite_query *unjudged = sqlite_prepare(w->db, "insert or ignore into unjudged values(?,?)");
	for (VEC_EACH(const struct undecided, u, &f.undecided)) {
		sqlite_put_number(unjudged, 1, ids.items[u->component]);
		sqlite_put(unjudged, 2, u->why);
		sqlite_do(unjudged);
	}
	/* Somebody says that it is there; that no advisory names it as spelt proves nothing. */
	sqlite_run(w->db, "insert or ignore into unjudged select id, 'stated by hand, and no advisory names it' from package"
			  " where weak and not exists(select 1 from touched where touched.package=package.id)");
	struct sqlite_query *meta = sqlite_prepare(w->db, "insert or replace into meta values(?,?)");
	sqlite_put(meta, 1, STR("database"));
	sqlite_put(meta, 2, digest);
	sqlite_do(meta);
	sqlite_run(w->db, "insert or replace into meta select 'matched', coalesce(max(id), 0) from package");
	sqlite_run(w->db, good ? "commit" : "rollback");
	if (!good || sqlite_error(w->db).s)
		complain("the data could not be matched: %.*s", STR_ARG(sqlite_error(w->db).s ? sqlite_error(w->db) : d.n ? d.items[0].text : STR("damaged")));
	good = good && !sqlite_error(w->db).s;
	arena_free(a);
	return good;
}
