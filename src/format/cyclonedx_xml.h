/* What the XML side of CycloneDX shares. */
#ifndef FORMAT_CYCLONEDX_XML_H
#define FORMAT_CYCLONEDX_XML_H

#include "syntax/xml_stream.h"

#define CDX_XML_SPACE "http://cyclonedx.org/schema/bom/"
#define CDX_NO_VERSION 99

/* The minor version by the root element's namespace, or CDX_NO_VERSION. */
unsigned cdx_xml_version(const struct xml_node *root);

#endif
