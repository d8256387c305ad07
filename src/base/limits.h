/* Every limit on what comes from outside, in one place, each with its reason. Sizes in bytes. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define LIMIT_LOCKFILE ((size_t)64 << 20)	/* the largest lockfile seen in the wild is 12 MB; what is read takes up to 24 times as much memory */
#define LIMIT_MANIFEST ((size_t)16 << 20)	/* package.json, pom.xml, workflows: people write them by hand */
#define LIMIT_SBOM ((size_t)1 << 30)		/* a root file system by a chatty tool gives 22 MB; images up to 200 MB */
#define LIMIT_CONFIG ((size_t)1 << 20)		/* .github/bomgate.yml */
#define LIMIT_JSON_DEPTH 512			/* parsers recurse: 512 frames fit any stack, real files stay under 40 */
#define LIMIT_JSON_ELEMENT ((size_t)64 << 20)	/* one element that is built as a tree */
#define LIMIT_YAML_DEPTH 100			/* libyaml's own stack is quadratic in nesting */
#define LIMIT_XML_DEPTH 512
#define LIMIT_TOML_DEPTH 100
#define LIMIT_TREE_DEPTH 64			/* folders below the root */
#define LIMIT_INCLUDES 1000			/* files that others include by name: requirements of requirements */
#define LIMIT_TREE_ENTRIES 2000000		/* entries of one tree: the largest monorepos have about 500,000 */
#define LIMIT_HTTP_BODY ((size_t)512 << 20)	/* answers of an API or a database download */
#define LIMIT_ARCHIVE_RATIO 200			/* decompressed to compressed, past 64 MB of output */
#define LIMIT_ARCHIVE_ENTRIES 1000000
#define LIMIT_UNPACKED ((size_t)8 << 30)	/* all bytes that come out of one archive */
#define LIMIT_NAME 4096				/* a component's name or version: longer ones are an attack */

#endif
