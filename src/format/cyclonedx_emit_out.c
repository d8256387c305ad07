/* The output side of the emitter: XML elements with two blanks of indentation; JSON goes through the JSON writer. */
#include "format/cyclonedx_emit.h"
#include "syntax/xml_stream.h"

void cdx_out_key(struct cdx_emit *e, struct str key)
{
	if (!e->dry)
		json_put_key_str(&e->j, key);
}

static void end_tag_start(struct cdx_emit *e)
{
	if (e->tag_open)
		buf_addc(e->out, '>');
	e->tag_open = false;
}

static void new_line(struct cdx_emit *e)
{
	buf_addc(e->out, '\n');
	for (unsigned i = 0; i < e->depth; i++)
		buf_adds(e->out, "  ");
}

void cdx_xml_open(struct cdx_emit *e, struct str name)
{
	if (e->dry)
		return;
	end_tag_start(e);
	new_line(e);
	buf_addc(e->out, '<');
	buf_add(e->out, name);
	e->depth++;
	e->tag_open = true;
	e->has_text = false;
}

void cdx_xml_attribute(struct cdx_emit *e, struct str name, struct str value)
{
	if (e->dry)
		return;
	buf_addc(e->out, ' ');
	buf_add(e->out, name);
	buf_adds(e->out, "=\"");
	xml_escape(e->out, value, true);
	buf_addc(e->out, '"');
}

void cdx_xml_text(struct cdx_emit *e, struct str text)
{
	if (e->dry || !text.len)
		return;
	end_tag_start(e);
	xml_escape(e->out, text, false);
	e->has_text = true;
}

void cdx_xml_close(struct cdx_emit *e, struct str name)
{
	if (e->dry)
		return;
	e->depth--;
	if (e->tag_open) {
		buf_adds(e->out, "/>");
	} else {
		if (!e->has_text)
			new_line(e);
		buf_adds(e->out, "</");
		buf_add(e->out, name);
		buf_addc(e->out, '>');
	}
	e->tag_open = false;
	e->has_text = false;
}

void cdx_xml_leaf(struct cdx_emit *e, struct str name, struct str text)
{
	cdx_xml_open(e, name);
	cdx_xml_text(e, text);
	cdx_xml_close(e, name);
}
