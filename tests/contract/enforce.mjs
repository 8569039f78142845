// enforce.mjs API URL TOKEN: the stand-in refuses what the document does not allow, and nothing else.
// Every value of every kind's example is spoilt in turn, by kind and at each bound that its schema names (the last
// value inside, the first outside); Ajv and the stand-in have to agree each time.
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

// The values at the bounds of a schema. A pattern's counts are tried as lengths of its sample's first letter.
function* edges(schema, sample) {
	const lengths = [schema.minLength, schema.maxLength].filter((n) => n !== undefined);
	for (const [, low, high] of (schema.pattern ?? "").matchAll(/\{(\d+)(?:,(\d+))?\}/g))
		lengths.push(Number(low), Number(high ?? low));
	const letter = typeof sample === "string" && sample ? [...sample][0] : "1";
	for (const n of lengths) for (const length of [n - 1, n, n + 1].filter((l) => l >= 0))
		for (const c of schema.pattern ? [letter] : ["x", "姜", "𠮷"]) yield c.repeat(length);
	for (const n of [schema.minimum, schema.maximum].filter((n) => n !== undefined)) yield* [n - 1, n, n + 1];
	if (Array.isArray(sample) && sample.length)
		for (const n of [schema.minItems, schema.maxItems].filter((n) => n !== undefined))
			for (const length of [n - 1, n, n + 1].filter((l) => l >= 0)) yield Array(length).fill(sample[0]);
}

// Every bound of a value's schema: [path, key, the parent in a root, the value to put there].
function* bounds(node, value, path = "") {
	const schema = api.deref(node).node;
	const parent = (root) => path.split("/").slice(1).reduce((at, k) => at[k], root);
	for (const [key, raw] of Object.entries(schema.properties ?? {})) {
		const sub = api.deref(raw).node;
		for (const edge of edges(sub, value[key])) yield [`${path}/${key}`, key, parent, edge];
		if (value[key] instanceof Object) yield* bounds(sub, value[key], `${path}/${key}`);
	}
	if (schema.items && Array.isArray(value) && value.length) {
		const sub = api.deref(schema.items).node;
		for (const edge of edges(sub, value[0])) yield [`${path}/0`, "0", parent, edge];
		if (value[0] instanceof Object) yield* bounds(sub, value[0], `${path}/0`);
	}
}

function mutants(example, schema) {
	const optional = Object.keys(schema.properties).filter((p) => !(p in example));
	const all = [];
	const add = (what, change) => {
		const data = structuredClone(example);
		change(data);
		all.push({ what, data });
	};
	for (const [path, key, parent] of places(example)) {
		add(`${path} left out`, (d) => delete parent(d)[key]);
		for (const value of spoilt)
			add(`${path} = ${JSON.stringify(value).slice(0, 20)}`, (d) => { parent(d)[key] = value; });
	}
	for (const [path, key, parent, value] of bounds(schema, example))
		add(`${path} = ${JSON.stringify(value).slice(0, 20)} of ${value?.length ?? ""}`, (d) => { parent(d)[key] = value; });
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
	const list = mutants(pattern.data, api.doc.components.schemas[name]);
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

// The schema of a kind, as the document joins them.
const names = Object.fromEntries(api.doc.components.schemas.Operation.oneOf.map(({ properties: p }) =>
	[p.kind.const, p.data.$ref.split("/").pop()]));
const { ops } = api.doc.components.examples.BatchOfAllKinds.value;

const answer = await post(ops.map((o) => structuredClone(o)));
test("the document's own example is applied whole", answer.body.results.filter((r) => r.status !== "applied")
	.map((r) => JSON.stringify(r)));
for (const op of ops) await kindAgrees(op, names[op.kind]);
end();
