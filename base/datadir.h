/* Where the reference data lies: the --data folder, else the one beside the build tree, else the
 * installed one. */
#ifndef YZ_BASE_DATADIR_H
#define YZ_BASE_DATADIR_H

#include "base/error.h"

#include <stddef.h>

/* Finds the data folder once for a program. option is --data's value or NULL.
 * Errors: YZ_E_CONFIG with the folders that were tried. */
enum yz_status yz_datadir_find(const char *option, char *out, size_t size, struct yz_error *err);

#endif
