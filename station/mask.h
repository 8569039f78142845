/* Hiding personal data on paper and on screen. Rule: GB/T 41833-2022 (courier e-waybill): at least
 * six digits of a phone number, at least one character of a name, and the room or unit number of an
 * address. */
#ifndef YZ_STATION_MASK_H
#define YZ_STATION_MASK_H

#include <stddef.h>

/* "138******34"; an extension is hidden whole. A number too short to leave anything shows only
 * stars. */
void yz_mask_phone(const char *phone, char *out, size_t size);

/* 王芳 is 王*, 王小芳 is 王*芳, 欧阳小芳 is 欧**芳; the last character of a name of three or more
 * stays. */
void yz_mask_name(const char *name, char *out, size_t size);

/* Digits and letters of the room, unit, storey and building (室 户 单元 栋 幢 座 楼 层, 3-2-501)
 * become stars; road and house numbers (12号, 3组) stay: the parcel must still find the door. */
void yz_mask_detail(const char *detail, char *out, size_t size);

#endif
