// records.mjs API FILE...: every exchange that the stand-in wrote down is as the document says.
import { readFileSync } from "node:fs";
import { faultsOf, openApi, templateOf } from "./api.mjs";
import { end, test } from "./tap.mjs";

const [file, ...records] = process.argv.slice(2);
const api = openApi(file);
const exchanges = records.flatMap((r) => readFileSync(r, "utf8").split("\n").filter(Boolean).map((l) => JSON.parse(l)));
const groups = Map.groupBy ? Map.groupBy(exchanges, keyOf) : group(exchanges);

function keyOf(e) {
	return `${e.method} ${templateOf(api.doc, e.path) ?? e.path} ${e.status}`;
}

function group(list) {
	const map = new Map();
	for (const e of list) map.set(keyOf(e), [...(map.get(keyOf(e)) ?? []), e]);
	return map;
}

for (const [name, list] of groups)
	test(`${name} as described, ${list.length} times`, list.flatMap((e) => faultsOf(api, e)));

// The twins: an exchange that is spoilt has to be seen.
const batch = exchanges.find((e) => e.path === "/v1/batches" && e.status === 200);
const twins = {
	"an answer without results": (e) => { delete e.response.results; },
	"a status of no contract": (e) => { e.response.results[0].status = "stored"; },
	"a field that the document does not name": (e) => { e.request.ops[0].data.zz = 1; },
	"an answer of another type": (e) => { e.type = "text/html"; },
	"a request without its digest": (e) => { delete e.headers["Content-Digest"]; },
	"a status code of no contract": (e) => { e.status = 418; },
};
for (const [name, spoil] of Object.entries(twins)) {
	const e = structuredClone(batch);
	spoil(e);
	test(`${name} is seen`, faultsOf(api, e).length ? [] : ["it was not seen"]);
}
end();
