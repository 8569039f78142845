#include "config.h"

#include "ctl/cmd.h"

const struct yz_cmd yz_cmds[] = {
        {"check", N_("Check a number that somebody typed."), "id|uscc|phone|waybill VALUE",
                yz_cmd_check},
        {"quote", N_("Say what each courier asks for a parcel."),
                "--to CODE --weight-g N [--product-line X] [--date YYYY-MM-DD] [--tariff FILE]",
                yz_cmd_quote},
        {"render", N_("Draw a paper from a template into a file."),
                "TEMPLATE --data FILE --as pdf|png|pwg -o FILE", yz_cmd_render},
        {NULL, NULL, NULL, NULL},
};
