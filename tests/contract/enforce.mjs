// enforce.mjs API URL TOKEN: the stand-in refuses what the document does not allow, and nothing else.
// Every value of every kind's example is spoilt in turn; Ajv and the stand-in have to agree each time.
import { createHash, randomUUID } from "node:crypto";
import { openApi } from "./api.mjs";
import { end, test } from "./tap.mjs";

const [file, url, token] = process.argv.slice(2);
const api = openApi(file);
const spoilt = [null, {}, [], true, false, -1, 0, 1.5, 1e15, "", "x", "!!", "x".repeat(5000), "2026-13-45", ["", 7]];

async function post(ops) {
	const batch = { batch_id: randomUUID(), first_seq: ops[0].seq, ops };
	const body = JSON.stringify(batch);
	const answer = await fetch(`${url}/v1/batches`, { method: "POST", body, headers: {
		Authorization: `Bearer ${token}`, "Station-Id": "QJCONTRACT", "Agent-Epoch": "1", "Api-Version": "2026-11",
		"Idempotency-Key": `"${batch.batch_id}"`, "Content-Type": "application/json",
		"Content-Digest": `sha-256=:${createHash("sha256").update(body).digest("base64")}:` } });
	return { status: answer.status, body: await answer.json() };
}

// Every place in a value: [path, parent, key].
function* places(value, path = "") {
	if (value === null || typeof value !== "object") return;
	for (const key of Object.keys(value)) {
		yield [`${path}/${key}`, key, (root) => path.split("/").slice(1).reduce((at, k) => at[k], root)];
		yield* places(value[key], `${path}/${key}`);
	}
}

function mutants(example, optional) {
	const whole = { ...example };
	const all = [];
	const add = (what, change) => {
		const data = structuredClone(whole);
		change(data);
		all.push({ what, data });
	};
	for (const [path, key, parent] of [...places(whole)]) {
		add(`${path} left out`, (d) => delete parent(d)[key]);
		for (const value of spoilt)
			add(`${path} = ${JSON.stringify(value).slice(0, 20)}`, (d) => { parent(d)[key] = value; });
	}
	for (const key of optional) for (const value of spoilt)
		add(`/${key} = ${JSON.stringify(value).slice(0, 20)}`, (d) => { d[key] = value; });
	add("a field of no schema", (d) => { d.zz = 1; });
	return all;
}

let seq = 1;
const operation = (pattern, data) => ({ ...pattern, op_id: randomUUID(), seq: seq++, agg: `${pattern.kind}:${randomUUID()}`,
	agg_ver: 1, needs: [], data });

async function kindAgrees(pattern, name) {
	const check = api.validator("components", "schemas", name);
	const properties = Object.keys(api.doc.components.schemas[name].properties);
	const list = mutants(pattern.data, properties.filter((p) => !(p in pattern.data)));
	const disagree = [];
	let refused = 0;

	for (let i = 0; i < list.length; i += 50) {
		const part = list.slice(i, i + 50);
		const answer = await post(part.map((m) => operation(pattern, m.data)));
		if (answer.status !== 200) {
			disagree.push(`the batch itself: ${answer.status} ${answer.body.code}`);
			continue;
		}
		answer.body.results.forEach((r, k) => {
			const allowed = check(part[k].data);
			const taken = r.code !== "validation";
			if (!allowed) refused++;
			if (allowed !== taken) disagree.push(
				`${pattern.kind} ${part[k].what}: the document ${allowed ? "allows" : "forbids"} it, the stand-in says ${r.status} ${r.code ?? ""} ${r.problem?.errors?.[0]?.pointer ?? ""}`);
		});
	}
	if (!refused) disagree.push("nothing was forbidden: this test tests nothing");
	test(`${pattern.kind}: ${list.length} values, ${refused} forbidden, by document and stand-in alike`, disagree);
}

const names = { "contact.upsert": "ContactUpsert", "consent.give": "ConsentGive", "farmer.upsert": "FarmerUpsert",
	"product.upsert": "ProductUpsert", "shipment.book": "ShipmentBook", "shipment.cancel": "ShipmentCancel",
	"operation.cancel": "OperationCancel" };
const { ops } = api.doc.components.examples.BatchOfAllKinds.value;

const answer = await post(ops.map((o) => structuredClone(o)));
test("the document's own example is applied whole", answer.body.results.filter((r) => r.status !== "applied")
	.map((r) => JSON.stringify(r)));
for (const op of ops) await kindAgrees(op, names[op.kind]);
end();
