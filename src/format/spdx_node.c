#include "format/spdx_node.h"

#include "base/diag.h"

static struct spdx_node *make(struct arena *a, const struct spdx_field *f, enum json_type type)
{
	struct spdx_node *n = ARENA_NEW(a, struct spdx_node);

	n->field = f;
	n->type = type;
	n->offset = DIAG_NO_OFFSET;
	if (f && f->type == T_OBJECT)
		n->object = (enum spdx_object)f->of;
	return n;
}

static struct spdx_node *append(struct spdx_node *to, struct spdx_node *n)
{
	if (to->last)
		to->last->next = n;
	else
		to->child = n;
	to->last = n;
	return n;
}

void spdx_node_hang(struct spdx_node *to, struct spdx_node *n)
{
	append(to, n);
}

struct spdx_node *spdx_node_object(struct arena *a, enum spdx_object o)
{
	struct spdx_node *n = make(a, NULL, JSON_OBJECT);

	n->object = o;
	return n;
}

struct spdx_node *spdx_node_get(const struct spdx_node *object, enum spdx_field_id id)
{
	for (SPDX_EACH(n, object))
		if (n->field && n->field->id == id)
			return n;
	return NULL;
}

struct str spdx_node_text(const struct spdx_node *object, enum spdx_field_id id)
{
	const struct spdx_node *n = spdx_node_get(object, id);

	return n && !n->wrong && n->type != JSON_ARRAY && n->type != JSON_OBJECT ? n->text : STR_NONE;
}

struct spdx_node *spdx_node_add(struct arena *a, struct spdx_node *to, enum spdx_field_id id, struct str text)
{
	const struct spdx_field *f = &spdx_fields[id];
	struct spdx_node *list = to;

	if (f->flags & MANY) {
		list = spdx_node_get(to, id);
		if (!list)
			list = append(to, make(a, f, JSON_ARRAY));
	}
	enum json_type type = f->type == T_OBJECT ? JSON_OBJECT :
			      f->type == T_INT	  ? JSON_NUMBER :
			      f->type == T_BOOL	  ? (str_eq_nocase(text, STR("true")) ? JSON_TRUE : JSON_FALSE) :
						    JSON_STRING;
	struct spdx_node *n = append(list, make(a, f, type));
	n->text = type == JSON_TRUE ? STR("true") : type == JSON_FALSE ? STR("false") : text;
	return n;
}

/* ---- JSON in */

static struct spdx_node *wrong(struct json_cursor *c, struct spdx_node *n)
{
	n->wrong = true;
	n->raw = json_read_raw(c);
	return n;
}

/* One value, not an array. */
static struct spdx_node *read_single(struct json_cursor *c, struct arena *scratch, const struct spdx_field *f)
{
	enum json_type type = json_peek(c);
	struct spdx_node *n = make(scratch, f, type);
	size_t start = json_offset(c);

	n->offset = start;
	if (f->type == T_OBJECT) {
		if (type != JSON_OBJECT)
			return wrong(c, n);
		struct spdx_node *o = spdx_node_read(c, scratch, (enum spdx_object)f->of);
		o->field = f;
		o->offset = start;
		o->raw = json_failed(c) ? STR_NONE : str_sub(c->text, start, json_offset(c) - start);
		return o;
	}
	if (f->type == T_BOOL ? type != JSON_TRUE && type != JSON_FALSE : f->type == T_INT ? type != JSON_NUMBER : type != JSON_STRING)
		return wrong(c, n);
	if (type == JSON_STRING) {
		n->text = json_read_string(c);
		n->raw = json_failed(c) ? STR_NONE : str_sub(c->text, start, json_offset(c) - start);
	} else {
		n->text = n->raw = json_read_raw(c);
	}
	return n;
}

