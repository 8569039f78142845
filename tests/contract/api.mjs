// api.mjs: doc/platform-api.yaml as validators. The rules are the document's and Ajv's, none are ours.
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";

const escape = (part) => part.replaceAll("~", "~0").replaceAll("/", "~1");

export function openApi(file) {
	const doc = parse(readFileSync(file, "utf8"));
	const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
	const compiled = new Map();

	addFormats(ajv);
	ajv.addSchema({ $id: "api", ...doc });
	const validator = (...path) => {
		const ref = "api#/" + path.map(escape).join("/");
		if (!compiled.has(ref)) compiled.set(ref, ajv.compile({ $ref: ref }));
		return compiled.get(ref);
	};
	const deref = (node) => {
		if (!node?.$ref) return { node, path: null };
		const path = node.$ref.slice(2).split("/").map((p) => p.replaceAll("~1", "/").replaceAll("~0", "~"));
		return { node: path.reduce((at, key) => at[key], doc), path };
	};
	return { doc, validator, deref };
}

// The template of a path in the document: "/v1/operations/{op_id}" for "/v1/operations/018b...".
export function templateOf(doc, path) {
	return Object.keys(doc.paths).find((t) =>
		new RegExp("^" + t.replace(/\{[^}]+\}/g, "[^/]+") + "$").test(path));
}

const words = (errors) => errors.slice(0, 3).map((e) => `${e.instancePath || "/"} ${e.message}`).join("; ");

// What an exchange breaks of the document; [] if nothing.
export function faultsOf(api, exchange) {
	const { doc, validator, deref } = api;
	const path = templateOf(doc, exchange.path);
	const method = exchange.method.toLowerCase();
	const op = path && doc.paths[path][method];
	const faults = [];

	if (!op) return [`${exchange.method} ${exchange.path}: not in the document`];
	// what was refused may break the rules: that is why
	const refused = exchange.status >= 400 || exchange.response?.results?.some((r) => r.code === "validation");
	(op.parameters ?? []).forEach((raw, i) => {
		const { node: p, path: at } = deref(raw);
		if (p.in !== "header" || refused) return;
		const name = Object.keys(exchange.headers).find((h) => h.toLowerCase() === p.name.toLowerCase());
		if (name === undefined) {
			if (p.required) faults.push(`header ${p.name} is missing`);
			return;
		}
		const number = p.schema?.type === "integer";
		const value = number ? Number(exchange.headers[name]) : exchange.headers[name];
		const check = at ? validator(...at, "schema") : validator("paths", path, method, "parameters", `${i}`, "schema");
		if (!check(value)) faults.push(`header ${p.name}: ${words(check.errors)}`);
	});
	if (op.requestBody && !refused) {
		const check = validator("paths", path, method, "requestBody", "content", "application/json", "schema");
		if (!check(exchange.request)) faults.push(`request: ${words(check.errors)}`);
	}
	const raw = op.responses[`${exchange.status}`];
	if (!raw) return [...faults, `status ${exchange.status} is not in the document`];
	const { node: response, path: at } = deref(raw);
	const base = at ?? ["paths", path, method, "responses", `${exchange.status}`];
	const types = Object.keys(response.content ?? {});
	if (!types.length) {
		if (exchange.response !== null && exchange.status !== 206) faults.push("an answer that should be empty is not");
	} else if (!types.includes(exchange.type)) {
		faults.push(`answer is ${exchange.type || "without a type"}, not ${types.join(" or ")}`);
	} else {
		const check = validator(...base, "content", exchange.type, "schema");
		if (!check(exchange.response)) faults.push(`answer: ${words(check.errors)}`);
		const problem = exchange.type === "application/problem+json";
		const known = problem && Object.values(response.content[exchange.type].examples).map((e) => e.value.code);
		if (problem && !known.includes(exchange.response.code))
			faults.push(`code ${exchange.response.code} is not among ${known.join(", ")}`);
	}
	return faults;
}
