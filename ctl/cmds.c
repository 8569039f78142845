#include "config.h"

#include "ctl/cmd.h"

const struct yz_cmd yz_cmds[] = {
        {"check", N_("Check a number that somebody typed."), "id|uscc|phone|waybill VALUE",
                yz_cmd_check},
        {"render", N_("Draw a paper from a template into a file."),
                "TEMPLATE --data FILE --as pdf|png|pwg -o FILE", yz_cmd_render},
        {NULL, NULL, NULL, NULL},
};
