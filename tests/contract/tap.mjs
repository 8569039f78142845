// tap.mjs: a test a line; the exit status says whether all passed.
let n = 0;
let failed = 0;

export function test(name, why) {
	n++;
	if (why?.length) {
		failed++;
		for (const line of [why].flat().slice(0, 12)) console.log(`# ${line}`);
	}
	console.log(`${why?.length ? "not ok" : "ok"} ${n} - ${name}`);
}

export function end() {
	console.log(`1..${n}`);
	process.exitCode = failed ? 1 : 0;
}