struct spdx_node *spdx_node_read_value(struct json_cursor *c, struct arena *scratch, const struct spdx_field *f)
{
	if (!(f->flags & MANY))
		return read_single(c, scratch, f);
	struct spdx_node *list = make(scratch, f, JSON_ARRAY);
	size_t start = json_offset(c);
	list->offset = start;
	if (json_peek(c) != JSON_ARRAY) { /* a scalar for an array of one */
		struct spdx_node *n = read_single(c, scratch, f);
		list->wrong = n->wrong;
		append(list, n);
	} else {
		json_enter_array(c);
		while (json_next(c)) {
			struct spdx_node *n = read_single(c, scratch, f);
			if (!(n->wrong && n->type == JSON_NULL))
				append(list, n);
		}
	}
	list->raw = json_failed(c) ? STR_NONE : str_sub(c->text, start, json_offset(c) - start);
	return list;
}

void spdx_node_take(struct spdx_node *object, const struct spdx_field *f, struct str key, struct json_cursor *c, struct arena *scratch)
{
	if (f && json_peek(c) != JSON_NULL) {
		append(object, spdx_node_read_value(c, scratch, f));
		return;
	}
	struct spdx_node *n = make(scratch, f, json_peek(c));
	n->wrong = true;
	n->key = key;
	n->offset = json_offset(c);
	n->raw = json_read_raw(c);
	append(object, n);
}

struct spdx_node *spdx_node_read(struct json_cursor *c, struct arena *scratch, enum spdx_object o)
{
	struct spdx_node *object = spdx_node_object(scratch, o);
	bool seen[F_COUNT] = { false };
	struct str key;

	object->offset = json_offset(c);
	json_enter_object(c);
	while (json_next_key(c, &key)) {
		const struct spdx_field *f = spdx_field_by_json(o, key);
		if (f && seen[f->id]) {
			json_fail(c, json_offset(c), "this key stands twice in one object");
			break;
		}
		if (f)
			seen[f->id] = true;
		spdx_node_take(object, f, key, c, scratch);
	}
	return object;
}

bool spdx_node_add_raw(struct arena *a, struct spdx_node *to, const struct spdx_field *f, struct str raw)
{
	struct json_cursor c;

	json_open(&c, a, raw);
	struct spdx_node *n = spdx_node_read_value(&c, a, f);
	if (!json_close(&c) || n->wrong)
		return false;
	if (n->type == JSON_ARRAY)
		for (SPDX_EACH(v, n))
			if (v->wrong)
				return false;
	struct spdx_node *old = spdx_node_get(to, f->id);
	if (!old) {
		append(to, n);
	} else if (n->type == JSON_ARRAY) {
		for (struct spdx_node *v = n->child, *next; v; v = next) {
			next = v->next;
			v->next = NULL;
			append(old, v);
		}
	}
	return true;
}

/* ---- JSON out */

static void write_value(struct json_writer *w, const struct spdx_node *n)
{
	switch (n->type) {
	case JSON_OBJECT:
		spdx_node_write(w, n);
		break;
	case JSON_ARRAY:
		json_begin_array(w);
		for (SPDX_EACH(v, n))
			if (!v->wrong)
				write_value(w, v);
		json_end_array(w);
		break;
	case JSON_STRING:
		json_put_string(w, n->text);
		break;
	default:
		json_put_raw(w, n->text);
		break;
	}
}

void spdx_node_write_fields(struct json_writer *w, const struct spdx_node *object)
{
	size_t i, end;

	spdx_object_fields(object->object, &i, &end);
	for (; i < end; i++) {
		const struct spdx_node *n = spdx_node_get(object, (enum spdx_field_id)i);
		if (!n || n->wrong || !*spdx_fields[i].json || spdx_fields[i].object != object->object)
			continue;
		json_put_key(w, spdx_fields[i].json);
		write_value(w, n);
	}
}

void spdx_node_write(struct json_writer *w, const struct spdx_node *object)
{
	json_begin_object(w);
	spdx_node_write_fields(w, object);
	json_end_object(w);
}
struct str spdx_node_json(struct arena *a, const struct spdx_node *value)
{
	struct json_writer w;
	struct buf out;

	if (value->raw.s)
		return value->raw;
	buf_init(&out, 0);
	json_writer_init(&w, &out, true);
	write_value(&w, value);
	struct str s = arena_str(a, buf_str(&out));
	buf_free(&out);
	return s;
}
