/* Private to exceptions: the index from ids to statements. */
#ifndef DECIDE_EXCEPTIONS_PRIVATE_H
#define DECIDE_EXCEPTIONS_PRIVATE_H

#include <stdint.h>

struct chain {
	uint32_t statement;
	struct chain *next;
};

#endif
