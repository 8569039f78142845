#include "config.h"

#include "ctl/cmd.h"

const struct yz_cmd yz_cmds[] = {
        {"check", N_("Check a number that somebody typed."), "id|uscc|phone|waybill VALUE",
                yz_cmd_check},
        {NULL, NULL, NULL, NULL},
};
