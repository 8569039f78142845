#include "config.h"

#include "ctl/cmd.h"

const struct yz_cmd yz_cmds[] = {
        {"address", N_("Split a pasted line into name, phone, division and address."),
                "LINE | - (lines from standard input)", yz_cmd_address},
        {"check", N_("Check a number that somebody typed."), "id|uscc|phone|waybill VALUE",
                yz_cmd_check},
        {"quote", N_("Say what each courier asks for a parcel."),
                "--to CODE --weight-g N [--product-line X] [--date YYYY-MM-DD] [--tariff FILE]",
                yz_cmd_quote},
        {"render", N_("Draw a paper from a template into a file."),
                "TEMPLATE --data FILE --as pdf|png|pwg -o FILE", yz_cmd_render},
        {"init", N_("Set a new station up in a folder."),
                "DIR --id ID --name NAME --code CODE [--level L] [--parent P] [--phone N] "
                "[--region R] "
                "[--detail D] [--platform URL] [--token-file F] [--ca-file F] [--cups HOST:PORT] "
                "[--waybill-queue Q] [--receipt-queue Q] [--lang zh_CN|en]",
                yz_cmd_init},
        {"import", N_("Load reference data or waybill numbers."),
                "divisions|divisions-old|reporting-units|couriers|tariff|units|prohibited|"
                "catalogue|numbers|recipients FILE",
                yz_cmd_import},
        {"export", N_("Write a list or a reference file as CSV."),
                "contacts|products|shipments|KIND [-o FILE]", yz_cmd_export},
        {"user", N_("Add clerks, change their PINs, list them."),
                "add LOGIN --name NAME [--role clerk|owner] | passwd LOGIN | list", yz_cmd_user},
        {"doctor", N_("Say what is wrong with the station and what to do."), "", yz_cmd_doctor},
        {"numbers", N_("List waybill numbers; give leased ones back, or ask for more."),
                "list | return COURIER | lease COURIER", yz_cmd_numbers},
        {"notices", N_("Read what the platform tells the station."), "[--read]", yz_cmd_notices},
        {"outbox", N_("List what has not reached the platform; carry it there by hand."),
                "list [--state waiting|pending|dead|held|acked|superseded|all] | "
                "export [FILE] [--pages FILE.pdf] | "
                "import FILE|SCANS... [--key FILE --stations FILE] "
                "[--url URL --token-file F [--ca-file F] [--pins PINS] | --out FILE] | "
                "key [new FILE]",
                yz_cmd_outbox},
        {"owner-key", N_("Make the key pair that backups are sealed to."), "new FILE",
                yz_cmd_owner_key},
        {"backup", N_("Copy, check and seal the database while work goes on."), "[--to DIR]",
                yz_cmd_backup},
        {"restore", N_("Put a backup in the place of the database."),
                "FILE --key KEYFILE [--leave-unsent]", yz_cmd_restore},
        {"rescue", N_("Build a new database from what a damaged one still holds."),
                "[--backup FILE --key KEYFILE [--id ID]]", yz_cmd_rescue},
        {"verify", N_("Look whether every row is as it was written."), "[DIR|FILE]", yz_cmd_verify},
        {NULL, NULL, NULL, NULL},
};
