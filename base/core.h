/* Keeps what a program knows of people and keys out of core files. */
#ifndef YZ_BASE_CORE_H
#define YZ_BASE_CORE_H

/* From now on this process and its children leave no core file; and where a program takes the cores
 * of the computer, which the limit on their size does not stop, there is nothing of the memory in
 * them. To be called first in every main. */
void yz_core_forbid(void);

#endif
