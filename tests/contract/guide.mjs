// guide.mjs GUIDE URL TOKEN: replays the transcripts of a page. A ```sh block is run as it stands; in a
// ```console block a line that begins with "$ " is run, and what follows has to be its output, where "…"
// stands for anything within a line.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { end, test } from "./tap.mjs";

const [file, url, token] = process.argv.slice(2);
const sh = spawn("bash", ["--noprofile", "--norc"], { stdio: ["pipe", "pipe", "inherit"], env: {
	...process.env, P: url, TOKEN: token, LC_ALL: "C.UTF-8" } });
let heard = "";
let wake = () => {};

sh.stdout.setEncoding("utf8").on("data", (d) => { heard += d; wake(); });

async function run(command) {
	const mark = `---${Math.random()}---`;
	heard = "";
	sh.stdin.write(`${command}\necho; echo ${mark}\n`);
	while (!heard.includes(mark)) await new Promise((done) => { wake = done; });
	return heard.slice(0, heard.indexOf(mark)).trimEnd();
}

function fits(expected, answer) {
	const pattern = expected.split("…").map((p) => p.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("[^\\n]*");
	return new RegExp(`^${pattern}$`).test(answer);
}

const blocks = [...readFileSync(file, "utf8").matchAll(/^```(sh|console)\n([\s\S]*?)^```$/gm)];
for (const [, kind, text] of blocks) {
	if (kind === "sh") {
		await run(text);
		continue;
	}
	for (const [, command, output] of text.matchAll(/^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm)) {
		const answer = await run(command);
		test(command, fits(output.trimEnd(), answer) ? [] : [`wanted: ${output.trimEnd()}`, `got: ${answer}`]);
	}
}
sh.stdin.end();
// The twin: a wrong answer has to be seen.
test("a wrong transcript is seen", fits("204\n…", "200\n{}") ? ["it was not seen"] : []);
end();
